using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Rows I of rollout-scenarios.md.</summary>
public sealed class ReleaseFreezeTests
{
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly Actor Bo = Actor.User("bo");
    private static readonly Actor Calendar = Actor.System("freeze");

    private static ReleaseRun Frozen(FreezeBehaviour behaviour, int step = 1)
    {
        var run = new ReleaseRun(ReleaseSamples.Second().With(p => p with { Freeze = behaviour })).ToStep(step);
        return run.Did(new FreezeRelease(run.Now + TimeSpan.FromMinutes(40), Calendar, "Black Friday"));
    }

    [Fact]
    public void I1_FreezeOpensMidCanary_HoldsAtTheCurrentWeight()
    {
        var run = Frozen(FreezeBehaviour.Hold);
        run.View.Held.ShouldBe(HoldReason.Frozen);

        run.Pass(TimeSpan.FromMinutes(20)).LookHealthy();

        run.CanaryShare.ShouldBe(5);
        run.Do(new PromoteRelease(false, Bo, null))!.Code.ShouldBe("release.frozen");
        run.Do(new PromoteRelease(true, Bo, null))!.Code.ShouldBe("release.frozen");
    }

    [Fact]
    public void I1_PolicyFinish_GoesOnAndSaysSoInTheJournal()
    {
        var run = Frozen(FreezeBehaviour.Finish).PassStep();

        run.S.Step.ShouldBe(2);
        run.Journal.ShouldContain(e => e is BlockRaised);
    }

    [Fact]
    public void I1_PolicyRollBack_GoesBackAtOnce()
    {
        var run = Frozen(FreezeBehaviour.RollBack).Settle();

        run.CanaryShare.ShouldBe(0);
        run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
    }

    [Fact]
    public void I1_FreezeBeforeProduction_StopsAtTheDoor()
    {
        var run = new ReleaseRun().Begin().Did(new FreezeRelease(ReleaseSamples.Start.AddMinutes(30), Calendar, null));
        run.Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);
        run.View.Held.ShouldBe(HoldReason.Frozen);
        run.Weights.ShouldBeEmpty();

        run.Did(new FreezeRelease(null, Calendar, null)).Tick(TimeSpan.FromSeconds(31));

        run.View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void I2_FreezeCloses_ResumesByItselfSpreadOverAFewSeconds()
    {
        var run = Frozen(FreezeBehaviour.Hold).Pass(TimeSpan.FromMinutes(5)).Did(new FreezeRelease(null, Calendar, null));
        var ends = run.S.Hold!.EndsAt!.Value;
        (ends - run.Now).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        run.Now = ends;
        run.Tick().View.Phase.ShouldBe(ReleasePhase.Canary);
        run.LookHealthy().S.Step.ShouldBe(2);
    }

