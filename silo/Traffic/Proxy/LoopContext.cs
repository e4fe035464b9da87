namespace ProdSprint.Traffic;

/// <summary>What the sessions of one loop share: buffers, upstream pools, the counters of the running second.</summary>
internal sealed class LoopContext
{
    private const int KeptScratch = 256;

    private readonly List<VersionCell> _touched = [];
    private readonly Stack<Scratch> _scratch = new();
    private readonly List<ClientSession> _sessions = [];
    private readonly ReportBuffer _reports;
    private readonly RouterOptions _options;
    private long _second;

    public LoopContext(EventLoop loop, RouterOptions options, TimeProvider time, ReportBuffer reports)
    {
        (Loop, Time, _reports, _options) = (loop, time, reports, options);
        RequestHeadMs = (int)options.RequestHead.TotalMilliseconds;
        KeepAliveMs = (int)options.KeepAlive.TotalMilliseconds;
        UpstreamIdleMs = (int)options.UpstreamIdle.TotalMilliseconds;
        _second = time.GetUtcNow().ToUnixTimeSeconds();
        loop.OnTurn = OnTurn;
    }

    public EventLoop Loop { get; }
    public TimeProvider Time { get; }
    public int Index => Loop.Index;
    public int RequestHeadMs { get; }
    public int KeepAliveMs { get; }
    public int UpstreamIdleMs { get; }
    public bool TrustLoopbackForwarded => _options.TrustLoopbackForwarded;
    public List<UpstreamPool> Pools { get; } = [];

    /// <summary>The router is shutting down: answers say "Connection: close".</summary>
    public bool Draining { get; private set; }

    public int Sessions => Volatile.Read(ref _sessionCount);
    private int _sessionCount;

    public Scratch Rent() => _scratch.TryPop(out var scratch) ? scratch : new();

    public void Return(Scratch scratch)
    {
        if (_scratch.Count < KeptScratch) _scratch.Push(scratch);
    }

    public void Enter(ClientSession session)
    {
        session.Slot = _sessions.Count;
        _sessions.Add(session);
        Volatile.Write(ref _sessionCount, _sessions.Count);
    }

    public void Leave(ClientSession session)
    {
        var last = _sessions[^1];
        _sessions[session.Slot] = last;
        last.Slot = session.Slot;
        _sessions.RemoveAt(_sessions.Count - 1);
        Volatile.Write(ref _sessionCount, _sessions.Count);
    }

    public void Count(VersionCell cell, int status, bool aborted, bool failed, bool fault, double ms)
    {
        if (!cell.Touched) _touched.Add(cell);
        cell.Count(status, aborted, failed, fault, ms);
    }

    /// <summary>Loop thread. Connections without a request are closed at once, the others after their answer.</summary>
    public void BeginDrain()
    {
        Draining = true;
        foreach (var session in _sessions.ToArray()) session.CloseIfIdle();
    }

    /// <summary>Loop thread. Hands over what was counted so far in this second.</summary>
    public void Flush()
    {
        if (_touched.Count == 0) return;
        var rows = new TrafficSecond[_touched.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = _touched[i].Take(_second);
        _touched.Clear();
        _reports.Add(rows);
    }

    private void OnTurn()
    {
        var second = Time.GetUtcNow().ToUnixTimeSeconds();
        if (second == _second) return;
        Flush();
        _second = second;
        for (var i = Pools.Count - 1; i >= 0; i--)
            if (!Pools[i].Sweep(Loop.NowMs, UpstreamIdleMs)) Pools.RemoveAt(i);
    }
}

/// <summary>The buffers and heads one request needs; an idle connection holds none.</summary>
internal sealed class Scratch
{
    public readonly byte[] In = GC.AllocateUninitializedArray<byte>(ProxyLimits.MaxHead);
    public readonly byte[] Up = GC.AllocateUninitializedArray<byte>(ProxyLimits.UpstreamBuffer);
    public readonly byte[] Out = GC.AllocateUninitializedArray<byte>(ProxyLimits.OutBuffer);
    public readonly RequestHead Request = new();
    public readonly ResponseHead Response = new();
}
