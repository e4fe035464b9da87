using System.Runtime.CompilerServices;

namespace ProdSprint.Traffic;

internal sealed partial class ClientSession
{
    private enum AttemptEnd { Answered, NeverSent, NothingReceived, Failed, ClientGone }

    private readonly BackendRuntime?[] _tried = new BackendRuntime?[ProxyLimits.Attempts];
    private int _upStart, _upEnd, _status;
    private bool _http11, _diverted, _repeatable, _tunnel, _cutShort, _clientLost;
    private MethodKind _method;
    private HttpRefusal? _failure;

    /// <summary>
    /// Has the request served by the chosen backend, by another where that is safe. Safe: the request was never sent; or its method is idempotent, its body
    /// still at hand, and not one byte came back.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ExchangeAsync()
    {
        var bodyAtStart = _body;
        var bodyStart = _inStart;
        var fresh = false;
        for (var attempt = 0; ; attempt++)
        {
            var backend = _backend!;
            var serving = backend.Version.On(context.Index);
            serving.Enter();
            AttemptEnd end;
            var reused = false;
            try
            {
                var upstream = fresh ? null : backend.On(context).Take(!_repeatable, context.Loop.NowMs, context.UpstreamIdleMs);
                upstream ??= await ConnectAsync(backend);
                if (upstream is null)
                {
                    end = client.HungUp && _failure is null ? AttemptEnd.ClientGone : AttemptEnd.NeverSent;
                }
                else
                {
                    reused = upstream.Reused;
                    end = await AttemptAsync(upstream);
                    client.CancelWithMe(null);
                    Release(upstream, end);
                    if (_pump is not null) await StopPumpAsync();
                }
            }
            finally
            {
                serving.Leave();
            }
            if (end is AttemptEnd.Answered or AttemptEnd.ClientGone) return await ConcludeAsync(end);
            if (_bodyRefusal is { } fault) return await AnswerOrCloseAsync(fault);
            var stale = end == AttemptEnd.NothingReceived && reused;
            var again = attempt + 1 < ProxyLimits.Attempts
                && (end == AttemptEnd.NeverSent || (end == AttemptEnd.NothingReceived && _repeatable && !_bodyBegan));
            if (again && !stale)
            {
                _tried[attempt] = backend;
                _backend = _plan!.InPlaceOf(backend, _tried.AsSpan(0, attempt + 1), _pinned);
                again = _backend is not null;
            }
            if (!again)
            {
                _backend = backend;
                Array.Clear(_tried);
                return await AnswerOrCloseAsync(_failure ?? BadGateway("it closed the connection without an answer"));
            }
            // A kept connection that was hung up in the meantime says nothing about the backend: once more, on a new one.
            fresh = stale;
            if (!stale) _diverted = true;
            _failure = null;
            _body = bodyAtStart;
            _inStart = bodyStart;
        }
    }

    private void BeginRequest()
    {
        var request = Request;
        _http11 = request.Http11;
        _method = request.Method;
        _tunnel = WantsTunnel;
        _failure = _bodyRefusal = null;
        _cutShort = _clientLost = _bodyBegan = _stopPump = false;
        _pump = null;
        _status = 0;
        _body = BodyReader.For(request.Chunked ? BodyKind.Chunked : request.ContentLength > 0 ? BodyKind.Length : BodyKind.None, request.ContentLength);
        _repeatable = request.Idempotent;
    }

    private async ValueTask<Upstream?> ConnectAsync(BackendRuntime backend)
    {
        var fd = Posix.Connect(backend.EndPoint, out var made);
        if (fd < 0) return ConnectFailed(backend, -fd);
        var link = new Link(context.Loop, fd, made);
        if (!made)
        {
            client.CancelWithMe(link);
            await link.Writable(_plan!.ConnectMs);
            client.CancelWithMe(null);
        }
        var error = link.End switch
        {
            LinkEnd.TimedOut => Posix.TimedOut,
            LinkEnd.None => made ? 0 : Posix.ConnectError(fd),
            _ => -1,
        };
        if (error == 0)
        {
            backend.NoteConnected();
            return new(link, backend);
        }
        link.Close();
        return error < 0 ? null : ConnectFailed(backend, error);
    }

