using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Rows A of rollout-scenarios.md.</summary>
public sealed class ReleaseHappyPathTests
{
    [Fact]
    public void A1_FirstRelease_GoesStraightToProductionWithoutStepsOrAnalysis()
    {
        var run = new ReleaseRun(ReleaseSamples.First()).ToProduction();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.Weights.ShouldBe([100]);
        run.Journal.OfType<StepJudged>().ShouldBeEmpty();
        run.View.Stages.Select(s => s.Name).ShouldBe(["apply", "staging", "gates", "production"]);
        run.View.Stages.ShouldAllBe(s => s.State == StageState.Done);
        run.Ended.Stable!.Address.ShouldBe(ReleaseSamples.NewAddress);
        run.S.WarmUntil.ShouldBeNull();
    }

    [Fact]
    public void A2_BakeOfOneSecond_PromotesWithoutAHuman()
    {
        var step = new CanaryStep(50, 100, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), false);
        var run = new ReleaseRun(ReleaseSamples.Second(ReleaseSamples.Policy with { Steps = [step] })).ToProduction();
        run.S.Phase.ShouldBe(ReleasePhase.Canary);

        run.LookHealthy().S.Phase.ShouldBe(ReleasePhase.Canary);
        run.Pass(TimeSpan.FromSeconds(1)).LookHealthy();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.Weights.ShouldBe([50, 100]);
        run.Journal.ShouldNotContain(e => e is ReleasePaused || e is PromotionAwaited);
    }

    [Fact]
    public void A3_StepThatPauses_WaitsForPromoteAndThenIsPromoted()
    {
        var step = new CanaryStep(50, 100, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), true);
        var run = new ReleaseRun(ReleaseSamples.Second(ReleaseSamples.Policy with { Steps = [step] })).ToProduction().PassStep();
        run.View.Phase.ShouldBe(ReleasePhase.Paused);
        run.View.Held.ShouldBe(HoldReason.PausedStep);

        run.Pass(TimeSpan.FromDays(2)).LookHealthy().Tick();
        run.View.Phase.ShouldBe(ReleasePhase.Paused);
        run.Did(new PromoteRelease(false, Actor.User("bo"), "looks good"));

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
    }

    [Fact]
    public void A4_PromoteFullAtTheFirstPause_SkipsEveryRemainingStep()
    {
        var steps = ReleaseSamples.Steps(1, 5, 25, 50, 75, 100).Select(s => s with { Pause = true });
        var run = new ReleaseRun(ReleaseSamples.Second(ReleaseSamples.Policy with { Steps = [.. steps] })).ToProduction().PassStep();

        run.Did(new PromoteRelease(true, Actor.User("bo"), null));

        run.S.Outcome.ShouldBe(ReleaseOutcome.FastPromoted);
        run.Weights.ShouldBe([1, 100]);
        run.View.Stages.Single(s => s.Name == "canary-25").State.ShouldBe(StageState.Skipped);
    }

    [Fact]
    public void A5_PromoteInAStep_MovesTheIndexByExactlyOne()
    {
        var run = new ReleaseRun().ToProduction();
        for (var step = 0; step < 3; step++)
        {
            run.S.Step.ShouldBe(step);
            run.Did(new PromoteRelease(false, Actor.User("bo"), null));
        }
        run.S.Step.ShouldBe(3);
        run.Weights.ShouldBe([1, 5, 25, 100]);
    }

    [Fact]
    public void A6_AbortThenPromoteFull_GoesToProductionWithoutAnalysis()
    {
        var run = new ReleaseRun().ToStep(1).Did(new AbortRelease(Actor.User("bo"), null)).Settle();
        run.S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        var judged = run.Journal.OfType<StepJudged>().Count();

        run.Did(new PromoteRelease(true, Actor.User("bo"), "we need it")).Did(new AllowAttempt(ReleaseSamples.V1, Actor.System("project"), null)).Succeed(DeployJobs.Start);

        run.S.Outcome.ShouldBe(ReleaseOutcome.FastPromoted);
        run.S.Attempt.ShouldBe(2);
        run.Journal.OfType<StepJudged>().Count().ShouldBe(judged);
        run.CanaryShare.ShouldBe(100);
    }

    [Fact]
    public void A7_Weights1_2_10_80_AreVisitedThenPromoted()
    {
        var run = new ReleaseRun(ReleaseSamples.Second(ReleaseSamples.Policy with { Steps = ReleaseSamples.Steps(1, 2, 10, 80) })).ToPromoted();

        run.Weights.ShouldBe([1, 2, 10, 80, 100]);
        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
    }

    [Fact]
    public void A10_WeightsOfAnyShare_AlwaysAddUpToTheRoutersTotal()
    {
        var run = new ReleaseRun(ReleaseSamples.Second(ReleaseSamples.Policy with { Steps = ReleaseSamples.Steps(0.5, 12.5, 33.33) })).ToPromoted();

        run.Weights.ShouldBe([0.5, 12.5, 33.33, 100]);
        run.Effects.Select(e => e.Effect).OfType<SetRoutes>().ShouldAllBe(r => r.Routes.Backends.Sum(b => b.Weight) == 10_000);
    }

    [Fact]
    public void A11_PauseLongerThanAnyProgressDeadline_IsNoFailure()
    {
        var run = new ReleaseRun().ToStep(1).Did(new PauseRelease(Actor.User("bo"), null));

        run.Tick(TimeSpan.FromDays(7));

        run.View.Phase.ShouldBe(ReleasePhase.Paused);
        run.CanaryShare.ShouldBe(5);
    }

    [Fact]
    public void Promoted_KeepsTheFormerVersionWarmForItsTimeThenStopsIt()
    {
        var run = new ReleaseRun().ToPromoted();
        run.S.WarmUntil.ShouldBe(run.Now + TimeSpan.FromMinutes(10));
        ReleaseMachine.WakeAt(run.S, run.Now).ShouldBe(run.S.WarmUntil);

        run.Tick(TimeSpan.FromMinutes(9));
        run.Payloads<StopRequest>(DeployJobs.Stop).ShouldNotContain(r => r.Environment == "production");
        run.Tick(TimeSpan.FromMinutes(1));

        run.Payloads<StopRequest>(DeployJobs.Stop).Count(r => r is { Environment: "production", Release: 1 }).ShouldBe(1);
        run.Settle().S.Former.ShouldBeNull();
        ReleaseMachine.WakeAt(run.S, run.Now).ShouldBeNull();
    }

    [Fact]
    public void Journal_OfAPromotion_HasEveryStageWithWhoAndTextAndDiff()
    {
        var run = new ReleaseRun().ToPromoted();

        run.Kinds.Distinct().ShouldBe([
            "release.began", "release.build-started", "release.build-finished", "release.staging-starting", "release.staging-started", "release.gates-started",
            "release.gates-passed", "release.production-starting", "release.production-started", "release.step-started", "release.step-judged", "release.step-passed",
            "release.promotion-started", "release.promoted"]);
        run.Journal.ShouldAllBe(e => e.By != "" && e.Text().EndsWith('.') && e.At >= ReleaseSamples.Start);
        run.Journal[0].Diff().ShouldBe("commit:c1c1c1c1c1c1c1c1..c2c2c2c2c2c2c2c2");
        run.Journal[0].Reason.ShouldBe("Ship it");
        run.View.Stages.Select(s => s.Name).ShouldBe(["apply", "staging", "gates", "canary-1", "canary-5", "canary-25", "canary-100", "production"]);
        run.View.Stages.Single(s => s.Name == "canary-5").Figures["requests"].ShouldBe(600);
    }
}
