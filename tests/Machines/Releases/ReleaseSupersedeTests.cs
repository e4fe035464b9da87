using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Rows D of rollout-scenarios.md.</summary>
public sealed class ReleaseSupersedeTests
{
    private static readonly Actor Project = Actor.System("project");

    private static ReleaseSpec Third(StableVersion stable) =>
        ReleaseSamples.Second() with { Number = 3, Version = "v3", Commit = "c3c3c3c3c3c3c3c3", Stable = stable };

    [Fact]
    public void D1_SupersededWhilePaused_DrainsAndTheNextStartsAtStepZero()
    {
        var second = new ReleaseRun().ToStep(2).Did(new PauseRelease(Actor.User("bo"), null)).Did(new SupersedeRelease(3, Project, null));
        second.CanaryShare.ShouldBe(0);
        second.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Superseded);
        var stable = second.Ended.Stable!;
        stable.Version.ShouldBe("v1");

        var third = new ReleaseRun(Third(stable)).ToProduction();

        third.S.Step.ShouldBe(0);
        third.Routes!.Revision.ShouldBeGreaterThan(second.Routes!.Revision);
    }

    [Fact]
    public void D2_OtherSteps_AreAnotherReleaseThatBeginsAtItsFirstStep()
    {
        var second = new ReleaseRun().ToStep(2).Did(new SupersedeRelease(3, Project, null)).Settle();

        var third = new ReleaseRun(Third(second.Ended.Stable!).With(p => p with { Steps = ReleaseSamples.Steps(10, 50) })).ToProduction();

        third.S.Step.ShouldBe(0);
        third.CanaryShare.ShouldBe(10);
    }

    [Fact]
    public void D3_OtherConfigurationMidCanary_BringsTheWeightBackToZeroAndForgetsTheEvidence()
    {
        var second = new ReleaseRun().ToStep(1).Look(ReleaseSamples.Undecided).Did(new SupersedeRelease(3, Project, "a variable changed")).Settle();
        second.CanaryShare.ShouldBe(0);

        var third = new ReleaseRun(Third(second.Ended.Stable!)).ToProduction();

        third.S.Judgement.ShouldBeNull();
        third.S.StableBefore.ShouldBe(VersionEvidence.None);
    }

    [Fact]
    public void D4_SupersededWhenTheStopIsNeverHeardOf_EndsInBoundedTime()
    {
        var run = new ReleaseRun().ToStep(1).Did(new SupersedeRelease(3, Project, null));
        run.View.Phase.ShouldBe(ReleasePhase.RollingBack);

        run.Now = ReleaseMachine.WakeAt(run.S, run.Now)!.Value;
        run.Tick();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Superseded);
        (run.Now - ReleaseSamples.Start).ShouldBeLessThan(TimeSpan.FromMinutes(30));
        run.Ended.Number.ShouldBe(2);
    }

    [Fact]
    public void D5_SupersededWhileStableIsDown_GivesWeightBackOnlyWhenStableRuns()
    {
        var run = new ReleaseRun().ToStep(2).Did(new InstanceFailed("production", 1, "out of memory", Project, null)).Did(new SupersedeRelease(3, Project, null));
        run.CanaryShare.ShouldBe(25);

        run.Succeed(DeployJobs.Start);

        run.CanaryShare.ShouldBe(0);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Superseded);
    }

    [Fact]
    public void D6_GoodThenBadThenOtherBad_NeverTouchesStable()
    {
        var second = new ReleaseRun().ToStep(1).LookBad().Settle();
        var third = new ReleaseRun(Third(second.Ended.Stable!)).ToStep(0).LookBad().Settle();

        foreach (var run in new[] { second, third })
        {
            run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
            run.Ended.Stable.ShouldBe(ReleaseSamples.V1);
            run.Payloads<StopRequest>(DeployJobs.Stop).ShouldAllBe(r => r.Release != 1);
        }
    }

    [Fact]
    public void D7_BadFirstRelease_ThenAGoodOne_RecoversWithoutSteps()
    {
        var first = new ReleaseRun(ReleaseSamples.First()).ToGatesPassed().Break(DeployJobs.Start, "not healthy within 30 s.").Settle();
        first.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        first.Ended.Stable.ShouldBeNull();

        var second = new ReleaseRun(ReleaseSamples.Second() with { Stable = first.Ended.Stable }).ToProduction();

        second.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        second.Weights.ShouldBe([100]);
    }

    [Fact]
    public void D8_OtherStrategyThanBefore_BeginsCleanWithStableServing()
    {
        var second = new ReleaseRun(ReleaseSamples.Second(ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen })).ToProduction();
        second.Did(new SupersedeRelease(3, Project, "canary from now on")).Settle();

        var third = new ReleaseRun(Third(second.Ended.Stable!)).ToProduction();

        third.View.Phase.ShouldBe(ReleasePhase.Canary);
        third.Routes!.Backends.Select(b => b.Address).ShouldBe([ReleaseSamples.StableAddress, ReleaseSamples.NewAddress]);
    }
}
