using System.Collections.Immutable;

namespace ProdSprint.Releases;

/// <summary>What events of the canary, of waits and of the way back do to the state.</summary>
public static partial class ReleaseMachine
{
    private static readonly ImmutableSortedDictionary<string, JobPurpose> NoJobs = ImmutableSortedDictionary<string, JobPurpose>.Empty;

    private static Release ChangeTraffic(Release s, ReleaseEvent happened) => happened switch
    {
        StepStarted e => Unwaited(s) with
        {
            Stage = ReleaseStage.Canary,
            StageDone = false,
            Step = e.Step,
            StepStartedAt = e.At,
            MinBakeEnds = e.MinBakeEnds,
            MaxBakeEnds = e.MaxBakeEnds,
            WeightPercent = e.WeightPercent,
            RoutesRevision = e.Revision,
            Judgement = null,
            GivesUpAt = null,
            Stages = s.Stages.Began(ReleaseStages.StepName(e.WeightPercent), e.At),
        },
        StepJudged e => s with { Judgement = e.Judgement, Stages = s.Stages.Measured(ReleaseStages.StepName(e.WeightPercent), e.Judgement.Reason, Figures(e)) },
        StepPassed e => s with
        {
            Judgement = e.Judgement,
            StableBefore = s.StableBefore.Add(e.Stable),
            Stages = s.Stages.Ended(ReleaseStages.StepName(e.WeightPercent), StageState.Done,
                e.ByPerson ? e.Judgement?.Verdict.ToString().ToLowerInvariant() ?? "skipped" : "healthy", e.At, e.ByPerson ? $"moved on by {e.By}" : e.Judgement?.Reason),
        },
        PromotionAwaited => s with { AwaitsPromotion = true },
        FullPromotionOrdered => s with { FullPromotion = true, PausedBy = null, Hold = s.Stage == ReleaseStage.StartingProduction ? null : s.Hold },
        PromotionStarted e => Unwaited(s) with
        {
            Stage = ReleaseStage.Promoting,
            StageDone = false,
            WeightPercent = 100,
            RoutesRevision = e.Revision,
            GivesUpAt = null,
            Jobs = NoJobs,
            StepStartedAt = null,
            MinBakeEnds = null,
            MaxBakeEnds = null,
            Stages = s.Stages.SkippedUpTo(ReleaseStages.Production, e.At).Began(ReleaseStages.Production, e.At),
        },
        ReleasePromoted e => s with
        {
            Stage = ReleaseStage.Ended,
            StageDone = true,
            Promoted = true,
            Outcome = e.Outcome,
            EndedAt = e.At,
            Former = e.Former,
            WarmUntil = e.WarmUntil,
            RestartBy = null,
            Down = s.Down.Clear(),
            Stages = s.Stages.Ended(ReleaseStages.Production, StageState.Done, "passed", e.At),
        },
        FormerStopping e => s with { WarmUntil = null, Jobs = NoJobs.Add(e.Job, JobPurpose.StopFormer) },
        FormerStopped => s with { Former = null, Jobs = NoJobs },
        FormerGiven => s with { Former = null, WarmUntil = null },
        FormerRefused or StrayStopping => s,
        InstanceDied e when e.RestartBy is { } by => s with { RestartBy = by, Down = s.Down.Add("") },
        InstanceDied => s with { StableRuns = false, Former = s.Former is { } f ? f with { Address = null } : null },
        PromotedDied => s with { PromotedDown = true },
        InstanceAnswered e => Answered(s, e),
        ServiceDied e => s with { RestartBy = e.RestartBy ?? s.RestartBy, Down = s.Down.Add(e.Service) },
        ServiceAnswered e => Up(s, e.Service),
        ReleasePaused e => s with { PausedBy = e.By },
        ReleaseResumed => s with { PausedBy = null },
        ReleaseHeld e => s with { Hold = new(e.Why, e.Since, e.Until, e.Detail) },
        HoldEnding e => s with { Hold = s.Hold! with { EndsAt = e.EndsAt } },
        HoldEnded => s with { Hold = null },
        BlockRaised e => s with { Blocks = s.Blocks.SetItem(e.Why, new(e.Why, e.Detail, e.Until)) },
        BlockLifted e => s with { Blocks = s.Blocks.Remove(e.Why) },
        OverrideAsked e => s with { Override = new(e.By, e.Duration, e.Until, null) },
        OverrideConfirmed e => s with { Override = s.Override! with { ConfirmedBy = e.By, Until = e.Until } },
        OverrideEnded => s with { Override = null },
        _ => ChangeBack(s, happened),
    };

