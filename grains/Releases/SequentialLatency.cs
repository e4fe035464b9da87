using ProdSprint.Traffic;
using static System.FormattableString;

namespace ProdSprint.Releases;

/// <summary>
/// One latency quantile. With L = stable's quantile and T = what is tolerated (L × ratio, never below the floor), "the canary is slower than
/// tolerated" is a statement about counts: more of its requests lie above T than of stable's above L. That is the error-rate question again, and it
/// gets the same always-valid evidence. "It is not" is shown when the confidence sequence of the canary's quantile ends below what is tolerated.
/// </summary>
internal static class SequentialLatency
{
    /// <summary>Stable requests expected above its quantile before the quantile is trusted: at 20 the true tail is known to about a fifth.</summary>
    private const double LeastTail = 20;

    public static string MetricOf(double quantile) => Invariant($"latency-p{quantile * 100:0.##}");

    public static MetricEvidence Judge(JudgePolicy policy, CanaryEvidence evidence, double quantile, double alpha)
    {
        var name = Invariant($"p{quantile * 100:0.##}");
        var metric = MetricOf(quantile);
        var baseline = Baseline.Of(policy, evidence);
        var (canary, stable) = (evidence.Canary.Latency, baseline.Evidence.Latency);
        long n = canary.Total, m = stable.Total;
        var boundary = Math.Log((baseline.Earlier ? 2 : 1) / alpha);
        double? stableMs = m > 0 ? stable.QuantileMs(quantile) : null, canaryMs = n > 0 ? canary.QuantileMs(quantile) : null;
        if (n == 0 || m * (1 - quantile) < LeastTail)
            return new(metric, Verdict.Inconclusive, stableMs, canaryMs, null, null, 0, boundary, "ms", n == 0
                ? $"Latency {name}: the canary has no durations yet."
                : Invariant($"Latency {name}: stable has {m} of the {LeastTail / (1 - quantile):0} durations it takes to know its {name}."), null);

        var floor = baseline.Earlier ? Math.Max(policy.LatencyFloorMs, policy.EarlierLatencyFloorMs) : policy.LatencyFloorMs;
        var ratio = baseline.Earlier ? Math.Max(policy.MaxLatencyRatio, policy.EarlierLatencyRatio) : policy.MaxLatencyRatio;
        var provenRatio = Math.Max(ratio, policy.ProvenLatencyRatio ?? 0);
        var toleratedMs = Math.Max(floor, stableMs!.Value * ratio);
        // Of stable's requests the quantile's tail lies above it by definition; counted, ties would make it less and the canary look worse.
        double slow = canary.CountAbove(LatencyHistogram.BucketOf(toleratedMs)), slowStable = m * (1 - quantile);
        var harm = baseline.Earlier
            ? RatioMixture.LogAbove(slow, n, RatioMixture.UpperRate(slowStable, m, boundary))
            : RatioMixture.LogHarm([new(n, m, slow, slowStable)]);

        var each = Math.Log(2 / policy.Alpha);
        var (low, high) = Band(canary, n, quantile, each);
        var stableAtLeast = Band(stable, m, quantile, each).Low ?? 0;
        var provenMs = Math.Max(floor, stableAtLeast * provenRatio);
        var verdict = harm >= boundary && canaryMs > toleratedMs ? Verdict.Unhealthy
            : high <= provenMs ? Verdict.Healthy
            : Verdict.Inconclusive;
        var text = Invariant($"Latency {name}: {canaryMs:0.#} ms on {n} canary requests against {stableMs:0.#} ms on stable") + verdict switch
        {
            Verdict.Unhealthy => Invariant($"; {slow:0} took longer than the {toleratedMs:0.#} ms tolerated, odds of {SequentialErrorRate.OneIn(harm)} against chance."),
            Verdict.Healthy => Invariant($"; at most {high:0.#} ms, and up to {provenMs:0.#} ms passes."),
            _ => Invariant($"; {(high is { } h ? Invariant($"it may be up to {h:0.#} ms") : "too few to bound it")}, and up to {provenMs:0.#} ms passes."),
        };
        return new(metric, verdict, stableMs, canaryMs, low, high, harm, boundary, "ms", text, toleratedMs);
    }

    // A confidence sequence for the quantile: bounds of the share of requests above it, read back from the histogram as ranks.
    private static (double? Low, double? High) Band(LatencyHistogram histogram, long n, double quantile, double boundary)
    {
        var tail = 1 - quantile;
        var most = RatioMixture.LeastAbove(n, tail, boundary);
        var least = RatioMixture.LeastNotBelow(n, tail, boundary);
        double? low = most >= n ? null : LowerEdge(histogram.QuantileMs((n - most) / (double)n));
        return (low, least == 0 ? null : histogram.QuantileMs((n - least + 1) / (double)n));
    }

    private static double LowerEdge(double upperMs) => LatencyHistogram.BucketOf(upperMs * 0.999) is > 0 and var bucket ? LatencyHistogram.UpperMs(bucket - 1) : 0;
}
