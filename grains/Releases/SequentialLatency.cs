using ProdSprint.Traffic;
using static System.FormattableString;

namespace ProdSprint.Releases;

/// <summary>
/// One latency quantile. With L = stable's quantile and T = what is tolerated (L × ratio, never below the floor), "the canary is slower than
/// tolerated" is a statement about counts: more of its requests lie above T than of stable's above L. That is the error-rate question again, so
/// it gets the same always-valid evidence, in both directions.
/// </summary>
internal static class SequentialLatency
{
    /// <summary>Stable requests expected above its quantile before the quantile is trusted: at 20 the true tail is known to about a fifth.</summary>
    private const double LeastTail = 20;

    public static MetricEvidence Judge(JudgePolicy policy, CanaryEvidence evidence, double quantile, double alpha)
    {
        var name = Invariant($"p{quantile * 100:0.##}");
        var metric = "latency-" + name;
        var baseline = Baseline.Of(policy, evidence);
        var (canary, stable) = (evidence.Canary.Latency, baseline.Evidence.Latency);
        long n = canary.Total, m = stable.Total;
        var boundary = Math.Log((baseline.Earlier ? 2 : 1) / alpha);
        double? stableMs = m > 0 ? stable.QuantileMs(quantile) : null, canaryMs = n > 0 ? canary.QuantileMs(quantile) : null;
        if (n == 0 || m * (1 - quantile) < LeastTail)
            return new(metric, Verdict.Inconclusive, stableMs, canaryMs, null, null, 0, boundary, "ms", n == 0
                ? $"Latency {name}: the canary has no durations yet."
                : Invariant($"Latency {name}: stable has {m} of the {LeastTail / (1 - quantile):0} durations it takes to know its {name}."), null);

        var toleratedMs = Math.Max(policy.LatencyFloorMs, stableMs!.Value * policy.MaxLatencyRatio);
        double slow = canary.CountAbove(LatencyHistogram.BucketOf(toleratedMs)), slowStable = stable.CountAbove(LatencyHistogram.BucketOf(stableMs.Value * 0.999));
        ReadOnlySpan<Stratum> strata = [new(n, m, slow, slowStable)];
        var harm = baseline.Earlier ? RatioMixture.LogAbove(slow, n, RatioMixture.UpperRate(slowStable, m, boundary)) : RatioMixture.LogHarm(strata);
        var each = Math.Log(2 / policy.Alpha);
        var relief = baseline.Earlier ? RatioMixture.LogBelow(slow, n, RatioMixture.LowerRate(slowStable, m, each)) - Math.Log(2) : RatioMixture.LogRelief(strata);
        var verdict = harm >= boundary && canaryMs > toleratedMs ? Verdict.Unhealthy
            : relief >= Math.Log(1 / policy.Alpha) ? Verdict.Healthy
            : Verdict.Inconclusive;
        var (low, high) = Band(canary, n, quantile, each);
        var text = Invariant($"Latency {name}: {canaryMs:0.#} ms on {n} canary requests against {stableMs:0.#} ms on stable; {slow:0} took longer than the {toleratedMs:0.#} ms tolerated")
            + verdict switch
            {
                Verdict.Unhealthy => $", odds of {SequentialErrorRate.OneIn(harm)} against chance.",
                Verdict.Healthy => ", fewer than stable's own share.",
                _ => ", not enough to tell.",
            };
        return new(metric, verdict, stableMs, canaryMs, low, high, harm, boundary, "ms", text, toleratedMs);
    }

    // A confidence sequence for the quantile: bounds of the share of requests above it, read back from the histogram as ranks.
    private static (double? Low, double? High) Band(LatencyHistogram histogram, long n, double quantile, double boundary)
    {
        var tail = 1 - quantile;
        long most = LeastCount(n, k => RatioMixture.LogAbove(k, n, tail) >= boundary);
        long least = LeastCount(n, k => RatioMixture.LogBelow(k, n, tail) < boundary);
        double? low = most > n ? null : histogram.QuantileMs(Math.Max(1e-12, (n - most) / (double)n));
        return (low, least == 0 ? null : histogram.QuantileMs((n - least + 1) / (double)n));
    }

    private static long LeastCount(long n, Func<long, bool> reached)
    {
        long low = 0, high = n + 1;
        while (low < high)
        {
            var mid = (low + high) / 2;
            if (mid > n || reached(mid)) high = mid;
            else low = mid + 1;
        }
        return low;
    }
}
