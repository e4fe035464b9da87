using System.Runtime.CompilerServices;

namespace ProdSprint.Traffic;

internal sealed partial class ClientSession
{
    private BodyReader _body;
    private Task? _pump;
    private bool _bodyBegan, _stopPump, _counted;
    private int _headStart;
    private HttpRefusal? _bodyRefusal;

    /// <summary>Puts what is here of the request's body behind its head, so that a small request is one packet. Its length.</summary>
    private int TakeBufferedBody(int at)
    {
        var here = Math.Min(_inEnd - _inStart, Out.Length - at);
        if (here == 0 || _body.Done) return 0;
        var taken = _body.Take(In.AsSpan(_inStart, here));
        if (taken < 0)
        {
            _bodyRefusal = RequestHead.Bad("its chunked body is malformed");
            return 0;
        }
        In.AsSpan(_inStart, taken).CopyTo(Out.AsSpan(at));
        _inStart += taken;
        return taken;
    }

    /// <summary>Passes the rest of the request's body on, while the answer may already be coming back.</summary>
    private async Task PumpBodyAsync(Link upstream)
    {
        while (!_body.Done)
        {
            if (_inStart == _inEnd)
            {
                _inStart = _inEnd = _scanned = 0;
                var n = client.Receive(In);
                if (n == Link.WouldBlock)
                {
                    await client.Readable(_plan!.IdleMs);
                    if (_stopPump) return;
                    continue;
                }
                if (n <= 0)
                {
                    if (client.End == LinkEnd.TimedOut)
                        _bodyRefusal = new(408, "body_timeout", "Request timeout", $"Nothing of the request's body came for {_plan!.IdleMs} ms.");
                    upstream.Cancel(LinkEnd.PartnerGone);
                    return;
                }
                _inEnd = n;
            }
            var taken = _body.Take(In.AsSpan(_inStart, _inEnd - _inStart));
            if (taken < 0)
            {
                _bodyRefusal = RequestHead.Bad("its chunked body is malformed");
                upstream.Cancel(LinkEnd.PartnerGone);
                return;
            }
            // Broken: the backend may have answered early and hung up; its answer is read by the exchange, the rest of the body is not wanted.
            if (!await upstream.SendAllAsync(In, _inStart, taken, _plan!.IdleMs)) return;
            _inStart += taken;
            upstream.Touch(_plan.FirstByteMs);
        }
        if (!_stopPump) client.CancelWithMe(upstream);
    }

    private async ValueTask StopPumpAsync()
    {
        _stopPump = true;
        client.WakeReader();
        await _pump!;
        client.CancelWithMe(null);
        _pump = null;
    }

    private HeadState TryTakeResponseHead(Link link)
    {
        while (true)
        {
            if (_upEnd > _upStart)
            {
                var at = Up.AsSpan(_upStart, _upEnd - _upStart).IndexOf("\r\n\r\n"u8);
                if (at >= 0)
                {
                    _headStart = _upStart;
                    _upStart += at + 4;
                    if (Response.Read(Up, _headStart, _upStart) is not { } problem) return HeadState.Ready;
                    _failure = BadGateway(problem);
                    return HeadState.Refused;
                }
                if (_upStart > 0)
                {
                    Up.AsSpan(_upStart, _upEnd - _upStart).CopyTo(Up);
                    _upEnd -= _upStart;
                    _upStart = 0;
                }
                if (_upEnd == Up.Length)
                {
                    _failure = BadGateway($"the head of its answer is longer than {Up.Length} bytes");
                    return HeadState.Refused;
                }
            }
            else _upStart = _upEnd = 0;
            var n = link.Receive(Up.AsSpan(_upEnd));
            if (n == Link.WouldBlock) return HeadState.Incomplete;
            if (n <= 0) return HeadState.Ended;
            _upEnd += n;
        }
    }

