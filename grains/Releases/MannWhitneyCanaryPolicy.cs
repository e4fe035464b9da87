using System.Collections.Immutable;
using static System.FormattableString;

namespace ProdSprint.Releases;

/// <summary>
/// Kayenta's judge over the evidence's points. For teams that come from it and want the same answer; it is meant to look once, at the end of a
/// bake: looking often raises its false alarms, and sparse errors escape it (docs/judge.md).
/// </summary>
public sealed class MannWhitneyCanaryPolicy : ICanaryPolicy
{
    private static readonly Dictionary<string, double> NoWeights = [];

    public Judgement Judge(JudgePolicy policy, CanaryEvidence evidence)
    {
        var points = EvidenceSeries.Complete(evidence);
        var names = new List<(string Metric, string Unit, bool Critical, Func<VersionEvidence, double> Value)>
        {
            (SequentialErrorRate.Metric, "%", true, v => (v.ErrorRate ?? double.NaN) * 100),
        };
        foreach (var q in policy.LatencyQuantiles.IsDefault ? [] : policy.LatencyQuantiles)
            names.Add((Invariant($"latency-p{q * 100:0.##}"), "ms", false, v => v.Latency.QuantileMs(q)));

        var enough = points.Count(p => p.Canary.Requests > 0) >= policy.Kayenta.MinPoints && points.Count(p => p.Stable.Requests > 0) >= policy.Kayenta.MinPoints;
        if (!enough)
            return new(Verdict.Inconclusive, $"Mann-Whitney needs {policy.Kayenta.MinPoints} points with traffic on both sides; there are {points.Count(p => p.Canary.Requests > 0)} of the canary and {points.Count(p => p.Stable.Requests > 0)} of stable.",
                [.. names.Select(n => Pending(n.Metric, n.Unit, n.Value, evidence))], null, null);

        var judged = names.Select(n => (n.Metric, n.Unit, n.Critical, n.Value, Class: Classify(policy, n.Critical, points, n.Value))).ToList();
        var score = CanaryScore.Of(NoWeights, [.. judged.Select(j => new ScoredMetric(j.Class.Class, [j.Metric.Split('-')[0]], j.Class.Critical))]);
        var noData = judged.Any(j => j.Class.Class == MetricClass.Nodata);
        var verdict = noData ? Verdict.Inconclusive : CanaryScore.Classify(score, policy.Kayenta.PassScore, policy.Kayenta.MarginalScore) switch
        {
            ScoreClass.Pass => Verdict.Healthy,
            ScoreClass.Marginal => Verdict.Inconclusive,
            _ => Verdict.Unhealthy,
        };
        var classes = string.Join(", ", judged.Select(j => $"{j.Metric} {j.Class.Class}"));
        return new(verdict, Invariant($"Score {score:0.##} of 100 over {points.Length} points (pass at {policy.Kayenta.PassScore:0.##}, marginal at {policy.Kayenta.MarginalScore:0.##}): {classes}."),
            [.. judged.Select(j => Evidence(j.Metric, j.Unit, j.Value, j.Class, evidence))], null, null);
    }

    private static MetricClassification Classify(JudgePolicy policy, bool critical, ImmutableArray<EvidencePoint> points, Func<VersionEvidence, double> value) =>
        MetricClassifier.Classify(
            new()
            {
                Direction = MetricDirection.Increase,
                Critical = critical,
                Tolerance = policy.Kayenta.Tolerance,
                ConfidenceLevel = policy.Kayenta.ConfidenceLevel,
                AllowedIncrease = policy.Kayenta.AllowedIncrease,
                CriticalIncrease = policy.Kayenta.CriticalIncrease,
            },
            points.Select(p => value(p.Stable)), points.Select(p => value(p.Canary)));

    private static MetricEvidence Evidence(string metric, string unit, Func<VersionEvidence, double> value, MetricClassification c, CanaryEvidence evidence)
    {
        var stable = Known(value(evidence.Stable));
        var verdict = c.Class switch { MetricClass.Pass or MetricClass.Low => Verdict.Healthy, MetricClass.High => Verdict.Unhealthy, _ => Verdict.Inconclusive };
        return new(metric, verdict, stable, Known(value(evidence.Canary)), stable + Known(c.Low), stable + Known(c.High), Known(c.Low) ?? 0, c.Band, unit,
            $"{metric}: {c.Class}. {c.Reason}", stable + c.Band);
    }

    private static MetricEvidence Pending(string metric, string unit, Func<VersionEvidence, double> value, CanaryEvidence evidence) =>
        new(metric, Verdict.Inconclusive, Known(value(evidence.Stable)), Known(value(evidence.Canary)), null, null, 0, 0, unit, $"{metric}: too few points.", null);

    private static double? Known(double value) => double.IsFinite(value) ? value : null;
}