    private static Release ChangeBack(Release s, ReleaseEvent happened) => happened switch
    {
        RollbackStarted e => Unwaited(s) with
        {
            Stage = ReleaseStage.RollingBack,
            StageDone = false,
            Back = new(e.Outcome, e.Cause, e.At),
            GivesUpAt = e.GivesUpAt,
            RestartBy = null,
            Down = s.Down.Clear(),
            WeightPercent = e.Revision is null && e.Job is not null ? s.WeightPercent : 0,
            RoutesRevision = e.Revision ?? s.RoutesRevision,
            Jobs = e.Job is { } job ? NoJobs.Add(job, JobPurpose.StartStable) : NoJobs,
            Judgement = e.Judgement ?? s.Judgement,
            MinBakeEnds = null,
            MaxBakeEnds = null,
            StepStartedAt = null,
            Stages = s.Stages.Closed(StageState.Failed, e.Judgement is { Verdict: Verdict.Unhealthy } ? "unhealthy" : e.Outcome == ReleaseOutcome.Failed ? "failed" : "aborted", e.At, e.Cause),
        },
        StableStarting e => s with
        {
            StageDone = false,
            GivesUpAt = e.GivesUpAt,
            Jobs = NoJobs.Add(e.Job, JobPurpose.StartStable),
            Back = s.Back is { } b ? b with { RetryStableAt = null } : null,
        },
        StableStarted e => s with { StableAddress = e.Address, StableRuns = true, StageDone = s.Stage != ReleaseStage.RollingBack, GivesUpAt = null, Jobs = NoJobs },
        StableStartFailed e => s with { GivesUpAt = null, Jobs = NoJobs, Back = s.Back! with { RetryStableAt = e.RetryAt } },
        TrafficReturning e => s with { WeightPercent = 0, RoutesRevision = e.Revision, Jobs = NoJobs, GivesUpAt = null, Back = s.Back! with { RetryStableAt = null } },
        TrafficReturned e => s with { VerdictToStableMs = e.Milliseconds },
        CandidateStopping e => s with { GivesUpAt = e.GivesUpAt, Jobs = NoJobs.Add(e.Job, JobPurpose.StopCandidate), StagingMayRun = false },
        CandidateStopped => s with { CandidateMayRun = false, GivesUpAt = null, Jobs = NoJobs },
        ReleaseFinished e => s with { Stage = ReleaseStage.Ended, StageDone = true, Outcome = e.Outcome, EndedAt = e.At, StagingMayRun = false, Blocks = s.Blocks.Clear(), Override = null },
        _ => throw new InvalidOperationException($"Apply does not know {happened.GetType().Name}"),
    };

    /// <summary>Nothing makes it wait any more.</summary>
    private static Release Unwaited(Release s) => s with { Hold = null, PausedBy = null, AwaitsPromotion = false };

    /// <summary>Only when all of its services run does the new version count as running.</summary>
    private static Release Up(Release s, string service)
    {
        var down = s.Down.Remove(service);
        return s with { Down = down, RestartBy = down.IsEmpty ? null : s.RestartBy };
    }

    private static Release Answered(Release s, InstanceAnswered e) => s.Candidate == e.Release && (s.CandidateMayRun || s.Promoted)
        ? Up(s, "") with { CandidateAddress = e.Address, PromotedDown = false, RoutesRevision = e.Revision ?? s.RoutesRevision }
        : s with
        {
            StableAddress = e.Address,
            StableRuns = true,
            RoutesRevision = e.Revision ?? s.RoutesRevision,
            Former = s.Former is { } f && f.Release == e.Release ? f with { Address = e.Address } : s.Former,
        };

    internal static (string, double)[] Figures(VersionEvidence seen) => Figures(seen.Requests, seen.Errors, P95(seen));

    private static (string, double)[] Figures(StepJudged e) => Figures(e.Requests, e.Errors, e.P95Ms);

    private static (string, double)[] Figures(long requests, long errors, double? p95Ms)
    {
        var figures = new List<(string, double)> { ("requests", requests), ("errors", errors) };
        if (requests > 0) figures.Add(("errorRatePercent", 100.0 * errors / requests));
        if (p95Ms is { } p95) figures.Add(("p95Ms", p95));
        return [.. figures];
    }
}