    /// <summary>Passes a final answer on: head and the beginning of the body in one send, the rest as it comes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptEnd> PassAnswerAsync(Upstream upstream)
    {
        var link = upstream.Link;
        var kind = Response.Framing(_method);
        var plain = kind == BodyKind.Chunked && !_http11;
        if (kind == BodyKind.UntilClose || plain || context.Draining) _keepAlive = false;
        var head = WriteResponseHead(_headStart, chunked: Response.Chunked && _http11, switching: false);
        if (head == 0) return Fail(BadGateway("the head of its answer is too long"));
        var reader = BodyReader.For(kind, Response.ContentLength);
        var taken = TakeAnswer(ref reader, plain, out var payload);
        if (taken < 0) return Fail(BadGateway("the chunks of its body are malformed"));
        _status = Response.Status;
        var fits = payload <= Out.Length - head;
        if (fits) Up.AsSpan(_upStart, payload).CopyTo(Out.AsSpan(head));
        var length = fits ? head + payload : head;
        var sent = client.Send(Out.AsSpan(0, length));
        if (sent != length && !await client.SendAllAsync(Out, Math.Max(sent, 0), length - Math.Max(sent, 0), _plan!.IdleMs)) return ClientLost();
        if (!fits && !await client.SendAllAsync(Up, _upStart, payload, _plan!.IdleMs)) return ClientLost();
        _upStart += taken;
        while (!reader.Done)
        {
            _upStart = _upEnd = 0;
            var n = link.Receive(Up);
            if (n == Link.WouldBlock)
            {
                await link.Readable(_plan!.IdleMs);
                continue;
            }
            if (n <= 0)
            {
                if (link.End == LinkEnd.PartnerGone) return ClientLost();
                // The head said more was to come: the client must not take this for the whole, so its connection is cut as well.
                _cutShort = kind != BodyKind.UntilClose || n < 0;
                return AttemptEnd.Answered;
            }
            _upEnd = n;
            taken = TakeAnswer(ref reader, plain, out payload);
            if (taken < 0)
            {
                _cutShort = true;
                return AttemptEnd.Answered;
            }
            if (!await client.SendAllAsync(Up, _upStart, payload, _plan!.IdleMs)) return ClientLost();
            _upStart += taken;
        }
        return AttemptEnd.Answered;
    }

    private int TakeAnswer(ref BodyReader reader, bool plain, out int payload)
    {
        var here = Up.AsSpan(_upStart, _upEnd - _upStart);
        if (plain) return reader.TakePayload(here, out payload);
        return payload = reader.Take(here);
    }

    private AttemptEnd ClientLost()
    {
        _clientLost = true;
        return AttemptEnd.ClientGone;
    }

    /// <summary>After 101: bytes both ways until both sides have ended. Counted at its beginning, in flight until its end.</summary>
    private async ValueTask<AttemptEnd> TunnelAsync(Upstream upstream)
    {
        client.CancelWithMe(null);
        _keepAlive = false;
        var length = WriteResponseHead(_headStart, chunked: false, switching: true);
        if (length == 0 || !await client.SendAllAsync(Out, 0, length, _plan!.IdleMs)) return AttemptEnd.ClientGone;
        _status = 101;
        context.Count(_charged!, 101, aborted: false, failed: _diverted, fault: false, ElapsedMs);
        _counted = true;
        var toBackend = CopyAsync(client, upstream.Link, In, _inStart, _inEnd);
        var toClient = CopyAsync(upstream.Link, client, Up, _upStart, _upEnd);
        await toBackend;
        await toClient;
        return AttemptEnd.Answered;
    }

    private static async Task CopyAsync(Link from, Link to, byte[] buffer, int start, int end)
    {
        while (true)
        {
            if (end > start && !await to.SendAllAsync(buffer, start, end - start, ProxyLimits.TunnelIdleMs)) break;
            start = end = 0;
            var n = from.Receive(buffer);
            if (n == Link.WouldBlock)
            {
                await from.Readable(ProxyLimits.TunnelIdleMs);
                continue;
            }
            if (n == 0)
            {
                to.FinishSending();
                return;
            }
            if (n < 0) break;
            end = n;
            from.Touch(ProxyLimits.TunnelIdleMs);
            to.Touch(ProxyLimits.TunnelIdleMs);
        }
        to.Cancel(LinkEnd.PartnerGone);
        from.Cancel(LinkEnd.PartnerGone);
    }
}
