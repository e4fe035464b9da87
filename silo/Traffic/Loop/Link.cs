using System.Runtime.CompilerServices;

namespace ProdSprint.Traffic;

internal enum LinkEnd { None, TimedOut, PartnerGone, Shutdown }

/// <summary>
/// One TCP connection within its event loop; every member is called on the loop's thread only, so nothing here is locked.
/// Edge-triggered: the loop notes what the kernel says is possible, reads and writes are tried only when they may succeed.
/// </summary>
internal sealed class Link
{
    public const int WouldBlock = -1, Broken = -2;

    private readonly EventLoop _loop;
    private Action? _onReadable, _onWritable;
    private bool _readable, _writable, _hangup;
    private Link? _cancelWithMe;

    public Link(EventLoop loop, int fd, bool connected)
    {
        _loop = loop;
        Fd = fd;
        _readable = _writable = connected;
        loop.Attach(this);
    }

    public int Fd { get; private set; }
    public int Slot { get; set; }
    public uint Generation { get; set; }
    public LinkEnd End { get; private set; }

    /// <summary>Loop milliseconds; looked at only while somebody waits on this link.</summary>
    public long Deadline { get; private set; }

    public bool HungUp => _hangup;
    public bool MayRead => _readable;
    public bool Waited => _onReadable is not null || _onWritable is not null;
    public EventLoop Loop => _loop;

    /// <summary>While set, the other side of this link going away breaks <paramref name="partner"/>: a client that leaves cancels its upstream request.</summary>
    public void CancelWithMe(Link? partner)
    {
        _cancelWithMe = partner;
        if (partner is not null && _hangup) partner.Cancel(LinkEnd.PartnerGone);
    }

    /// <summary>Bytes received; 0 at the other side's end of stream; else WouldBlock or Broken.</summary>
    public unsafe int Receive(Span<byte> into)
    {
        if (End != LinkEnd.None) return Broken;
        if (!_readable) return WouldBlock;
        fixed (byte* p = into)
        {
            while (true)
            {
                var n = (int)Posix.recv(Fd, p, into.Length, 0);
                if (n > 0)
                {
                    // A short read emptied the socket; the next edge will say when there is more. This saves a receive that would block.
                    if (n < into.Length && !_hangup) _readable = false;
                    return n;
                }
                if (n == 0) return 0;
                var error = Posix.LastError;
                if (error == Posix.Interrupted) continue;
                if (error != Posix.Again) return Broken;
                _readable = false;
                return WouldBlock;
            }
        }
    }

    /// <summary>Bytes taken by the kernel (possibly fewer than given), WouldBlock or Broken.</summary>
    public unsafe int Send(ReadOnlySpan<byte> from)
    {
        if (End != LinkEnd.None) return Broken;
        if (!_writable) return WouldBlock;
        fixed (byte* p = from)
        {
            while (true)
            {
                var n = (int)Posix.send(Fd, p, from.Length, Posix.NoSignal);
                if (n >= 0)
                {
                    if (n < from.Length) _writable = false;
                    return n;
                }
                var error = Posix.LastError;
                if (error == Posix.Interrupted) continue;
                if (error != Posix.Again) return Broken;
                _writable = false;
                return WouldBlock;
            }
        }
    }

    public ReadSignal Readable(int timeoutMs)
    {
        if (!_readable) Deadline = _loop.NowMs + timeoutMs;
        return new(this);
    }

    public WriteSignal Writable(int timeoutMs)
    {
        if (!_writable) Deadline = _loop.NowMs + timeoutMs;
        return new(this);
    }

    /// <summary>Sends all of it, waiting at most <paramref name="idleMs"/> between two steps forward. False: the link is broken.</summary>
    public ValueTask<bool> SendAllAsync(byte[] buffer, int start, int length, int idleMs)
    {
        var n = Send(buffer.AsSpan(start, length));
        if (n == length) return new(true);
        return n == Broken ? new(false) : SendRestAsync(buffer, start + Math.Max(n, 0), length - Math.Max(n, 0), idleMs);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendRestAsync(byte[] buffer, int start, int length, int idleMs)
    {
        while (length > 0)
        {
            await Writable(idleMs);
            var n = Send(buffer.AsSpan(start, length));
            if (n == Broken) return false;
            if (n <= 0) continue;
            start += n;
            length -= n;
        }
        return true;
    }

    /// <summary>Something moved: whoever waits on this link may wait that much longer.</summary>
    public void Touch(int timeoutMs) => Deadline = _loop.NowMs + timeoutMs;

    /// <summary>Lets a waiting reader look again although nothing arrived.</summary>
    public void WakeReader() => WakeLater(ref _onReadable);

    public void FinishSending() => Posix.shutdown(Fd, Posix.ShutWrite);

    /// <summary>Whether an idle connection is still usable: nothing to read, not hung up. Asks the kernel when the last edge left that open.</summary>
    public unsafe bool IsQuiet(bool askKernel)
    {
        if (_hangup || End != LinkEnd.None) return false;
        if (!askKernel && !_readable) return true;
        byte probe;
        if (Posix.recv(Fd, &probe, 1, Posix.Peek) >= 0 || Posix.LastError != Posix.Again) return false;
        _readable = false;
        return true;
    }

    public void Cancel(LinkEnd end)
    {
        if (End != LinkEnd.None) return;
        End = end;
        WakeLater(ref _onReadable);
        WakeLater(ref _onWritable);
    }

    public void OnEvents(uint events)
    {
        if ((events & (Posix.RdHup | Posix.Hup | Posix.Err)) != 0)
        {
            _hangup = true;
            _readable = true;
            if ((events & (Posix.Hup | Posix.Err)) != 0) _writable = true;
            if (_onReadable is null) _cancelWithMe?.Cancel(LinkEnd.PartnerGone);
        }
        if ((events & Posix.In) != 0) _readable = true;
        if ((events & Posix.Out) != 0) _writable = true;
        if (_readable) Wake(ref _onReadable);
        if (_writable) Wake(ref _onWritable);
    }

    public void Close()
    {
        if (Fd < 0) return;
        _loop.Detach(this);
        _ = Posix.close(Fd);
        Fd = -1;
        End = LinkEnd.Shutdown;
        WakeLater(ref _onReadable);
        WakeLater(ref _onWritable);
    }

    private static void Wake(ref Action? waiter)
    {
        var run = waiter;
        waiter = null;
        run?.Invoke();
    }

    private void WakeLater(ref Action? waiter)
    {
        if (waiter is null) return;
        _loop.Defer(waiter);
        waiter = null;
    }

    internal readonly struct ReadSignal(Link link) : ICriticalNotifyCompletion
    {
        public ReadSignal GetAwaiter() => this;
        public bool IsCompleted => link._readable || link.End != LinkEnd.None;
        public void GetResult() { }
        public void OnCompleted(Action continuation) => link._onReadable = continuation;
        public void UnsafeOnCompleted(Action continuation) => link._onReadable = continuation;
    }

    internal readonly struct WriteSignal(Link link) : ICriticalNotifyCompletion
    {
        public WriteSignal GetAwaiter() => this;
        public bool IsCompleted => link._writable || link.End != LinkEnd.None;
        public void GetResult() { }
        public void OnCompleted(Action continuation) => link._onWritable = continuation;
        public void UnsafeOnCompleted(Action continuation) => link._onWritable = continuation;
    }
}
