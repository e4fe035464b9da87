using System.Collections.Immutable;

namespace ProdSprint.Releases;

/// <summary>The only writer of a release's state, live and in replay. Total: every event has its line.</summary>
public static partial class ReleaseMachine
{
    public static Release Apply(Release? state, ReleaseEvent happened)
    {
        var next = happened is ReleaseBegan began ? Begun(began) : Change(state ?? throw new InvalidOperationException("A release begins with ReleaseBegan."), happened);
        return next with { Version = happened.StateVersion, Message = happened.Text() };
    }

    private static Release Change(Release s, ReleaseEvent happened) => happened switch
    {
        BuildStarted e => Waiting(s, ReleaseStage.Applying, ReleaseStages.Apply, e, e.Job, JobPurpose.Build, e.GivesUpAt),
        BuildFinished e => Done(s, e) with
        {
            ArtifactDigest = e.ArtifactDigest,
            TestsPassed = e.TestsPassed,
            TestsFailed = e.TestsFailed,
            TestReport = e.TestReport,
            Stages = s.Stages.Ended(ReleaseStages.Apply, StageState.Done, "passed", e.At, e.Reused ? "reused" : null,
                ("buildSeconds", e.Seconds), ("sizeBytes", e.SizeBytes), ("testsPassed", e.TestsPassed), ("testsFailed", e.TestsFailed)),
        },
        BuildSkipped e => s with { Stage = ReleaseStage.Applying, Stages = s.Stages.Ended(ReleaseStages.Apply, StageState.Skipped, "skipped", e.At, "kept from an earlier release") },
        MigrationStarted { Environment: ReleaseEffects.Staging } e =>
            Waiting(s, ReleaseStage.Staging, ReleaseStages.Staging, e, e.Job, JobPurpose.MigrateStaging, e.GivesUpAt) with { StagingMayRun = true },
        MigrationStarted e => Waiting(s, ReleaseStage.StartingProduction, ReleaseStages.Production, e, e.Job, JobPurpose.MigrateProduction, e.GivesUpAt) with
        {
            Candidate = s.Spec.Number,
            CandidateMayRun = true,
        },
        MigrationFinished e => s with { Jobs = NoJobs, Stages = s.Stages.Measured(e.Environment, null, ("migrations", e.Migrations), ("migrateSeconds", e.Seconds)) },
        StagingStarting e => Waiting(s, ReleaseStage.Staging, ReleaseStages.Staging, e, e.Job, JobPurpose.StartStaging, e.GivesUpAt) with { StagingMayRun = true },
        StagingStarted e => Done(s, e) with
        {
            StagingAddress = e.Address,
            Stages = s.Stages.Ended(ReleaseStages.Staging, StageState.Done, "passed", e.At, null, ("readySeconds", e.ReadySeconds)),
        },
        TestsChecking e => Waiting(s, ReleaseStage.Gates, ReleaseStages.Gates, e, e.Job, JobPurpose.Tests, e.GivesUpAt),
        TestsChecked e => s with
        {
            TestsChecked = true,
            TestsPassed = e.Passed,
            TestsFailed = e.Blocking.IsEmpty ? 0 : e.Failed,
            Findings = [.. s.Findings, .. e.Findings],
            Jobs = NoJobs,
            GivesUpAt = null,
            Stages = s.Stages.Measured(ReleaseStages.Gates, e.Text(), TestFigures(e)),
        },
        PerformanceChecking e => Waiting(s, ReleaseStage.Gates, ReleaseStages.Gates, e, e.Job, JobPurpose.Performance, e.GivesUpAt) with { Smoke = e.Smoke },
        PerformanceChecked e => s with
        {
            PerformanceChecked = true,
            Smoke = null,
            Findings = [.. s.Findings, .. e.Findings],
            Jobs = NoJobs,
            GivesUpAt = null,
            Stages = s.Stages.Measured(ReleaseStages.Gates, e.Text(), LoadFigures(e)),
        },
        SupplyChecking e => Waiting(s, ReleaseStage.Gates, ReleaseStages.Gates, e, e.Job, JobPurpose.Supply, e.GivesUpAt),
        SupplyChecked e => s with
        {
            SupplyChecked = true,
            SupplyReport = e.Report,
            Findings = [.. s.Findings, .. e.Findings],
            Jobs = NoJobs,
            GivesUpAt = null,
            Stages = s.Stages.Measured(ReleaseStages.Gates, e.Text(), ("components", e.Components), ("findings", e.Findings.Length + e.More), ("waived", e.Waived)),
        },
        GateFactsTold e => s with { Gate = e.Facts },
        GatesStarted e => Waiting(s, ReleaseStage.Gates, ReleaseStages.Gates, e, e.Job, JobPurpose.Smoke, e.GivesUpAt),
        GatesPassed e => Done(s, e) with
        {
            GatesPassed = true,
            StagingMayRun = false,
            StagingAddress = null,
            Stages = s.Stages.Ended(ReleaseStages.Gates, StageState.Done, "passed", e.At, null,
                ("requests", e.Requests), ("errors", e.Errors), ("p95Ms", e.P95Ms), ("testsPassed", e.TestsPassed)),
        },
        ApprovalAsked e => s with { Stage = ReleaseStage.AwaitingApproval, StageDone = false, Stages = s.Stages.Began(ReleaseStages.Approval, e.At) },
        Approved e => s with { StageDone = true, ApprovedBy = e.By, Stages = s.Stages.Ended(ReleaseStages.Approval, StageState.Done, "passed", e.At, e.By) },
        WarmAsked e => Waiting(s, ReleaseStage.StartingProduction, ReleaseStages.Production, e, null, default, e.GivesUpAt),
        WarmTaken e => Done(s, e) with { Candidate = e.Warm.Release, CandidateAddress = e.Warm.Address, CandidateMayRun = true },
        ProductionStarting e => Waiting(s, ReleaseStage.StartingProduction, ReleaseStages.Production, e, e.Job, JobPurpose.StartCandidate, e.GivesUpAt) with
        {
            Candidate = s.Spec.Number,
            CandidateMayRun = true,
        },
        ProductionStarted e => Done(s, e) with { CandidateAddress = e.Address, RestartBy = null, Down = s.Down.Clear(), Stages = s.Stages.Measured(ReleaseStages.Production, null, ("readySeconds", e.ReadySeconds)) },
        PreviewChecking e => Waiting(s, ReleaseStage.Preview, ReleaseStages.Preview, e, e.Job, JobPurpose.CheckPreview, e.GivesUpAt) with { RoutesRevision = e.Revision },
        PreviewPassed e => Done(s, e) with
        {
            PreviewPassed = true,
            Stages = s.Stages.Ended(ReleaseStages.Preview, StageState.Done, "passed", e.At, null, ("requests", e.Requests), ("errors", e.Errors), ("p95Ms", e.P95Ms)),
        },
        StageFailed e => s with { Stages = s.Stages.Ended(e.Stage, StageState.Failed, "failed", e.At, e.Problem) },
        AttemptRequested e => s with { Asked = new(e.Full, e.By, e.Reason) },
        AttemptBegan e => Again(s, e),
        AttemptRefused => s with { Asked = null },
        DeadlinesMoved e => Moved(s, e.Moved),
        _ => ChangeTraffic(s, happened),
    };

