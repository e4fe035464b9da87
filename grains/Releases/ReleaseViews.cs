using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>State → what people see.</summary>
public static class ReleaseViews
{
    /// <summary>With the judge's newest look, which is not stored until its verdict changes.</summary>
    public static ReleaseView Of(Release s, CanaryEvidence? seen, Judgement? look) => look is null || seen is null || seen.Canary.Requests == 0
        ? Of(s)
        : Of(s with
        {
            Judgement = look,
            Message = look.Reason,
            Stages = s.Stages.Measured(ReleaseStages.StepName(s.WeightPercent), look.Reason, ReleaseMachine.Figures(seen.Canary)),
        });

    public static ReleaseView Of(Release s) => new(
        s.Key, s.Spec.Workspace, s.Spec.Project, s.Spec.Number, s.Spec.Version, s.Spec.Commit, s.Spec.Kind, s.Phase, s.Asked is null ? s.Outcome : null, Message(s),
        s.Spec.Stable?.Version, s.WeightPercent, s.Step, s.Steps, s.Stages, s.Judgement, ReleaseGuards.Allowed(s), HeldFor(s), s.Attempt, s.Spec.PlanNumber,
        s.ArtifactDigest, s.StartedBy, s.StartedAt, s.EndedAt, Deadline(s), s.VerdictToStableMs, s.Version)
    {
        StepStartedAt = s.StepStartedAt,
        Cause = s.Back?.Cause,
        WarmUntil = s.WarmUntil,
        RouteName = ReleaseEffects.CandidateName(s),
    };

    private static HoldReason? HeldFor(Release s) => s switch
    {
        { Stage: ReleaseStage.Ended or ReleaseStage.RollingBack or ReleaseStage.Promoting } => null,
        { Hold: { } hold } => hold.Reason,
        { PausedBy: not null } => HoldReason.ByPerson,
        { AwaitsPromotion: true } => HoldReason.PausedStep,
        _ => null,
    };

    private static string Message(Release s) => s switch
    {
        { Asked: not null } => "A new attempt waits for the project.",
        { Stage: ReleaseStage.Ended or ReleaseStage.RollingBack or ReleaseStage.Promoting } => s.Message,
        { Hold: { EndsAt: { } ends } } => $"The hold is over; it goes on at {ends:HH:mm:ss} UTC.",
        { Hold: { } hold } => hold.Detail,
        { PausedBy: { } by } => $"Paused by {by}.",
        _ => s.Message,
    };

    /// <summary>What people count down to.</summary>
    private static DateTimeOffset? Deadline(Release s) => s switch
    {
        { Stage: ReleaseStage.Ended } => s.WarmUntil,
        { RestartBy: { } by } => by,
        { Hold: { } hold } => hold.EndsAt ?? hold.Until,
        { PausedBy: not null } or { AwaitsPromotion: true } => null,
        { Stage: ReleaseStage.Canary } => s.MaxBakeEnds,
        _ => s.GivesUpAt,
    };
}
