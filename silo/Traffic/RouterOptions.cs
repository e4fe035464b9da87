using System.Net;

namespace ProdSprint.Traffic;

/// <summary>How the router process is started. What it routes comes over its control socket and is kept in the state directory.</summary>
public sealed record RouterOptions
{
    /// <summary>Holds the control socket, the pid file and the last orders; only one router at a time can use it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Loopback by default: a machine that is to serve others says so.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>The listener that tells environments apart by Host; null: none. 0: the kernel chooses.</summary>
    public int? SharedPort { get; init; }

    /// <summary>Where the router chooses an environment's port from when its orders name none; null: anywhere. A container publishes such a range.</summary>
    public PortRange? Ports { get; init; }

    /// <summary>Event loops; one per core, as more only take turns.</summary>
    public int Loops { get; init; } = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>From the first byte of a head to its last: slow heads are how connections are held for nothing.</summary>
    public TimeSpan RequestHead { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two requests of a client.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Longest life of an unused upstream connection. Below Node's 5 s, after which a server hangs up just as the next request is sent.</summary>
    public TimeSpan UpstreamIdle { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>At shutdown, how long requests in flight may take to finish.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Report rows (one version's second) kept while nobody fetches them: at 10 busy versions, about 5 hours; roughly 1 KB each.</summary>
    public int ReportRows { get; init; } = 200_000;

    /// <summary>X-Forwarded-* of clients is believed from these only (a TLS terminator on the same machine); from others it is replaced.</summary>
    public bool TrustLoopbackForwarded { get; init; } = true;

    public string SocketPath => Path.Combine(StateDirectory, "router.sock");
    public string PidPath => Path.Combine(StateDirectory, "router.pid");
    public string OrdersDirectory => Path.Combine(StateDirectory, "routes");

    /// <summary>Every problem at once; empty when the options can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(StateDirectory)) problems.Add("StateDirectory is empty: name a directory that survives restarts.");
        else if (Path.GetFullPath(SocketPath).Length > 100) problems.Add($"StateDirectory is too long for a unix socket ({SocketPath}): use a shorter path.");
        if (SharedPort is < 0 or > 65535) problems.Add($"SharedPort {SharedPort} is not a port.");
        if (Loops is < 1 or > 64) problems.Add($"Loops is {Loops}; it must be 1 to 64.");
        if (ReportRows < 100) problems.Add($"ReportRows is {ReportRows}; it must be at least 100.");
        if (BindAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork) problems.Add($"BindAddress {BindAddress} is not an IPv4 address.");
        return problems;
    }
}
