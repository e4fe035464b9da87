namespace ProdSprint.Releases;

public enum ScoreClass { Fail, Marginal, Pass }

/// <summary>A classified metric as the score sees it. A metric in several groups counts in each; one in none shares the unnamed group.</summary>
public sealed record ScoredMetric(MetricClass Class, IReadOnlyList<string> Groups, bool Critical = false, bool Muted = false);

/// <summary>Kayenta's score, 0 to 100, and what it means (kayenta-judge.md, facts 11 and 12).</summary>
public static class CanaryScore
{
    public static double Of(IReadOnlyDictionary<string, double> groupWeights, IReadOnlyCollection<ScoredMetric> metrics)
    {
        var counted = metrics.Where(m => !m.Muted).ToList();
        if (counted.Count == 0 || counted.Any(m => m.Critical && m.Class != MetricClass.Pass)) return 0;
        if (counted.Count(m => m.Class == MetricClass.Nodata) * 2 >= counted.Count) return 0;

        var groups = counted.SelectMany(m => (m.Groups.Count == 0 ? [""] : m.Groups).Distinct().Select(g => (Group: g, m.Class))).GroupBy(m => m.Group, m => m.Class).ToList();
        var unweighted = groups.Count(g => !groupWeights.ContainsKey(g.Key));
        var rest = unweighted == 0 ? 0 : (100 - groupWeights.Values.Sum()) / unweighted;
        return Math.Round(groups.Sum(g => OfGroup([.. g]) * groupWeights.GetValueOrDefault(g.Key, rest) / 100), 2, MidpointRounding.AwayFromZero);
    }

    public static ScoreClass Classify(double score, double pass, double marginal) =>
        score >= pass ? ScoreClass.Pass : score >= marginal ? ScoreClass.Marginal : ScoreClass.Fail;

    /// <summary>Whether an interval of several ends the whole analysis: at or below marginal it does, unlike the single interval, where marginal still counts.</summary>
    public static bool EndsAnalysis(double score, double marginal) => score <= marginal;

    private static double OfGroup(IReadOnlyCollection<MetricClass> metrics)
    {
        var judged = metrics.Count(m => m != MetricClass.Nodata);
        return judged == 0 ? 100 : 100.0 * metrics.Count(m => m == MetricClass.Pass) / judged;
    }
}