    [Fact]
    public void I2_FreezeWhoseEndNobodyTells_ClosesAtItsStoredTime()
    {
        var run = Frozen(FreezeBehaviour.Hold);
        run.Now = run.S.Blocks[HoldReason.Frozen].Until!.Value;
        run.Tick();
        run.Now = run.S.Hold!.EndsAt!.Value;

        run.Tick().View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void I2_FreezeLongerThanTheLongestHold_GoesBack()
    {
        var run = new ReleaseRun().ToStep(1);
        run.Did(new FreezeRelease(run.Now.AddDays(3), Calendar, null)).Tick(TimeSpan.FromMinutes(61)).Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
    }

    [Fact]
    public void I3_EmergencyOverride_NeedsASecondPersonExpiresAndIsInTheJournal()
    {
        var run = Frozen(FreezeBehaviour.Hold).Did(new OverrideFreeze(TimeSpan.FromMinutes(5), Ana, "customers cannot pay"));
        run.View.Phase.ShouldBe(ReleasePhase.Held);
        run.Do(new OverrideFreeze(TimeSpan.FromMinutes(5), Ana, null))!.Code.ShouldBe("release.second-person-needed");

        run.Did(new OverrideFreeze(TimeSpan.FromMinutes(5), Bo, "agreed"));
        run.View.Phase.ShouldBe(ReleasePhase.Canary);
        run.Tick(TimeSpan.FromMinutes(5));

        run.View.Held.ShouldBe(HoldReason.Frozen);
        run.Journal.OfType<OverrideConfirmed>().Single().ShouldSatisfyAllConditions(e => e.AskedBy.ShouldBe("user:ana"), e => e.By.ShouldBe("user:bo"), e => e.Reason.ShouldBe("agreed"));
    }

    [Fact]
    public void I3_BegunWhileProductionIsFrozen_StopsAtItsDoor_AndTwoPeopleLetItThrough()
    {
        var run = new ReleaseRun();
        run.Did(new BeginRelease(run.Spec, Ana, null) { Frozen = new(run.Now.AddHours(-1), run.Now.AddHours(9), "Sale") }).Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);
        run.View.Held.ShouldBe(HoldReason.Frozen);
        run.Weights.ShouldBeEmpty();
        run.Did(new OverrideFreeze(TimeSpan.FromMinutes(30), Ana, "customers cannot pay")).Did(new OverrideFreeze(TimeSpan.FromMinutes(30), Bo, "agreed"));
        run.View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void I3_AtProductionsDoor_WaitsForTheEndOfTheWindow_HoweverFar()
    {
        var run = new ReleaseRun();
        var monday = run.Now.AddDays(3);
        run.Did(new BeginRelease(run.Spec, Ana, null) { Frozen = new(run.Now.AddHours(-1), monday, "Sale") }).Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);
        run.Tick(TimeSpan.FromDays(2));
        run.View.Held.ShouldBe(HoldReason.Frozen);

        // Somebody makes the window longer meanwhile.
        run.Did(new FreezeRelease(monday.AddDays(1), Calendar, "Sale"));
        run.Now = monday + run.S.Policy.MaxHold;
        run.Tick();
        run.View.Held.ShouldBe(HoldReason.Frozen);

        run.Now = monday.AddDays(1);
        run.Tick().Tick(TimeSpan.FromMinutes(1));
        run.View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void I3_OverrideNobodyConfirms_IsForgotten()
    {
        var run = Frozen(FreezeBehaviour.Hold).Did(new OverrideFreeze(TimeSpan.FromMinutes(5), Ana, null)).Tick(TimeSpan.FromMinutes(15));

        run.S.Override.ShouldBeNull();
        run.View.Held.ShouldBe(HoldReason.Frozen);
    }

    [Fact]
    public void I4_WaiverExpires_BlocksTheNextStepAndLeavesStableAlone()
    {
        var run = new ReleaseRun().ToStep(1).Did(new BlockRelease(HoldReason.WaiverExpired, "The waiver of no-tests expired.", Actor.System("plans"), null));
        run.Pass(TimeSpan.FromMinutes(1)).LookHealthy();
        run.S.Step.ShouldBe(1);
        run.CanaryShare.ShouldBe(5);
        run.Do(new PromoteRelease(false, Bo, null))!.Code.ShouldBe("release.blocked");

        run.Did(new UnblockRelease(HoldReason.WaiverExpired, Bo, "renewed")).LookHealthy();

        run.S.Step.ShouldBe(2);
    }

    [Fact]
    public void I5_ApprovalByTheAuthor_IsRejected()
    {
        var run = new ReleaseRun(ReleaseSamples.Second().With(p => p with { Gates = ["build", "smoke", "approval"] })).ToGatesPassed();

        run.Do(new ApproveRelease(Ana, null))!.Code.ShouldBe("release.approval-by-author");
        run.Do(new ApproveRelease(Actor.System("bot"), null))!.Code.ShouldBe("release.approval-by-machine");
        run.Did(new ApproveRelease(Bo, "read it"));

        run.View.Phase.ShouldBe(ReleasePhase.StartingProduction);
        run.Journal.OfType<Approved>().Single().Diff().ShouldBe("plan:2");
    }

    [Fact]
    public void I6_AttestationMissing_BlocksBeforeTraffic()
    {
        var run = new ReleaseRun().ToGatesPassed().Did(new BlockRelease(HoldReason.AttestationMissing, "The artifact has no valid attestation.", Actor.System("supply"), null));
        run.Succeed(DeployJobs.Start);
        run.View.Held.ShouldBe(HoldReason.AttestationMissing);
        run.Weights.ShouldBeEmpty();

        run.Did(new UnblockRelease(HoldReason.AttestationMissing, Actor.System("supply"), null));

        run.Weights.ShouldBe([1]);
    }

    [Fact]
    public void I7_Drift_HoldsAndGoesOnWhenItIsUndone()
    {
        var run = new ReleaseRun().ToStep(1).Did(new BlockRelease(HoldReason.Drift, "The process runs another artifact.", Actor.System("drift"), null));
        run.View.Held.ShouldBe(HoldReason.Drift);

        run.Did(new UnblockRelease(HoldReason.Drift, Actor.System("drift"), null)).View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void I8_RollbackDuringAFreeze_IsAllowedAndRecorded()
    {
        Frozen(FreezeBehaviour.Hold).Did(new RollBackRelease(Bo, "errors in support")).Settle().S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);

        var old = ReleaseSamples.Second() with { Kind = ReleaseKind.FastRollback, ArtifactDigest = ReleaseSamples.Digest(9) };
        var run = new ReleaseRun(old).Begin().Did(new FreezeRelease(ReleaseSamples.Start.AddDays(1), Calendar, "holidays"));
        run.Did(new GiveWarm(null, Calendar, null)).Succeed(DeployJobs.Start);
        run.S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);
        run.Journal.ShouldContain(e => e is BlockRaised);
    }

    [Fact]
    public void I9_FastRollbackWithoutAPinnedArtifact_IsRefusedBeforeAnythingMoves()
    {
        var run = new ReleaseRun(ReleaseSamples.Second() with { Kind = ReleaseKind.FastRollback });

        run.Do(new BeginRelease(run.Spec, Bo, null))!.Code.ShouldBe("release.no-artifact");
    }

    [Fact]
    public void Hold_WithTwoCauses_EndsOnlyWhenBothAreGone()
    {
        var run = new ReleaseRun().ToStep(1).Did(new BlockRelease(HoldReason.Drift, "Drift.", Calendar, null)).Did(new BlockRelease(HoldReason.WaiverExpired, "Expired.", Calendar, null));
        var until = run.S.Hold!.Until;

        run.Did(new UnblockRelease(HoldReason.Drift, Calendar, null));
        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
        run.S.Hold!.Until.ShouldBe(until, "a second cause does not lengthen the hold");
        run.Did(new UnblockRelease(HoldReason.WaiverExpired, Calendar, null));

        run.View.Phase.ShouldBe(ReleasePhase.Canary);
    }
}
