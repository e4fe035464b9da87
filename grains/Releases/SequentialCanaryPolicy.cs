using System.Collections.Immutable;

namespace ProdSprint.Releases;

/// <summary>
/// The default judge: always-valid inference, so it may look after every batch and stop at the first clear answer without spending more than the
/// error budget. Unhealthy as soon as one metric has shown harm; Healthy when every metric has been shown to be within what is tolerated.
/// </summary>
public sealed class SequentialCanaryPolicy : ICanaryPolicy
{
    public Judgement Judge(JudgePolicy policy, CanaryEvidence evidence)
    {
        var metrics = Metrics(policy, evidence);
        var harm = metrics.FirstOrDefault(m => m.Verdict == Verdict.Unhealthy);
        var open = metrics.FirstOrDefault(m => m.Verdict == Verdict.Inconclusive && MustBeProven(policy, m));
        var (verdict, reason) = (harm, open) switch
        {
            ({ } m, _) => (Verdict.Unhealthy, m.Text),
            (_, { } m) => (Verdict.Inconclusive, m.Text),
            _ => (Verdict.Healthy, $"After {evidence.Canary.Requests} canary requests the canary is shown to be within what is tolerated: {string.Join(" ", metrics.Where(m => m.Verdict == Verdict.Healthy).Select(m => m.Text))}"),
        };
        return new(verdict, reason, metrics, BakeEstimate.DetectableIncrease(policy, evidence), verdict == Verdict.Healthy ? evidence.Canary.Requests : BakeEstimate.RequestsForHealthy(policy, evidence));
    }

    private static bool MustBeProven(JudgePolicy policy, MetricEvidence metric) =>
        metric.Metric == SequentialErrorRate.Metric || policy.ProvenQuantiles.IsDefault || policy.ProvenQuantiles.Any(q => SequentialLatency.MetricOf(q) == metric.Metric);

    private static ImmutableArray<MetricEvidence> Metrics(JudgePolicy policy, CanaryEvidence evidence)
    {
        var quantiles = policy.LatencyQuantiles.IsDefault ? [] : policy.LatencyQuantiles;
        var errorAlpha = policy.Alpha * (quantiles.IsEmpty ? 1 : policy.ErrorShareOfAlpha);
        var metrics = ImmutableArray.CreateBuilder<MetricEvidence>(quantiles.Length + 1);
        metrics.Add(SequentialErrorRate.Judge(policy, evidence, errorAlpha));
        foreach (var q in quantiles)
            metrics.Add(SequentialLatency.Judge(policy, evidence, q, (policy.Alpha - errorAlpha) / quantiles.Length));
        return metrics.MoveToImmutable();
    }
}
