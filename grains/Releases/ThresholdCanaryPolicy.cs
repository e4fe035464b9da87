using System.Collections.Immutable;
using static System.FormattableString;

namespace ProdSprint.Releases;

/// <summary>
/// Fixed limits on the canary alone, as Argo Rollouts and Flagger have them: every point is a measurement, the tally decides. Simple and blind to
/// what stable does: it alarms when everything is slow, and misses a regression that stays under the limit.
/// </summary>
public sealed class ThresholdCanaryPolicy : ICanaryPolicy
{
    public Judgement Judge(JudgePolicy policy, CanaryEvidence evidence)
    {
        var limits = policy.Limits;
        var points = EvidenceSeries.Complete(evidence);
        ImmutableArray<MetricEvidence> metrics =
        [
            Metric(limits, points, SequentialErrorRate.Metric, "%", limits.MaxErrorRate * 100, evidence, v => v.ErrorRate * 100),
            Metric(limits, points, "latency-p95", "ms", limits.MaxP95Ms, evidence, v => v.Latency.Total > 0 ? v.Latency.QuantileMs(0.95) : null),
        ];
        var worst = metrics.FirstOrDefault(m => m.Verdict == Verdict.Unhealthy) ?? metrics.FirstOrDefault(m => m.Verdict == Verdict.Inconclusive);
        return new(worst?.Verdict ?? Verdict.Healthy, worst?.Text ?? string.Join(" ", metrics.Select(m => m.Text)), metrics, null, null);
    }

    private static MetricEvidence Metric(
        ThresholdSettings limits, ImmutableArray<EvidencePoint> points, string name, string unit, double limit, CanaryEvidence evidence, Func<VersionEvidence, double?> value)
    {
        var measured = points.Select(p => MetricTally.Measure(value(p.Canary), v => v <= limit, v => v > limit)).ToList();
        var phase = MetricTally.Assess(
            new(limits.FailureLimit, limits.InconclusiveLimit, limits.ConsecutiveErrorLimit, limits.ConsecutiveSuccessLimit, limits.Count), measured);
        var verdict = phase switch
        {
            MetricPhase.Successful => Verdict.Healthy,
            MetricPhase.Failed => Verdict.Unhealthy,
            _ => Verdict.Inconclusive,
        };
        var failed = measured.Count(m => m == MeasurementPhase.Failed);
        var (canary, stable) = (value(evidence.Canary), value(evidence.Stable));
        var text = phase switch
        {
            MetricPhase.Pending => $"{name}: nothing has been measured yet.",
            MetricPhase.Error => Invariant($"{name}: the last {limits.ConsecutiveErrorLimit + 1} or more measurements had no data."),
            _ => Invariant($"{name}: {failed} of {measured.Count} measurements above {limit:0.##} {unit}, {limits.FailureLimit} forgiven; {canary:0.##} {unit} over all."),
        };
        return new(name, verdict, stable, canary, null, null, failed, limits.FailureLimit + 1, unit, text, limit);
    }
}
