using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>Rows of traffic added up into what a judge looks at. Pure: the same rows give the same evidence, however they were cut into batches.</summary>
public static class EvidenceTally
{
    /// <summary>The first whole second at the step's weight.</summary>
    public static long FromSecond(TrafficWatch watch) => watch.Since.ToUnixTimeSeconds() + 1;

    /// <summary>How far back stable's earlier traffic is looked at.</summary>
    public const int SecondsBefore = 600;

    /// <summary>Stable's traffic before the first step, where there is none yet.</summary>
    public static CanaryEvidence Before(CanaryEvidence evidence, TrafficWatch watch, IEnumerable<TrafficSecond> seconds)
    {
        if (watch.Step > 0 || evidence.StableBefore.Requests > 0) return evidence;
        var since = watch.Since.ToUnixTimeSeconds();
        return evidence with { StableBefore = Sum(seconds.Where(s => s.UnixSecond < since), watch.Stable) };
    }

    public static CanaryEvidence Add(CanaryEvidence evidence, TrafficWatch watch, IEnumerable<TrafficSecond> seconds)
    {
        var from = FromSecond(watch);
        foreach (var second in seconds.Where(s => s.UnixSecond >= from).GroupBy(s => s.UnixSecond).OrderBy(g => g.Key))
        {
            var canary = Sum(second, watch.Canary);
            var stable = Sum(second, watch.Stable);
            if (canary.Requests == 0 && stable.Requests == 0) continue;
            evidence = EvidenceSeries.Add(evidence, second.Key + 1 - from, canary, stable, watch.PointLatency);
        }
        return evidence with { Step = watch.Step, Attempt = watch.Attempt };
    }

    private static VersionEvidence Sum(IEnumerable<TrafficSecond> seconds, string version)
    {
        var sum = VersionEvidence.None;
        foreach (var s in seconds)
        {
            // A fault of the router is not held against the version; a client that went away proves nothing either way.
            if (s.Version == version) sum = sum.Add(new(Math.Max(0, s.Requests - s.Classes.Aborted - s.RouterFaults), Math.Max(0, s.Errors - s.RouterFaults), s.Latency));
        }
        return sum;
    }
}