    private static (string, double)[] TestFigures(TestsChecked e) =>
    [
        ("quarantined", e.Tolerated), .. e.CoveragePercent is { } percent ? ((string, double)[])[("coveragePercent", percent)] : [],
        .. e.Findings.IsEmpty ? ((string, double)[])[] : [("testFindings", e.Findings.Length), ("testWaived", e.Waived)],
    ];

    private static (string, double)[] LoadFigures(PerformanceChecked e) =>
    [
        ("loadRoutes", e.Routes), ("loadRequests", e.Requests), ("loadFailed", e.Failed), ("loadP95Ms", e.P95Ms),
        .. e.Findings.IsEmpty ? ((string, double)[])[] : [("performanceFindings", e.Findings.Length), ("performanceWaived", e.Waived)],
    ];

    private static Release Begun(ReleaseBegan e)
    {
        var s = new Release
        {
            Spec = e.Spec, StartedBy = e.By, AttemptBy = e.By, StartedAt = e.At, ArtifactDigest = e.Spec.ArtifactDigest, Gate = e.Spec.Gate,
            StableAddress = e.Spec.Stable?.Address, StableRuns = e.Spec.Stable?.Address is not null,
        };
        return s with { Stages = ReleaseStages.Planned(s) };
    }

    /// <summary>A new attempt keeps what was proven (an artifact that passed its gates) and nothing else.</summary>
    private static Release Again(Release s, AttemptBegan e)
    {
        var again = new Release
        {
            Spec = s.Spec with { Stable = e.Stable }, StartedBy = s.StartedBy, AttemptBy = e.AskedBy, StartedAt = e.At, Attempt = e.Attempt,
            ArtifactDigest = s.GatesPassed ? s.ArtifactDigest : s.Spec.ArtifactDigest,
            TestsPassed = s.GatesPassed ? s.TestsPassed : 0,
            TestReport = s.GatesPassed ? s.TestReport : null, TestsChecked = e.Full && s.TestsChecked, PerformanceChecked = e.Full && s.PerformanceChecked,
            GatesPassed = e.Full, FullPromotion = e.Full, ApprovedBy = e.Full ? s.ApprovedBy : null,
            Gate = e.Gate ?? s.Gate, SupplyChecked = e.Full && s.SupplyChecked, SupplyReport = e.Full ? s.SupplyReport : null, Findings = e.Full ? s.Findings : [],
            RoutesRevision = 0, StableAddress = e.Stable?.Address, StableRuns = e.Stable?.Address is not null,
        };
        var planned = ReleaseStages.Planned(again);
        return again with { Stages = e.Full ? planned.SkippedUpTo(ReleaseStages.Production, e.At) : planned };
    }

    private static Release Waiting(Release s, ReleaseStage stage, string name, ReleaseEvent e, string? job, JobPurpose purpose, DateTimeOffset givesUpAt) => s with
    {
        Stage = stage,
        StageDone = false,
        GivesUpAt = givesUpAt,
        Stages = s.Stages.Began(name, e.At),
        Jobs = job is null ? ImmutableSortedDictionary<string, JobPurpose>.Empty : ImmutableSortedDictionary<string, JobPurpose>.Empty.Add(job, purpose),
    };

    private static Release Done(Release s, ReleaseEvent _) => s with
    {
        StageDone = true,
        GivesUpAt = null,
        Jobs = ImmutableSortedDictionary<string, JobPurpose>.Empty,
    };

    private static Release Moved(Release s, TimeSpan by) => s with
    {
        GivesUpAt = s.GivesUpAt + by,
        StepStartedAt = s.StepStartedAt + by,
        MinBakeEnds = s.MinBakeEnds + by,
        MaxBakeEnds = s.MaxBakeEnds + by,
        RestartBy = s.RestartBy + by,
        WarmUntil = s.WarmUntil + by,
        Hold = s.Hold is { } h ? h with { Since = h.Since + by, Until = h.Until + by, EndsAt = h.EndsAt + by } : null,
        Override = s.Override is { } o ? o with { Until = o.Until + by } : null,
        Back = s.Back is { } b ? b with { Since = b.Since + by, RetryStableAt = b.RetryStableAt + by } : null,
    };
}