    private Upstream? ConnectFailed(BackendRuntime backend, int error)
    {
        if (error is Posix.TooManyFiles or Posix.TooManyFilesInSystem or Posix.NoAddressLeft)
        {
            _failure = new(503, "exhausted", "Router exhausted",
                "The router has no descriptors or local ports left. Raise its file limit (ulimit -n) or spread the load.")
            { RouterFault = true };
            return null;
        }
        backend.NoteFailure();
        _failure = error == Posix.TimedOut
            ? new(504, "connect_timeout", "Gateway timeout", $"Version {backend.Version.Name} did not accept a connection in {_plan!.ConnectMs} ms. See \"prodsprint logs\".")
            : new(502, "connect_failed", "Bad gateway", $"Version {backend.Version.Name} does not accept connections (error {error}). See \"prodsprint logs\".");
        return null;
    }

    /// <summary>Sends the request over one connection and passes the answer on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptEnd> AttemptAsync(Upstream upstream)
    {
        var link = upstream.Link;
        var length = _bodyBegan ? 0 : WriteRequestHead();
        if (length == 0) return Fail(RequestHead.HeadTooLarge);
        length += TakeBufferedBody(length);
        if (_bodyRefusal is not null) return AttemptEnd.Failed;
        _upStart = _upEnd = 0;
        var sent = link.Send(Out.AsSpan(0, length));
        if (sent != length && !await link.SendAllAsync(Out, Math.Max(sent, 0), length - Math.Max(sent, 0), _plan!.IdleMs) && link.End == LinkEnd.TimedOut)
            return AttemptEnd.NothingReceived;
        if (_body.Done) client.CancelWithMe(link);
        else
        {
            _bodyBegan = true;
            _pump = PumpBodyAsync(link);
        }
        while (true)
        {
            HeadState state;
            while ((state = TryTakeResponseHead(link)) == HeadState.Incomplete) await link.Readable(_plan!.FirstByteMs);
            if (state != HeadState.Ready) return state == HeadState.Refused ? AttemptEnd.Failed : NoAnswer(link);
            if (Response.Status == 101) return _tunnel ? await TunnelAsync(upstream) : Fail(BadGateway("it switched protocols unasked"));
            if (Response.Status >= 200) return await PassAnswerAsync(upstream);
            // 100 and 103 go to the client as they come; HTTP/1.0 does not know them.
            var interim = WriteResponseHead(_headStart, chunked: false, switching: false);
            if (_http11 && (interim == 0 || !await client.SendAllAsync(Out, 0, interim, _plan!.IdleMs))) return AttemptEnd.ClientGone;
        }
    }

    private AttemptEnd NoAnswer(Link link)
    {
        if (link.End == LinkEnd.PartnerGone) return _bodyRefusal is null ? AttemptEnd.ClientGone : AttemptEnd.Failed;
        if (link.End == LinkEnd.TimedOut)
        {
            return Fail(new(504, "timeout", "Gateway timeout",
                $"Version {_backend!.Version.Name} did not begin its answer in {_plan!.FirstByteMs} ms. See \"prodsprint logs\"."));
        }
        if (_upEnd > 0) return Fail(BadGateway("it closed the connection in the middle of an answer's head"));
        return AttemptEnd.NothingReceived;
    }

    private AttemptEnd Fail(HttpRefusal why)
    {
        _failure = why;
        return AttemptEnd.Failed;
    }

    private HttpRefusal BadGateway(string what) =>
        new(502, "bad_answer", "Bad gateway", $"Version {_backend!.Version.Name} gave no usable answer: {what}. See \"prodsprint logs\".");

    private void Release(Upstream upstream, AttemptEnd end)
    {
        var clean = end == AttemptEnd.Answered && !_cutShort && !_clientLost && _body.Done && Response.KeepAlive && _upStart == _upEnd
            && (_pump is null || _pump.IsCompleted) && Response.Status != 101 && Response.Framing(_method) != BodyKind.UntilClose;
        if (clean) upstream.Backend.On(context).Return(upstream, context.Loop.NowMs);
        else upstream.Link.Close();
    }

    /// <summary>Counts the request and says whether the client's connection may go on.</summary>
    private ValueTask<bool> ConcludeAsync(AttemptEnd end)
    {
        var aborted = end == AttemptEnd.ClientGone || _clientLost;
        if (!_counted) context.Count(_charged!, _status, aborted, failed: _diverted || _cutShort, fault: false, ElapsedMs);
        // after it is counted: what is not touched is not reported
        if (_route is not null && _status is >= 200 and < 400 && !_diverted) _charged!.Saw(_route);
        _counted = false;
        Array.Clear(_tried);
        if (aborted || _cutShort) return new(false);
        if (_body.Done) return new(_keepAlive);
        return CloseGentlyAsync();
    }

    private async ValueTask<bool> CloseGentlyAsync()
    {
        await LingerAsync();
        return false;
    }
}
