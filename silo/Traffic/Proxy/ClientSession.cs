using System.Runtime.CompilerServices;

namespace ProdSprint.Traffic;

/// <summary>
/// One client connection: reads a head, has it answered, again and again. Everything runs on the loop's thread, so the fields need no protection.
/// The parts: choosing (.Choose), the exchange with a backend (.Exchange), bodies and tunnels (.Bodies), the router's own answers (.Answer).
/// </summary>
internal sealed partial class ClientSession(LoopContext context, Link client, IEnvironmentSource source, uint peer, Action<Exception> onFault)
{
    private enum HeadState { Ready, Incomplete, Refused, Ended }

    private Scratch? _scratch;
    private int _inStart, _inEnd, _scanned;
    private bool _idle = true;
    private long _headDeadline;
    private HttpRefusal? _refusal;
    private bool _keepAlive;
    private long _began;

    public int Slot { get; set; }

    private byte[] In => _scratch!.In;
    private byte[] Up => _scratch!.Up;
    private byte[] Out => _scratch!.Out;
    private RequestHead Request => _scratch!.Request;
    private ResponseHead Response => _scratch!.Response;

    public void Start()
    {
        context.Enter(this);
        _ = RunAsync();
    }

    public void CloseIfIdle()
    {
        if (_idle && _inStart == _inEnd) client.Cancel(LinkEnd.Shutdown);
    }

    private async Task RunAsync()
    {
        try
        {
            var first = true;
            while (true)
            {
                HeadState state;
                while ((state = TryTakeHead()) == HeadState.Incomplete)
                {
                    var wait = _idle ? first ? context.RequestHeadMs : context.KeepAliveMs : (int)Math.Max(1, _headDeadline - context.Loop.NowMs);
                    await client.Readable(wait);
                }
                if (state == HeadState.Ended) break;
                first = false;
                _idle = false;
                _began = context.Time.GetTimestamp();
                if (state == HeadState.Refused)
                {
                    _keepAlive = false;
                    await AnswerAsync(_refusal!, source.Unattributed, charged: null);
                    await LingerAsync();
                    break;
                }
                _keepAlive = Request.KeepAlive && !context.Draining;
                if (!await ServeAsync() || !_keepAlive) break;
                _idle = true;
            }
        }
        catch (Exception e)
        {
            onFault(e);
        }
        finally
        {
            client.Close();
            context.Leave(this);
            if (_scratch is not null) context.Return(_scratch);
            _scratch = null;
        }
    }

    /// <summary>Serves the request whose head was just read; false: the connection cannot be used for another.</summary>
    private ValueTask<bool> ServeAsync()
    {
        BeginRequest();
        if (Choose() is { } refusal) return AnswerOrCloseAsync(refusal);
        return ExchangeAsync();
    }

    private HeadState TryTakeHead()
    {
        while (true)
        {
            if (_inEnd > _inStart && FindHead() is { } found) return found;
            if (_inStart == _inEnd)
            {
                // Between requests a connection holds no buffers, so ten thousand idle ones cost little.
                _inStart = _inEnd = _scanned = 0;
                if (!client.MayRead && client.End == LinkEnd.None)
                {
                    if (_scratch is not null) context.Return(_scratch);
                    _scratch = null;
                    return HeadState.Incomplete;
                }
                _scratch ??= context.Rent();
            }
            else if (_inEnd == In.Length)
            {
                if (_inStart == 0) return Refuse(TooLarge());
                Compact();
            }
            var n = client.Receive(In.AsSpan(_inEnd));
            if (n == Link.WouldBlock) return HeadState.Incomplete;
            if (n == Link.Broken && client.End == LinkEnd.TimedOut && _inEnd > _inStart) return HeadState.Ended;
            if (n <= 0) return HeadState.Ended;
            if (_inEnd == _inStart)
            {
                _idle = false;
                _headDeadline = context.Loop.NowMs + context.RequestHeadMs;
            }
            _inEnd += n;
        }
    }

    private HeadState? FindHead()
    {
        while (_inStart < _inEnd && In[_inStart] is (byte)'\r' or (byte)'\n') _inStart++;
        if (_inStart == _inEnd) return null;
        var from = Math.Max(_inStart, _scanned - 3);
        var at = In.AsSpan(from, _inEnd - from).IndexOf("\r\n\r\n"u8);
        if (at < 0)
        {
            _scanned = _inEnd;
            if (HasBareLineFeed(from)) return Refuse(RequestHead.Bad("a line ends in LF without CR"));
            return _inEnd - _inStart >= ProxyLimits.MaxHead ? Refuse(TooLarge()) : null;
        }
        var end = from + at + 4;
        if (Request.Read(In, _inStart, end) is { } refusal) return Refuse(refusal);
        _inStart = end;
        _scanned = end;
        return HeadState.Ready;
    }

    private bool HasBareLineFeed(int from)
    {
        for (var i = from; i < _inEnd; i++)
            if (In[i] == '\n' && (i == _inStart || In[i - 1] != '\r')) return true;
        return false;
    }

    private HttpRefusal TooLarge() => In.AsSpan(_inStart, _inEnd - _inStart).IndexOf((byte)'\n') < 0
        ? new(414, "target_too_long", "URI too long", $"The request line may have {ProxyLimits.MaxHead} bytes.")
        : RequestHead.HeadTooLarge;

    private HeadState Refuse(HttpRefusal refusal)
    {
        _refusal = refusal;
        return HeadState.Refused;
    }

    /// <summary>Moves what was not used yet to the front of the buffer.</summary>
    private void Compact()
    {
        if (_inStart == 0) return;
        In.AsSpan(_inStart, _inEnd - _inStart).CopyTo(In);
        _inEnd -= _inStart;
        _scanned = Math.Max(0, _scanned - _inStart);
        _inStart = 0;
    }

    private double ElapsedMs => context.Time.GetElapsedTime(_began).TotalMilliseconds;
}

/// <summary>Tells which environment a request on some listener is for.</summary>
internal interface IEnvironmentSource
{
    EnvironmentRuntime? Find(ReadOnlySpan<byte> host);

    /// <summary>Where requests are counted that never reached a version.</summary>
    VersionRuntime Unattributed { get; }
}
