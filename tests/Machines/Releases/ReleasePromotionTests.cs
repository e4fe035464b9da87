using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Rows F of rollout-scenarios.md.</summary>
public sealed class ReleasePromotionTests
{
    private static readonly Actor Bo = Actor.User("bo");
    private static readonly Actor Supervisor = Actor.System("supervisor");

    [Fact]
    public void F1_Promotion_StartsNoSecondCopySoNothingCanFailToComeUp()
    {
        var run = new ReleaseRun().ToStep(3);
        var started = run.Payloads<StartRequest>(DeployJobs.Start).Count();
        run.RouterAnswers = false;

        run.PassStep();
        run.View.Phase.ShouldBe(ReleasePhase.Promoting);
        run.Tick(TimeSpan.FromHours(1));

        run.CanaryShare.ShouldBe(100, "the healthy new version keeps the traffic while the router is not heard of");
        run.Payloads<StartRequest>(DeployJobs.Start).Count().ShouldBe(started);
        run.RouterCatchesUp();
        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
    }

    [Fact]
    public void F2_ProcessMovesAfterThePromotion_TrafficFollowsIt()
    {
        var run = new ReleaseRun().ToPromoted();

        run.Did(new InstanceFailed("production", 2, "exit 1", Supervisor, null)).Did(new InstanceStarted("production", 2, "127.0.0.1:4299", Supervisor, null));

        run.Routes!.Backends.Single().ShouldSatisfyAllConditions(b => b.Address.ShouldBe("127.0.0.1:4299"), b => b.Weight.ShouldBe(10_000));
        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.ToldProject.OfType<Projects.StableProcessChanged>().Select(c => c.Address).ShouldBe([null, "127.0.0.1:4299"]);
    }

    [Fact]
    public void F2_FormerThatCannotBeStopped_LeavesThePromotionAsItIs()
    {
        var run = new ReleaseRun().ToPromoted().Tick(TimeSpan.FromMinutes(10));
        run.Succeed(DeployJobs.Stop).Break(DeployJobs.Stop, "it does not listen to signals.");

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.CanaryShare.ShouldBe(100);
        run.Journal[^1].Text().ShouldContain("could not be stopped");
    }

    [Fact]
    public void F2_FormerEndsWhileItIsStopped_IsNoDeath()
    {
        var run = new ReleaseRun().ToPromoted().Tick(TimeSpan.FromMinutes(10));
        run.Journal[^1].ShouldBeOfType<FormerStopping>();

        run.Did(new InstanceFailed("production", 1, "It ended while the server was away.", Supervisor, null));
        run.LastEvents.ShouldBeEmpty();
        run.Settle().Did(new InstanceFailed("production", 1, "It ended while the server was away.", Supervisor, null));
        run.LastEvents.ShouldBeEmpty();
    }

    [Fact]
    public void F3_SkipAnalysis_PromotesAsSoonAsTheNewVersionIsHealthy()
    {
        var run = new ReleaseRun(ReleaseSamples.Second() with { SkipAnalysis = true }).ToProduction();

        run.S.Outcome.ShouldBe(ReleaseOutcome.FastPromoted);
        run.Weights.ShouldBe([100]);
        run.S.Former!.Version.ShouldBe("v1");
    }

    [Fact]
    public void F4_FullPromotionOfAVersionThatNeverGetsHealthy_ThenAbort_AbortWins()
    {
        var run = new ReleaseRun().ToGatesPassed().Did(new PromoteRelease(true, Bo, null));
        run.View.Phase.ShouldBe(ReleasePhase.StartingProduction);

        run.Did(new AbortRelease(Bo, "enough"));
        run.Pending(DeployJobs.Start).ShouldBeNull();
        run.Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        run.Weights.ShouldBeEmpty();
    }

    [Fact]
    public void F4_AbortWhilePromoting_AbortWins()
    {
        var run = new ReleaseRun().ToStep(3);
        run.RouterAnswers = false;
        run.PassStep().Did(new AbortRelease(Bo, null));
        run.Did(new RoutesInForce(run.S.RoutesRevision - 1));
        run.View.Phase.ShouldBe(ReleasePhase.RollingBack, "the overtaken orders promote nothing");

        run.RouterCatchesUp();

        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        run.CanaryShare.ShouldBe(0);
    }

    [Fact]
    public void F5_NewVersionNeverComesUp_FailsAtTheProgressDeadlineAndStableServesOn()
    {
        var run = new ReleaseRun().ToGatesPassed();
        var deadline = ReleaseMachine.WakeAt(run.S, run.Now)!.Value;

        run.Now = deadline - TimeSpan.FromSeconds(1);
        run.Tick().View.Phase.ShouldBe(ReleasePhase.StartingProduction);
        run.Tick(TimeSpan.FromSeconds(1)).Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.Weights.ShouldBeEmpty();
        run.Ended.Stable.ShouldBe(ReleaseSamples.V1);
    }

    [Fact]
    public void F6_WarmTimeLongerThanAnyDeadline_IsNoFailure()
    {
        var run = new ReleaseRun(ReleaseSamples.Second().With(p => p with { WarmAfterPromotion = TimeSpan.FromDays(3) })).ToPromoted();

        run.Tick(TimeSpan.FromDays(2));
        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.Tick(TimeSpan.FromDays(1)).Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.S.Former.ShouldBeNull();
    }

    [Fact]
    public void CanaryProcessDies_AndAnswersInTime_GoesOnAtItsNewAddress()
    {
        var run = new ReleaseRun().ToStep(1).Did(new InstanceFailed("production", 2, "exit 139", Supervisor, null));
        run.Tick(TimeSpan.FromSeconds(14)).Did(new InstanceStarted("production", 2, "127.0.0.1:4300", Supervisor, null));

        run.Tick(TimeSpan.FromSeconds(5)).View.Phase.ShouldBe(ReleasePhase.Canary);
        run.Routes!.Backends.Single(b => !b.Stable).ShouldSatisfyAllConditions(b => b.Address.ShouldBe("127.0.0.1:4300"), b => b.Weight.ShouldBe(500));
    }

    [Fact]
    public void CanaryProcessDies_AndStaysDead_RollsBack()
    {
        var run = new ReleaseRun().ToStep(1).Did(new InstanceFailed("production", 2, "exit 139", Supervisor, null));

        run.Now = ReleaseMachine.WakeAt(run.S, run.Now)!.Value;
        run.Tick().Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
        run.CanaryShare.ShouldBe(0);
    }
}
