using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Risk;

/// <summary>What a level of risk asks of a release, and a profile that does it. A plan that is asked for with a level carries that profile, so that it is what runs.</summary>
public static class RiskCare
{
    public static ImmutableArray<string> Levels { get; } = ["low", "medium", "high"];

    public static RiskAdvice Advice(string level) => level switch
    {
        "high" => new([1, 2, 5, 10, 25, 50, 100], 2, 2, true),
        "medium" => new([1, 5, 25, 100], 1.5, 1, false),
        _ => new([5, 25, 100], 1, 0, false),
    };

    /// <summary>Never less careful than the profile itself: its steps stay, those of the advice come between them, with the evidence and the time of the profile's step before.</summary>
    public static PolicyProfile Apply(PolicyProfile policy, string level)
    {
        var advice = Advice(level);
        if (advice.Approvers > 0) policy = policy with { Approval = ApprovalMode.EveryPlan };
        if (advice.Approvers > (policy.Approvers ?? 1)) policy = policy with { Approvers = advice.Approvers };
        if (policy.Strategy != ReleaseStrategy.Canary || policy.Steps.IsEmpty) return policy;
        // what is advised below the profile's own first step is more careful as well; a profile's step is never left out
        var weights = (level == "low" ? [] : advice.Weights).Concat(policy.Steps.Select(s => s.WeightPercent)).Distinct().Order().ToList();
        var steps = weights.Select(w => (policy.Steps.LastOrDefault(s => s.WeightPercent <= w) ?? policy.Steps[0]) is var near && near.WeightPercent == w ? near : near with { WeightPercent = w, Pause = false })
            .Select(s => s with { MinRequests = (long)Math.Ceiling(s.MinRequests * advice.MinRequestsFactor) }).ToImmutableArray();
        return policy with { Steps = advice.PauseBeforeFull && steps.Length > 1 ? steps.SetItem(steps.Length - 2, steps[^2] with { Pause = true }) : steps };
    }
}
