using System.Collections.Immutable;
using ProdSprint.Tenants;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>
/// Of what one workspace's versions report about one second, so many rows are kept (one per version and environment): one with thousands of versions does not fill
/// the table the others' judges read from.
/// </summary>
public sealed class TelemetryQuota(LimitOptions limits)
{
    /// <summary>All but what is over the limit; which rows those are is the same for a batch that comes twice.</summary>
    public ImmutableArray<TrafficSecond> Within(ImmutableArray<TrafficSecond> seconds)
    {
        List<TrafficSecond>? kept = null;
        foreach (var second in seconds.GroupBy(s => (s.Workspace, s.UnixSecond)))
        {
            var limit = limits.TelemetryOf(second.Key.Workspace);
            var versions = second.Select(s => (s.Project, s.Environment, s.Version)).Distinct().ToList();
            if (versions.Count <= limit) continue;
            kept ??= [.. seconds];
            var over = versions.Order().Skip(limit).ToHashSet();
            kept.RemoveAll(s => s.Workspace == second.Key.Workspace && s.UnixSecond == second.Key.UnixSecond && over.Contains((s.Project, s.Environment, s.Version)));
        }
        return kept is null ? seconds : [.. kept];
    }
}
