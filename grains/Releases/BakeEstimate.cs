namespace ProdSprint.Releases;

/// <summary>
/// How long a bake has to be, and what a bake could have shown, by the error rate under the sequential policy. Estimates of a typical (median)
/// run from the expected growth of the evidence; the judge itself never relies on them.
/// </summary>
public static class BakeEstimate
{
    // What betting on a mixture costs against having known the true ratio, in natural logarithms.
    private const double MixtureCost = 1.2;

    /// <summary>Seconds until a canary whose error rate is <paramref name="increase"/> (absolute) above stable's is typically caught; null if never.</summary>
    /// <param name="policy">Its error budget counts.</param>
    /// <param name="requestsPerSecond">Of both versions together.</param>
    /// <param name="weightPercent">The canary's share, (0, 100].</param>
    /// <param name="baseErrorRate">Stable's, 0-1.</param>
    /// <param name="increase">Absolute, 0-1.</param>
    public static double? SecondsToDetect(JudgePolicy policy, double requestsPerSecond, double weightPercent, double baseErrorRate, double increase)
    {
        if (!(requestsPerSecond > 0) || !(weightPercent > 0) || increase <= policy.MaxErrorRateIncrease) return null;
        var canary = requestsPerSecond * Math.Min(weightPercent, 100) / 100;
        var growth = Growth(canary, requestsPerSecond - canary, baseErrorRate, increase) / Math.Max(1, policy.ErrorsPerIncident);
        return growth > 0 ? Needed(policy) / growth : null;
    }

    /// <summary>Seconds until a canary as good as stable is typically called Healthy; null if never.</summary>
    public static double? SecondsToClear(JudgePolicy policy, double requestsPerSecond, double weightPercent, double baseErrorRate)
    {
        var canary = requestsPerSecond * Math.Min(weightPercent, 100) / 100;
        return canary > 0 && CanaryRequestsToClear(policy, baseErrorRate, canary / (requestsPerSecond - canary)) is { } requests ? requests / canary : null;
    }

    internal static double? DetectableIncrease(JudgePolicy policy, CanaryEvidence evidence)
    {
        var baseline = Baseline.Of(policy, evidence).Evidence;
        if (evidence.Canary.Requests == 0 || baseline.Requests == 0) return null;
        var rate = Smoothed(baseline);
        var needed = Needed(policy) * Math.Max(1, policy.ErrorsPerIncident);
        bool Shown(double increase) => Growth(evidence.Canary.Requests, baseline.Requests, rate, increase) >= needed;
        double low = 0, high = 1 - rate;
        if (!Shown(high)) return null;
        while (high - low > 1e-5)
        {
            var mid = (low + high) / 2;
            if (Shown(mid)) high = mid;
            else low = mid;
        }
        return Math.Max(high, policy.MaxErrorRateIncrease);
    }

    internal static long? RequestsForHealthy(JudgePolicy policy, CanaryEvidence evidence)
    {
        var baseline = Baseline.Of(policy, evidence);
        if (evidence.Canary.Requests == 0 || baseline.Evidence.Requests == 0) return null;
        var share = baseline.Earlier ? 0 : evidence.Canary.Requests / (double)baseline.Evidence.Requests;
        return CanaryRequestsToClear(policy, Smoothed(baseline.Evidence), share) is { } requests ? (long)Math.Min(requests, 1e15) : null;
    }

    // The canary requests at which the judge's own bound falls under the margin when both sides fail at this rate. The bound narrows with the
    // root of the requests, so a few corrections of a first guess find it.
    private static double? CanaryRequestsToClear(JudgePolicy policy, double rate, double canaryPerStable)
    {
        var margin = policy.ProvenErrorRateIncrease ?? policy.MaxErrorRateIncrease;
        if (!(margin > 0) || rate + margin >= 1 || !double.IsFinite(canaryPerStable)) return null;
        var boundary = Math.Log(2 / policy.Alpha);
        var limit = rate + margin;
        var information = (rate > 0 ? rate * Math.Log(rate / limit) : 0) + (1 - rate) * Math.Log((1 - rate) / (1 - limit));
        var requests = Math.Max(1, (boundary + MixtureCost) / information * (1 + canaryPerStable));
        for (var i = 0; i < 4; i++)
        {
            var stable = requests / Math.Max(canaryPerStable, 1e-9);
            var rise = RatioMixture.UpperRate(requests * rate, requests, boundary) - RatioMixture.LowerRate(stable * rate, stable, boundary);
            var correction = Math.Pow(rise / margin, rate * requests < 1 ? 1 : 2);
            requests *= Math.Clamp(correction, 0.1, 10);
            if (Math.Abs(correction - 1) < 0.1) break;
        }
        return Math.Max(policy.MinRequests, Math.Ceiling(requests * Math.Max(1, policy.ErrorsPerIncident)));
    }

    private static double Needed(JudgePolicy policy) =>
        Math.Log(1 / (policy.Alpha * (policy.LatencyQuantiles.IsDefaultOrEmpty ? 1 : policy.ErrorShareOfAlpha))) + MixtureCost;

    // Expected evidence of these requests for the true ratio θ: x ln θ − (x + y) ln(1 + r(θ − 1)). With no share for stable the baseline is known.
    private static double Growth(double canary, double stable, double rate, double increase)
    {
        var harmed = Math.Min(1, rate + increase);
        var ratio = harmed / Math.Max(rate, 1e-6);
        if (!(ratio > 1)) return 0;
        var x = canary * harmed;
        if (stable <= 0) return x * Math.Log(ratio) - canary * Math.Log(1 + rate * (ratio - 1));
        return x * Math.Log(ratio) - (x + stable * rate) * Math.Log(1 + canary / (canary + stable) * (ratio - 1));
    }

    // Half an error more than was seen: a stable side without errors is not known to be perfect.
    private static double Smoothed(VersionEvidence evidence) => (evidence.Errors + 0.5) / (evidence.Requests + 1.0);
}
