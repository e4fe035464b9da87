using ProdSprint.Telemetry;

namespace ProdSprint.Releases;

/// <summary>What a release wants to see of production's traffic.</summary>
internal static class TrafficWatches
{
    /// <summary>Null while no step of it runs.</summary>
    public static TrafficWatch? Of(Release? r) => r is { CurrentStep: not null, StepStartedAt: { } since, Spec.Stable: { } stable }
        ? new(r.Key, ReleaseEffects.CandidateName(r), stable.Version, since, r.Step, r.Attempt, r.Policy.Judge.Policy != JudgePolicy.Sequential)
        : null;
}
