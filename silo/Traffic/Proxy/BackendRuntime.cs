using System.Net;

namespace ProdSprint.Traffic;

/// <summary>A backend as the loops use it: kept while its address and version stay in the orders, so its connections survive a change of weights.</summary>
internal sealed class BackendRuntime(VersionRuntime version, string address, TimeProvider time, int loops)
{
    private readonly UpstreamPool?[] _pools = new UpstreamPool?[loops];
    private int _failures;
    private long _restUntil;

    public VersionRuntime Version => version;
    public string Address => address;
    public IPEndPoint EndPoint { get; } = IPEndPoint.Parse(address);

    /// <summary>Out of the orders: its idle connections are closed and none is kept any more.</summary>
    public volatile bool Retired;

    /// <summary>What the control plane's health checks say.</summary>
    public volatile bool Healthy = true;

    /// <summary>False while several connects in a row failed and its rest is not over. After the rest one request tries again.</summary>
    public bool Reachable => Healthy && (Volatile.Read(ref _failures) < ProxyLimits.FailuresUntilRest || NowMs >= Volatile.Read(ref _restUntil));

    private long NowMs => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    public UpstreamPool On(LoopContext loop)
    {
        if (_pools[loop.Index] is { } pool) return pool;
        pool = _pools[loop.Index] = new UpstreamPool(this);
        loop.Pools.Add(pool);
        return pool;
    }

    public void NoteConnected()
    {
        if (Volatile.Read(ref _failures) != 0) Volatile.Write(ref _failures, 0);
    }

    public void NoteFailure()
    {
        var failures = Interlocked.Increment(ref _failures);
        if (failures < ProxyLimits.FailuresUntilRest) return;
        var rest = ProxyLimits.FirstRestMs << Math.Min(failures - ProxyLimits.FailuresUntilRest, 8);
        Volatile.Write(ref _restUntil, NowMs + Math.Min(rest, ProxyLimits.LongestRestMs));
    }
}

/// <summary>A connection to a backend; it belongs to one loop for its whole life.</summary>
internal sealed class Upstream(Link link, BackendRuntime backend)
{
    public Link Link => link;
    public BackendRuntime Backend => backend;

    /// <summary>Served a request before: it may have been hung up by the backend while this one was on its way.</summary>
    public bool Reused;

    public long IdleSinceMs;
}

/// <summary>One loop's idle connections to one backend, the most recently used on top.</summary>
internal sealed class UpstreamPool(BackendRuntime backend)
{
    private readonly List<Upstream> _idle = [];

    /// <param name="careful">For requests that must not be sent twice: only a connection used just now, and the kernel is asked whether it still stands.</param>
    public Upstream? Take(bool careful, long nowMs, int maxIdleMs)
    {
        while (_idle.Count > 0)
        {
            var upstream = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            var idle = nowMs - upstream.IdleSinceMs;
            if (idle < (careful ? Math.Min(maxIdleMs, 1000) : maxIdleMs) && upstream.Link.IsQuiet(careful)) return upstream;
            upstream.Link.Close();
        }
        return null;
    }

    public void Return(Upstream upstream, long nowMs)
    {
        if (backend.Retired || _idle.Count >= ProxyLimits.IdlePerBackend || !upstream.Link.IsQuiet(askKernel: false))
        {
            upstream.Link.Close();
            return;
        }
        upstream.Reused = true;
        upstream.IdleSinceMs = nowMs;
        _idle.Add(upstream);
    }

    /// <summary>Closes what is too old or was hung up; false when the pool is not needed any more.</summary>
    public bool Sweep(long nowMs, int maxIdleMs)
    {
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            var upstream = _idle[i];
            if (!backend.Retired && nowMs - upstream.IdleSinceMs < maxIdleMs && upstream.Link.IsQuiet(askKernel: false)) continue;
            upstream.Link.Close();
            _idle.RemoveAt(i);
        }
        return !backend.Retired || _idle.Count > 0;
    }
}
