using System.Text.Json;
using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>Rows H of rollout-scenarios.md. Every <see cref="ReleaseRun"/> reads its state back from stored JSON between any two decisions.</summary>
public sealed class ReleaseRestartTests
{
    private static readonly Actor Bo = Actor.User("bo");

    [Fact]
    public void H1_KilledInABake_GoesOnByTheStoredDeadlines()
    {
        var run = new ReleaseRun().ToStep(1);
        var (least, longest) = (run.S.MinBakeEnds, run.S.MaxBakeEnds);

        run.Tick(TimeSpan.FromSeconds(12)).Tick();

        (run.S.MinBakeEnds, run.S.MaxBakeEnds).ShouldBe((least, longest));
        ReleaseMachine.WakeAt(run.S, run.Now).ShouldBe(least);
    }

    [Fact]
    public void H2_KilledInAnAnalysis_GoesOnFromWhatWasStored()
    {
        var run = new ReleaseRun().ToStep(1).Look(ReleaseSamples.Undecided);
        run.S.Judgement!.Verdict.ShouldBe(Verdict.Inconclusive);
        run.S.StableBefore.Requests.ShouldBe(600);

        run.PassStep();

        run.S.Step.ShouldBe(2);
        run.S.StableBefore.Requests.ShouldBe(1200);
    }

    [Fact]
    public void H5_LooksAndTicksRightAfterARestart_NeverShortenABake()
    {
        var run = new ReleaseRun().ToStep(1);
        run.Now = run.S.MinBakeEnds!.Value - TimeSpan.FromMilliseconds(1);

        for (var i = 0; i < 10; i++) run.LookHealthy().Tick();

        run.S.Step.ShouldBe(1);
    }

    [Fact]
    public void H6_RestartMidDeploy_ProcessFoundRunningBeforeItsStartIsAnswered_IsNoNews()
    {
        var run = new ReleaseRun().ToGatesPassed();

        run.Did(new InstanceStarted("production", 2, ReleaseSamples.NewAddress, Actor.System("supervisor"), null));
        run.LastEvents.ShouldBeEmpty();

        run.Succeed(DeployJobs.Start);
        run.View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void H6_RestartMidDeploy_MarksNothingFailedAndTakesTheOutcomeWhenItComes()
    {
        var run = new ReleaseRun().ToGatesPassed();

        run.Tick(TimeSpan.FromSeconds(20)).Tick(TimeSpan.FromSeconds(20)).Succeed(DeployJobs.Start);

        run.View.Phase.ShouldBe(ReleasePhase.Canary);
        run.Journal.ShouldNotContain(e => e is StageFailed);
    }

    [Fact]
    public void H7_ReleaseWhoseCallerWentAway_LeavesNoLockBehind()
    {
        var run = new ReleaseRun().Begin();

        run.Did(new SupersedeRelease(3, Actor.System("project"), null));

        run.S.Outcome.ShouldBe(ReleaseOutcome.Superseded);
        run.Queue.ShouldBeEmpty();
    }

    [Fact]
    public void H10_TwoOwners_TheRouterTakesNoRevisionTwiceAndNoneThatIsOlder()
    {
        var owner = new ReleaseRun().ToStep(1);
        var stale = ReleaseMachine.Decide(owner.S, owner.Key, new AbortRelease(Bo, null), owner.Now);
        owner.PassStep();
        var theirs = stale.Effects.OfType<SetRoutes>().Single().Routes.Revision;

        theirs.ShouldBeLessThanOrEqualTo(owner.Routes!.Revision, "the router refuses it, and the storage refuses its version");
        stale.Events.ShouldAllBe(e => e.StateVersion <= owner.S.Version);
        owner.CanaryShare.ShouldBe(25);
        var newer = new ReleaseRun(ReleaseSamples.Second() with { Number = 3 }).ToProduction();
        newer.Routes!.Revision.ShouldBeGreaterThan(owner.ToPromotedFrom().Routes!.Revision);
    }

    [Fact]
    public void H11_ClockJumpsAnHourForward_PromotesNothingEarly()
    {
        var run = new ReleaseRun().ToStep(1);
        var left = run.S.MinBakeEnds!.Value - run.Now;

        run.Pass(TimeSpan.FromHours(1)).Did(new ClockMoved(TimeSpan.FromHours(1))).LookHealthy();

        run.S.Step.ShouldBe(1);
        run.Pass(left).LookHealthy().S.Step.ShouldBe(2);
    }

    [Fact]
    public void H11_ClockJumpsAnHourBack_NeitherLengthensABakeNorMovesAFreeze()
    {
        var run = new ReleaseRun().ToStep(1);
        var left = run.S.MinBakeEnds!.Value - run.Now;
        var freeze = run.Now.AddMinutes(40);
        run.Did(new FreezeRelease(freeze, Actor.System("freeze"), null));

        run.Pass(-TimeSpan.FromHours(1)).Did(new ClockMoved(-TimeSpan.FromHours(1)));

        run.S.MinBakeEnds.ShouldBe(run.Now + left);
        run.S.Blocks[HoldReason.Frozen].Until.ShouldBe(freeze);
    }

    [Fact]
    public void H12_NoMetricsForTheWholeBake_IsHeldThenRolledBackAfterTheLongestHold()
    {
        var run = new ReleaseRun().ToStep(1).Tick(TimeSpan.FromMinutes(10));
        run.View.Held.ShouldBe(HoldReason.NoMetrics);
        run.CanaryShare.ShouldBe(5);

        run.Tick(TimeSpan.FromHours(1)).Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
        run.CanaryShare.ShouldBe(0);
    }

    [Theory]
    [InlineData("promoted")]
    [InlineData("bad")]
    [InlineData("aborted")]
    [InlineData("blue-green")]
    public void H9_CrashAfterAnyDecision_EndsInTheSameStateWithTheSameJournal(string walk)
    {
        var whole = Walk(walk, null);
        for (var crash = 1; crash <= whole.S.Version; crash++)
        {
            var broken = Walk(walk, crash);
            Json(broken.S).ShouldBe(Json(whole.S), $"crash after decision {crash}");
            broken.Journal.Select(e => JsonSerializer.Serialize(e, KernelJson.Options)).ShouldBe(whole.Journal.Select(e => JsonSerializer.Serialize(e, KernelJson.Options)));
            broken.Effects.Select(e => e.Id).ShouldBe(whole.Effects.Select(e => e.Id));
            broken.Weights.ShouldBe(whole.Weights);
        }
    }

    private static ReleaseRun Walk(string walk, int? crash)
    {
        var spec = walk == "blue-green" ? ReleaseSamples.Second(ReleaseSamples.Policy with { Strategy = Plans.ReleaseStrategy.BlueGreen }) : null;
        var run = new ReleaseRun(spec) { CrashAfter = crash };
        switch (walk)
        {
            case "promoted": run.ToPromoted().Tick(TimeSpan.FromMinutes(10)); break;
            case "bad": run.ToStep(2).LookBad(); break;
            case "aborted": run.ToStep(1).Did(new PauseRelease(Bo, null)).Did(new InstanceFailed("production", 1, "gone", Bo, null)).Did(new AbortRelease(Bo, null)).Succeed(DeployJobs.Start); break;
            default: run.ToProduction().Succeed(DeployJobs.Smoke).PassStep(); break;
        }
        return run.Settle();
    }

    private static string Json(Release s) => JsonSerializer.Serialize(s, KernelJson.Options);
}
