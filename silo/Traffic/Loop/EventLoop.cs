using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ProdSprint.Traffic;

/// <summary>
/// One thread that owns connections: waits for the kernel, runs what became possible. A connection and everything it touches on the way
/// (its upstream, pools, counters) stays on one loop, so the path of a request has neither locks nor a change of thread.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    private const int MaxEvents = 256, TickMs = 100;

    private readonly int _epoll, _wakeFd;
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Queue<Action> _deferred = new();
    private readonly Action<Exception> _onFault;
    private readonly Thread _thread;
    private Link?[] _byFd = new Link?[1024];
    private Link[] _links = new Link[256];
    private int _linkCount;
    private uint _generation;
    private int _wakePending;
    private long _nextTick;
    private volatile bool _stopping;

    public EventLoop(int index, TimeProvider time, Action<Exception> onFault)
    {
        Index = index;
        _time = time;
        _startTimestamp = time.GetTimestamp();
        _onFault = onFault;
        _epoll = Posix.epoll_create1(0x80000);
        if (_epoll < 0) throw Posix.Failure("epoll_create1");
        _wakeFd = Posix.eventfd(0, Posix.NonBlockCloseOnExec);
        if (_wakeFd < 0) throw Posix.Failure("eventfd");
        Posix.Register(_epoll, _wakeFd, Posix.In | Posix.EdgeTriggered, uint.MaxValue);
        _thread = new Thread(Run) { IsBackground = true, Name = $"router loop {index}" };
    }

    public int Index { get; }

    /// <summary>Milliseconds since the loop was made, as of the last return from the kernel.</summary>
    public long NowMs { get; private set; }

    /// <summary>Called after each return from the kernel, before events are handled: closes the second of the counters.</summary>
    public Action? OnTurn { get; set; }

    public void Start() => _thread.Start();

    /// <summary>Runs an action on the loop's thread; callable from any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _wakePending, 1) == 1) return;
        ulong one = 1;
        _ = Posix.write(_wakeFd, &one, 8);
    }

    /// <summary>Completes when everything the loop had begun before the call has reached its next wait.</summary>
    public Task BarrierAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => done.SetResult());
        return done.Task;
    }

    /// <summary>Runs an action later in this turn, so that nothing is re-entered. Loop thread only.</summary>
    public void Defer(Action action) => _deferred.Enqueue(action);

    public void Attach(Link link)
    {
        if (link.Fd >= _byFd.Length) Array.Resize(ref _byFd, Math.Max(link.Fd + 1, _byFd.Length * 2));
        if (_linkCount == _links.Length) Array.Resize(ref _links, _linkCount * 2);
        link.Generation = ++_generation & 0x7fffffff;
        link.Slot = _linkCount;
        _links[_linkCount++] = link;
        _byFd[link.Fd] = link;
        Posix.Register(_epoll, link.Fd, Posix.In | Posix.Out | Posix.RdHup | Posix.EdgeTriggered, ((ulong)link.Generation << 32) | (uint)link.Fd);
    }

    public void Detach(Link link)
    {
        _byFd[link.Fd] = null;
        var last = _links[--_linkCount];
        _links[link.Slot] = last;
        last.Slot = link.Slot;
        _links[_linkCount] = null!;
    }

    /// <summary>Breaks every connection that somebody waits on; loop thread only.</summary>
    public void CancelAll()
    {
        for (var i = _linkCount - 1; i >= 0; i--) _links[i].Cancel(LinkEnd.Shutdown);
    }

    public void Dispose()
    {
        _stopping = true;
        Post(static () => { });
        if (_thread.IsAlive) _thread.Join(TimeSpan.FromSeconds(10));
        for (var i = _linkCount - 1; i >= 0; i--) _links[i].Close();
        _ = Posix.close(_epoll);
        _ = Posix.close(_wakeFd);
    }

    private void Run()
    {
        var events = (byte*)NativeMemory.Alloc((nuint)(MaxEvents * Posix.EventSize));
        while (!_stopping)
        {
            var n = Posix.epoll_wait(_epoll, events, MaxEvents, TickMs);
            NowMs = (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
            OnTurn?.Invoke();
            for (var i = 0; i < n; i++)
            {
                var ev = events + i * Posix.EventSize;
                var data = *(ulong*)(ev + Posix.EventDataOffset);
                if (data == uint.MaxValue) RunPosted();
                else Deliver(data, *(uint*)ev);
            }
            if (NowMs >= _nextTick) Expire();
            while (_deferred.TryDequeue(out var action)) Guarded(action);
        }
        NativeMemory.Free(events);
    }

    private void Deliver(ulong data, uint happened)
    {
        var link = _byFd[(int)(uint)data];
        // An event of a connection that was closed earlier in this very turn, its number perhaps already another's.
        if (link is null || link.Generation != (uint)(data >> 32)) return;
        try
        {
            link.OnEvents(happened);
        }
        catch (Exception e)
        {
            _onFault(e);
        }
    }

    private void RunPosted()
    {
        ulong drained;
        _ = Posix.read(_wakeFd, &drained, 8);
        Volatile.Write(ref _wakePending, 0);
        while (_posted.TryDequeue(out var action)) Guarded(action);
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _onFault(e);
        }
    }

    private void Expire()
    {
        _nextTick = NowMs + TickMs;
        for (var i = _linkCount - 1; i >= 0; i--)
        {
            if (i >= _linkCount) continue;
            var link = _links[i];
            if (link.Waited && NowMs >= link.Deadline) link.Cancel(LinkEnd.TimedOut);
        }
    }
}
