using System.Net;

namespace ProdSprint.Traffic;

/// <summary>How HAProxy is run as the router.</summary>
public sealed record HaProxyOptions
{
    /// <summary>Holds its configuration, maps, sockets and the last orders; one driver at a time.</summary>
    public required string StateDirectory { get; init; }

    public string Executable { get; init; } = "haproxy";
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>The listener that tells environments apart by Host; null: none.</summary>
    public int? SharedPort { get; init; }

    public int Threads { get; init; } = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>Kept below half the file limit, as a connection takes a descriptor on either side; HAProxy refuses to start above it.</summary>
    public int MaxConnections { get; init; } = 8_000;

    /// <summary>What HAProxy keeps of its log lines while no server reads them: about 80 bytes a request.</summary>
    public int RingBytes { get; init; } = 64 * 1024 * 1024;

    public int ReportRows { get; init; } = 200_000;

    /// <summary>Backends of one environment, those that still drain included.</summary>
    public const int Slots = 8;

    internal string Path(string name) => System.IO.Path.Combine(StateDirectory, name);
    internal string MasterSocket => Path("master.sock");
    internal string WorkerSocket => Path("worker.sock");
    internal string ReportsSocket => Path("reports.sock");
    internal string ConfigPath => Path("haproxy.cfg");
    internal string PidPath => Path("haproxy.pid");
    internal string OrdersDirectory => Path("routes");

    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(StateDirectory)) problems.Add("StateDirectory is empty: name a directory that survives restarts.");
        else if (System.IO.Path.GetFullPath(MasterSocket).Length > 90) problems.Add($"StateDirectory is too long for a unix socket ({MasterSocket}): use a shorter path.");
        if (StateDirectory.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '#' or '\\' or '%')) problems.Add("StateDirectory has a space or quote in it, which HAProxy's configuration cannot hold.");
        if (MaxConnections < 10) problems.Add($"MaxConnections is {MaxConnections}; it must be at least 10.");
        return problems;
    }
}
