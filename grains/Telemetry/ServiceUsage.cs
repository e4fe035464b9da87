using System.Collections.Immutable;

namespace ProdSprint.Telemetry;

/// <summary>What a service used, beside what it may use.</summary>
/// <param name="Hours">In which it was looked at.</param>
/// <param name="Samples">Looks.</param>
/// <param name="CpuP95">Processors: 95 % of the looks saw at most this many at work.</param>
/// <param name="CpuMax">Processors, the most that a look saw.</param>
/// <param name="LimitCpus">Of the newest copy that ran; null: all of the machine's.</param>
public sealed record ServiceUsage(
    string Environment, string Service, int Hours, long Samples, DateTimeOffset From, DateTimeOffset To, double CpuP95, double CpuMax, double MemoryP95MiB, double MemoryMaxMiB,
    int LimitMemoryMiB, int? LimitCpus, ImmutableArray<UsagePoint> Points)
{
    /// <summary>By environment and service.</summary>
    /// <param name="pointHours">Hours that one point is of.</param>
    public static ImmutableArray<ServiceUsage> Of(IEnumerable<UsageHour> hours, int pointHours = 24) =>
    [
        .. hours.GroupBy(h => (h.Environment, h.Service)).OrderBy(g => g.Key.Environment, StringComparer.Ordinal).ThenBy(g => g.Key.Service, StringComparer.Ordinal).Select(g =>
        {
            var rows = g.OrderBy(h => h.Hour).ToList();
            var (whole, newest) = (rows.Aggregate((sum, next) => sum.Add(next)), rows[^1]);
            return new ServiceUsage(
                g.Key.Environment, g.Key.Service, rows.Select(r => r.Hour).Distinct().Count(), whole.MemoryMiB.Total, rows[0].At, newest.At.AddHours(1), Cores(whole.Cores.Quantile(0.95)), Cores(whole.Cores.Max),
                MiB(whole.MemoryMiB.Quantile(0.95)), MiB(whole.MemoryMiB.Max), newest.LimitMemoryMiB, newest.LimitCpus, [.. rows.GroupBy(r => r.Hour / pointHours * pointHours).Select(Point)]);
        }),
    ];

    private static UsagePoint Point(IGrouping<long, UsageHour> hours)
    {
        var whole = hours.Aggregate((sum, next) => sum.Add(next));
        return new(DateTimeOffset.FromUnixTimeSeconds(hours.Key * 3600), whole.MemoryMiB.Total, Cores(whole.Cores.Quantile(0.95)), Cores(whole.Cores.Max), MiB(whole.MemoryMiB.Max));
    }

    private static double Cores(double value) => Math.Round(value, 3);

    private static double MiB(double value) => Math.Round(value, 1);
}

/// <param name="At">When it begins.</param>
public sealed record UsagePoint(DateTimeOffset At, long Samples, double CpuP95, double CpuMax, double MemoryMaxMiB);
