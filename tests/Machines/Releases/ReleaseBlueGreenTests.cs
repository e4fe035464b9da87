using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Rows G of rollout-scenarios.md.</summary>
public sealed class ReleaseBlueGreenTests
{
    private static readonly Actor System = Actor.System("release");

    private static ReleaseRun BlueGreen() => new(ReleaseSamples.Second(ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen }));

    [Fact]
    public void BlueGreen_SwitchesFromNothingToEverythingAfterTheCheck()
    {
        var run = BlueGreen().ToProduction();
        run.Weights.ShouldBe([0]);
        run.Routes!.Backends.Length.ShouldBe(2, "the preview is reachable by header");

        run.Succeed(DeployJobs.Smoke);
        run.CanaryShare.ShouldBe(100);
        run.PassStep();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.S.Former!.Version.ShouldBe("v1");
        run.View.Stages.Select(s => s.Name).ShouldBe(["apply", "staging", "gates", "preview", "canary-100", "production"]);
    }

    [Fact]
    public void BlueGreen_UnderTheSequentialJudge_IsComparedWithWhatStableShowedBeforeTheSwitch()
    {
        var policy = ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen, Judge = new(JudgePolicy.Sequential, 0.01) };
        var run = new ReleaseRun(ReleaseSamples.Second(policy)).ToProduction().Succeed(DeployJobs.Smoke);
        var seen = ReleaseSamples.Seen(6, 5_000, 0) with { Stable = VersionEvidence.None };

        ReleaseMachine.Look(run.S, seen)!.Verdict.ShouldBe(Verdict.Inconclusive, "nothing to compare with");
        ReleaseMachine.Look(run.S, seen with { StableBefore = seen.Canary })!.Verdict.ShouldBe(Verdict.Healthy);
    }

    [Fact]
    public void BlueGreen_OrdersReachTheRouterLate_LastRequestsOfStableAreNotTheComparison()
    {
        var policy = ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen, Judge = new(JudgePolicy.Sequential, 0.01) };
        var run = new ReleaseRun(ReleaseSamples.Second(policy)).ToProduction().Succeed(DeployJobs.Smoke);
        var seen = ReleaseSamples.Seen(6, 5_000, 0);

        // More than the fewest requests that the policy wants, fewer than it takes to know a p95.
        var late = seen with { Stable = ReleaseSamples.Seen(1, 137, 0).Stable, StableBefore = seen.Canary };
        ReleaseMachine.Look(run.S, late)!.Verdict.ShouldBe(Verdict.Healthy);
    }

    [Fact]
    public void G1_CheckBeforeTheSwitchFails_StableStaysActive()
    {
        var run = BlueGreen().ToProduction().Succeed(DeployJobs.Smoke, new SmokeResult(false, 40, 12, 30, "12 answers of 500.")).Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.Weights.ShouldBe([0, 0]);
        run.Ended.Stable.ShouldBe(ReleaseSamples.V1);
    }

    [Fact]
    public void G2_AnalysisAfterTheSwitchFails_StableIsActiveAgain()
    {
        var run = BlueGreen().ToProduction().Succeed(DeployJobs.Smoke).LookBad();

        run.Weights.ShouldBe([0, 100, 0]);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
    }

    [Fact]
    public void G3_BadThenGood_StableIsActiveUntilTheGoodOneIsSwitched()
    {
        var bad = BlueGreen().ToProduction().Succeed(DeployJobs.Smoke).LookBad().Settle();
        var good = new ReleaseRun(bad.Spec with { Number = 3, Version = "v3", Stable = bad.Ended.Stable }).ToProduction();
        good.Routes!.Backends.Single(b => b.Stable).ShouldSatisfyAllConditions(b => b.Version.ShouldBe("v1"), b => b.Weight.ShouldBe(10_000));

        good.Succeed(DeployJobs.Smoke).PassStep();

        good.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        bad.Payloads<StopRequest>(DeployJobs.Stop).Count(r => r is { Environment: "production", Release: 2 }).ShouldBe(1);
        (bad.Journal.OfType<RollbackStarted>().Count(e => e.Judgement is not null) + good.Journal.OfType<StepPassed>().Count()).ShouldBe(2);
    }

    [Fact]
    public void G5_BackToAVersionThatIsStillWarm_OnlyMovesTraffic()
    {
        var second = new ReleaseRun().ToPromoted();
        var spec = ReleaseSamples.Second() with { Number = 3, Version = "v1", Kind = ReleaseKind.FastRollback, ArtifactDigest = ReleaseSamples.Digest(1), Stable = second.Ended.Stable };
        var third = new ReleaseRun(spec).Begin();

        second.Did(third.ToldReleases.OfType<AskForWarm>().Single());
        var given = second.ToldReleases.OfType<GiveWarm>().Single();
        third.Did(given);

        third.S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);
        third.Routes!.Backends.Single().Address.ShouldBe(ReleaseSamples.StableAddress);
        third.Queue.ShouldBeEmpty();
        third.Ended.Stable!.ShouldSatisfyAllConditions(v => v.Release.ShouldBe(1), v => v.PromotedBy.ShouldBe(3));
        second.Tick(TimeSpan.FromHours(1)).Payloads<StopRequest>(DeployJobs.Stop).ShouldNotContain(r => r.Release == 1, "it was handed over");
    }

    [Fact]
    public void G5_WarmVersionThatComesTooLate_IsStoppedNotForgotten()
    {
        var spec = ReleaseSamples.Second() with { Number = 3, Version = "v1", Kind = ReleaseKind.FastRollback, ArtifactDigest = ReleaseSamples.Digest(1) };
        var run = new ReleaseRun(spec with { Stable = ReleaseSamples.V1 with { Release = 2, Version = "v2", PromotedBy = 2 } }).Begin().Tick(TimeSpan.FromSeconds(5));
        run.Pending(DeployJobs.Start).ShouldNotBeNull();

        run.Did(new GiveWarm(ReleaseSamples.V1, System, null));

        run.Payloads<StopRequest>(DeployJobs.Stop).Single().Release.ShouldBe(1);
        run.Succeed(DeployJobs.Start).S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);
    }

    [Fact]
    public void G6_SlowToGetReady_IsNoFailureBeforeItsDeadline()
    {
        var run = BlueGreen().ToGatesPassed();

        run.Tick(TimeSpan.FromSeconds(80)).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke);

        run.View.Phase.ShouldBe(ReleasePhase.Canary);
        run.Journal.ShouldNotContain(e => e is StageFailed);
    }
}
