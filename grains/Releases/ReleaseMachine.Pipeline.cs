using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>From the beginning to a new version that runs in production without traffic.</summary>
public static partial class ReleaseMachine
{
    /// <summary>A warm process is handed over within a second; longer than this and the version is started instead.</summary>
    private static readonly TimeSpan WarmAnswer = TimeSpan.FromSeconds(5);

    private static Rejection? Begin(ReleaseTurn t, BeginRelease c)
    {
        if (ReleaseEffects.ServiceOf(c.Spec, ReleaseEffects.Production) is null) return ReleaseRejections.NoEntry(c.Spec);
        if (c.Spec is { Kind: ReleaseKind.FastRollback, ArtifactDigest: null }) return ReleaseRejections.NoArtifact(c.Spec);
        t.Happened(new ReleaseBegan(c.Spec));
        StandBefore(t, c.Frozen);
        if (c.Drift is { } drift) Raise(t, HoldReason.Drift, drift, null);
        Proceed(t);
        return null;
    }

    /// <summary>Begins what comes after the stage that is done, unless a person has paused. Called after every completion and every resume.</summary>
    private static void Proceed(ReleaseTurn t)
    {
        var s = t.State;
        if (!s.StageDone || s.PausedBy is not null) return;
        switch (s.Stage)
        {
            case ReleaseStage.Queued when s.Spec.Kind == ReleaseKind.FastRollback: AskWarm(t); break;
            case ReleaseStage.Queued when s is { FullPromotion: true, GatesPassed: true }: AfterGates(t); break;
            case ReleaseStage.Queued: Build(t); break;
            case ReleaseStage.Applying: StartStaging(t); break;
            case ReleaseStage.Staging: CheckGates(t); break;
            case ReleaseStage.Gates: AfterGates(t); break;
            case ReleaseStage.AwaitingApproval: StartProduction(t); break;
            case ReleaseStage.StartingProduction: EnterTraffic(t); break;
            case ReleaseStage.Preview: StartStep(t, 0); break;
        }
    }

