using System.Collections.Immutable;

namespace ProdSprint.Releases;

/// <summary>What the evidence says. No data is never <see cref="Healthy"/>.</summary>
[GenerateSerializer, Alias("releases.Verdict")]
public enum Verdict
{
    /// <summary>Not enough is known either way: wait, or let a person decide.</summary>
    Inconclusive = 0,

    /// <summary>Shown to be no worse than tolerated.</summary>
    Healthy = 1,

    /// <summary>Shown to do harm: take it back.</summary>
    Unhealthy = 2,
}

/// <summary>A verdict and the figures it rests on.</summary>
/// <param name="Verdict">What the evidence says.</param>
/// <param name="Reason">One plain sentence with numbers.</param>
/// <param name="Metrics">One row per metric, in a fixed order: error rate first, then latency by quantile.</param>
/// <param name="DetectableErrorIncrease">The smallest rise of the error rate (absolute) that this much evidence would have shown, had it been there; null while unknown.</param>
/// <param name="RequestsForDecision">Canary requests in all after which a canary as good as stable is expected to be Healthy; null while unknown.</param>
[GenerateSerializer, Immutable, Alias("releases.Judgement")]
public sealed record Judgement(
    [property: Id(0)] Verdict Verdict,
    [property: Id(1)] string Reason,
    [property: Id(2)] ImmutableArray<MetricEvidence> Metrics,
    [property: Id(3)] double? DetectableErrorIncrease,
    [property: Id(4)] long? RequestsForDecision);

/// <summary>One metric's evidence, enough to draw two charts: values with their band and limit, and the statistic against its boundary.</summary>
/// <param name="Metric"><c>error-rate</c>, <c>latency-p95</c>, <c>latency-p99</c>.</param>
/// <param name="Verdict">This metric's own verdict.</param>
/// <param name="Stable">Stable's value, in <paramref name="Unit"/>; null without data.</param>
/// <param name="Canary">The canary's value, in <paramref name="Unit"/>; null without data.</param>
/// <param name="Low">Lower end of the band in which the canary's true value lies (at any look), in <paramref name="Unit"/>; null where the policy has none.</param>
/// <param name="High">Upper end of that band.</param>
/// <param name="Statistic">Evidence of harm; at or beyond <paramref name="Boundary"/> harm is shown. Sequential: natural logarithm of the e-value. Always finite.</param>
/// <param name="Boundary">What <paramref name="Statistic"/> has to reach.</param>
/// <param name="Unit"><c>%</c> or <c>ms</c>.</param>
/// <param name="Text">One plain sentence with numbers.</param>
/// <param name="Tolerated">The value the canary has to stay under, in <paramref name="Unit"/>; null where unknown.</param>
[GenerateSerializer, Immutable, Alias("releases.MetricEvidence")]
public sealed record MetricEvidence(
    [property: Id(0)] string Metric,
    [property: Id(1)] Verdict Verdict,
    [property: Id(2)] double? Stable,
    [property: Id(3)] double? Canary,
    [property: Id(4)] double? Low,
    [property: Id(5)] double? High,
    [property: Id(6)] double Statistic,
    [property: Id(7)] double Boundary,
    [property: Id(8)] string Unit,
    [property: Id(9)] string Text,
    [property: Id(10)] double? Tolerated);
