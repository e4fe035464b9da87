using static System.FormattableString;

namespace ProdSprint.Releases;

/// <summary>The error rate of the canary against stable's. Harm: errors hit the canary more often than its share of the traffic, and by more than is tolerated.</summary>
internal static class SequentialErrorRate
{
    public const string Metric = "error-rate";

    /// <param name="alpha">The part of the budget spent on this metric's alarm.</param>
    public static MetricEvidence Judge(JudgePolicy policy, CanaryEvidence evidence, double alpha)
    {
        var stable = Baseline.Of(policy, evidence);
        var canary = evidence.Canary;
        if (canary.ErrorRate is not { } rate || stable.Evidence.ErrorRate is not { } baseRate)
            return new(Metric, Verdict.Inconclusive, stable.Evidence.ErrorRate * 100, canary.ErrorRate * 100, null, null, 0, Math.Log(1 / alpha), "%",
                canary.Requests == 0 ? "The canary has not answered a single request yet." : "Stable has not answered a single request to compare the canary with.", null);

        var cluster = Math.Max(1, policy.ErrorsPerIncident);
        double n = canary.Requests / cluster, x = canary.Errors / cluster, m = stable.Evidence.Requests / cluster, y = stable.Evidence.Errors / cluster;
        // Against a baseline measured earlier half of the budget pays for not knowing its true rate.
        var boundary = Math.Log((stable.Earlier ? 2 : 1) / alpha);
        var statistic = stable.Earlier
            ? RatioMixture.LogAbove(x, n, RatioMixture.UpperRate(y, m, boundary))
            : RatioMixture.LogHarm(Strata.OfErrors(evidence, cluster));

        var each = Math.Log(2 / policy.Alpha);
        var high = RatioMixture.UpperRate(x, n, each);
        var tolerated = RatioMixture.LowerRate(y, m, each) + (policy.ProvenErrorRateIncrease ?? policy.MaxErrorRateIncrease);
        var verdict = statistic >= boundary && rate - baseRate > policy.MaxErrorRateIncrease ? Verdict.Unhealthy
            : high <= tolerated ? Verdict.Healthy
            : Verdict.Inconclusive;
        var text = verdict switch
        {
            Verdict.Unhealthy => Invariant($"Errors: {canary.Errors} of {canary.Requests} canary requests ({rate:P2}) against {baseRate:P2} on stable; odds of {OneIn(statistic)} against chance."),
            Verdict.Healthy => Invariant($"Errors: {rate:P2} of {canary.Requests} canary requests against {baseRate:P2} on stable; at most {high:P2}, and {tolerated:P2} is tolerated."),
            _ => Invariant($"Errors: {canary.Errors} of {canary.Requests} canary requests ({rate:P2}) against {baseRate:P2} on stable; the canary's true rate may be up to {high:P2}, and {tolerated:P2} is tolerated."),
        };
        return new(Metric, verdict, baseRate * 100, rate * 100, RatioMixture.LowerRate(x, n, each) * 100, high * 100, statistic, boundary, "%", text, tolerated * 100);
    }

    public static string OneIn(double log) => log > 13.8 ? "over 1,000,000 to 1" : Invariant($"{Math.Exp(Math.Max(0, log)):N0} to 1");
}

/// <summary>What the canary is compared with: stable's traffic in this step, or, where the step leaves it none, what it showed earlier in the release.</summary>
internal readonly record struct Baseline(VersionEvidence Evidence, bool Earlier)
{
    public static Baseline Of(JudgePolicy policy, CanaryEvidence evidence) =>
        evidence.Stable.Requests < policy.MinRequests && evidence.StableBefore.Requests > evidence.Stable.Requests
            ? new(evidence.StableBefore, true)
            : new(evidence.Stable, false);
}

internal static class Strata
{
    /// <summary>One stratum per point; what the totals hold beyond the points is one more.</summary>
    public static Stratum[] OfErrors(CanaryEvidence evidence, double cluster)
    {
        var points = evidence.Points.IsDefault ? [] : evidence.Points;
        var strata = new Stratum[points.Length + 1];
        double n = evidence.Canary.Requests, m = evidence.Stable.Requests, x = evidence.Canary.Errors, y = evidence.Stable.Errors;
        for (var i = 0; i < points.Length; i++)
        {
            var (c, s) = (points[i].Canary, points[i].Stable);
            strata[i] = new(c.Requests, s.Requests, c.Errors / cluster, s.Errors / cluster);
            (n, m, x, y) = (n - c.Requests, m - s.Requests, x - c.Errors, y - s.Errors);
        }
        strata[^1] = new(Math.Max(0, n), Math.Max(0, m), Math.Max(0, x) / cluster, Math.Max(0, y) / cluster);
        return strata;
    }
}
