namespace ProdSprint.Telemetry;

/// <summary>
/// What one service of one environment used in an hour. A look counts the busiest of its running copies, so that one which is kept warm without traffic does not make
/// the other seem idle.
/// </summary>
/// <param name="Hour">Hours since 1970-01-01T00:00Z.</param>
/// <param name="Cores">Processors at work, each an average since the look before.</param>
/// <param name="MemoryMiB">Resident memory: what the limit is held against.</param>
/// <param name="LimitMemoryMiB">Under which limit it ran.</param>
/// <param name="LimitCpus">Null: all of the machine's processors.</param>
public sealed record UsageHour(string Environment, string Service, long Hour, UsageHistogram Cores, UsageHistogram MemoryMiB, int LimitMemoryMiB, int? LimitCpus)
{
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(Hour * 3600);

    public static long Of(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    /// <summary>Both of the same service and hour; the limits are those of the later.</summary>
    public UsageHour Add(UsageHour later) => later with { Cores = Cores.Add(later.Cores), MemoryMiB = MemoryMiB.Add(later.MemoryMiB) };
}