    private static void Build(ReleaseTurn t)
    {
        if (t.State.ArtifactDigest is { } digest)
        {
            t.Happened(new BuildSkipped(digest));
            Proceed(t);
            return;
        }
        var job = ReleaseEffects.Build(t.State);
        t.Happened(new BuildStarted(t.Enqueue(job), t.State.Spec.Commit, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void StartStaging(ReleaseTurn t)
    {
        if (ReleaseEffects.ServiceOf(t.State.Spec, ReleaseEffects.Staging) is null)
        {
            Fail(t, ReleaseStages.Staging, "the plan has no staging environment for the entry service.");
            return;
        }
        if (!Migrate(t, ReleaseEffects.Staging)) StartInStaging(t);
    }

    private static void StartInStaging(ReleaseTurn t)
    {
        var job = ReleaseEffects.StartStaging(t.State);
        t.Happened(new StagingStarting(t.Enqueue(job), t.State.Spec.Version, t.State.ArtifactDigest!, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void CheckGates(ReleaseTurn t)
    {
        var s = t.State;
        var gates = string.Join(", ", s.Policy.Gates);
        if (NeedsTests(s)) CheckTests(t);
        else if (s.Policy.Gates.Contains("tests") && s.TestsFailed > 0)
        {
            t.Happened(new GatesStarted(null, gates, t.Now));
            Fail(t, ReleaseStages.Gates, $"{s.TestsFailed} tests failed, {s.TestsPassed} passed.");
        }
        else if (NeedsSupply(s)) CheckSupply(t);
        else if (s.Policy.Gates.Contains("smoke"))
        {
            var job = ReleaseEffects.Smoke(s, ReleaseEffects.Staging, s.StagingAddress!);
            t.Happened(new GatesStarted(t.Enqueue(job), gates, ReleaseEffects.GivesUpAt(job, t.Now)));
        }
        else
        {
            t.Happened(new GatesStarted(null, gates, t.Now));
            PassGates(t, new(true, 0, 0, 0, "No smoke gate."));
        }
    }

    private static void PassGates(ReleaseTurn t, SmokeResult smoke)
    {
        t.Enqueue(ReleaseEffects.StopStaging(t.State));
        t.Happened(new GatesPassed(smoke.Requests, smoke.Errors, smoke.P95Ms, t.State.TestsPassed));
        Proceed(t);
    }

    private static void AfterGates(ReleaseTurn t)
    {
        if (ReleaseGuards.NeedsApproval(t.State) && t.State.ApprovedBy is null) t.Happened(new ApprovalAsked(t.State.Spec.PlanNumber));
        else StartProduction(t);
    }

    private static Rejection? Approve(ReleaseTurn t, ApproveRelease c)
    {
        if (ReleaseGuards.Approve(t.State, c.By) is { } no) return no;
        t.Happened(new Approved(t.State.Spec.PlanNumber));
        Proceed(t);
        return null;
    }

    private static void StartProduction(ReleaseTurn t)
    {
        if (!Migrate(t, ReleaseEffects.Production)) StartInProduction(t);
    }

    private static void StartInProduction(ReleaseTurn t)
    {
        var job = ReleaseEffects.StartCandidate(t.State);
        t.Happened(new ProductionStarting(t.Enqueue(job), t.State.Spec.Version, t.State.ArtifactDigest!, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    /// <summary>The release that is in production now may keep the wanted version warm: then only traffic has to move.</summary>
    private static void AskWarm(ReleaseTurn t)
    {
        var s = t.State;
        var keeper = s.Spec.Stable is { } stable ? stable.PromotedBy > 0 ? stable.PromotedBy : stable.Release : 0;
        if (keeper == 0 || keeper == s.Spec.Number)
        {
            StartProduction(t);
            return;
        }
        t.Effect(ReleaseEffects.TellRelease(s, keeper, new AskForWarm(s.Spec.Number, s.ArtifactDigest!, Actor.System("release"), null)));
        t.Happened(new WarmAsked(keeper, t.Now + WarmAnswer));
    }

    private static Rejection? TakeWarm(ReleaseTurn t, GiveWarm c)
    {
        var waits = t.State is { Stage: ReleaseStage.StartingProduction, StageDone: false, Candidate: 0 } && t.State.Jobs.IsEmpty;
        if (!waits)
        {
            // Too late: nobody else will stop what was handed over.
            if (c.Warm is { } stray && stray.Release != t.State.Candidate) StopStray(t, stray);
        }
        else if (c.Warm is { Address: not null } warm)
        {
            t.Happened(new WarmTaken(warm));
            Proceed(t);
        }
        else StartProduction(t);
        return null;
    }

    /// <summary>The new version runs. Before it gets traffic: nothing may block, and there has to be a stable version to go back to.</summary>
    private static void EnterTraffic(ReleaseTurn t)
    {
        var s = t.State;
        if (ReleaseGuards.Blocking(s) is { } block) HoldFor(t, block.Reason, block.Detail);
        else if (s.SkipsSteps) StartPromotion(t);
        else if (!s.StableRuns) StartStable(t);
        else if (s.Policy.Strategy == ReleaseStrategy.BlueGreen && !s.PreviewPassed) CheckPreview(t);
        else StartStep(t, 0);
    }

    /// <summary>Blue/green: reachable by header only, and checked there before anybody is switched to it.</summary>
    private static void CheckPreview(ReleaseTurn t)
    {
        var s = t.State;
        t.Effect(ReleaseEffects.Split(s, 0, t.Revision));
        var job = ReleaseEffects.Smoke(s, ReleaseEffects.Production, s.CandidateAddress!);
        t.Happened(new PreviewChecking(t.Enqueue(job), s.CandidateAddress!, t.Revision, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void StartStable(ReleaseTurn t)
    {
        var stable = t.State.Spec.Stable!;
        var job = ReleaseEffects.StartStable(t.State);
        t.Happened(new StableStarting(t.Enqueue(job), stable.Version, stable.ArtifactDigest, ReleaseEffects.GivesUpAt(job, t.Now)));
    }

    private static void Fail(ReleaseTurn t, string stage, string problem)
    {
        t.Happened(new StageFailed(stage, problem));
        TakeBack(t, ReleaseOutcome.Failed, $"{char.ToUpperInvariant(stage[0])}{stage[1..]} failed: {problem}");
    }
}
