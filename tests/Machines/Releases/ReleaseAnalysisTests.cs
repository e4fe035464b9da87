using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Rows E of rollout-scenarios.md.</summary>
public sealed class ReleaseAnalysisTests
{
    private static readonly Actor Bo = Actor.User("bo");

    private static ReleaseRun Undecided() => new ReleaseRun().ToStep(1).Look(ReleaseSamples.Undecided).Pass(TimeSpan.FromMinutes(10)).Look(ReleaseSamples.Undecided);

    [Fact]
    public void E1_InconclusiveAtTheEndOfTheBake_IsHeldAndTheHoldsEndNeverPromotes()
    {
        var run = Undecided();
        run.View.Phase.ShouldBe(ReleasePhase.Held);
        run.View.Held.ShouldBe(HoldReason.Inconclusive);

        run.LookHealthy().Tick(TimeSpan.FromMinutes(30)).LookHealthy();
        run.View.Phase.ShouldBe(ReleasePhase.Held, "evidence that turns healthy in a hold is for a person to act on");
        run.Tick(TimeSpan.FromMinutes(31));

        run.CanaryShare.ShouldBe(0);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
    }

    [Fact]
    public void E2_PromoteAfterInconclusive_MovesPastThatStepOnce()
    {
        var run = Undecided().Did(new PromoteRelease(false, Bo, "traffic is low at night"));

        run.S.Step.ShouldBe(2);
        run.View.Phase.ShouldBe(ReleasePhase.Canary);
        run.Look(ReleaseSamples.Undecided).Tick();
        run.S.Step.ShouldBe(2);
    }

    [Fact]
    public void E3_UnhealthyInAStep_RollsBackAtOnceWithTheEvidenceInTheJournal()
    {
        var run = new ReleaseRun().ToStep(0).LookBad();

        run.Journal.OfType<StepJudged>().Last().ShouldSatisfyAllConditions(
            e => e.Requests.ShouldBe(200), e => e.Errors.ShouldBe(100), e => e.Judgement.Verdict.ShouldBe(Verdict.Unhealthy), e => e.By.ShouldBe("system:judge"));
        run.CanaryShare.ShouldBe(0);
    }

    [Fact]
    public void E4_EvidenceStopsComing_IsHeldAtTheEndOfTheBakeAndComesBackWithOneLook()
    {
        var silent = new ReleaseRun().ToStep(0).Tick(TimeSpan.FromMinutes(10));
        silent.View.Held.ShouldBe(HoldReason.NoMetrics);

        var recovers = new ReleaseRun().ToStep(0).Tick(TimeSpan.FromMinutes(9)).LookHealthy();
        recovers.S.Step.ShouldBe(1);
    }

    [Fact]
    public void E5_LooksAfterThePromotion_ChangeNothing()
    {
        var run = new ReleaseRun().ToPromoted();
        var version = run.S.Version;

        run.Look(ReleaseSamples.Bad);

        run.S.Version.ShouldBe(version);
        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
    }

    [Fact]
    public void E6_CheckThatMissesItsDeadline_FailsTheRelease()
    {
        var run = new ReleaseRun().Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start);
        run.View.Phase.ShouldBe(ReleasePhase.Gates);

        run.Now = ReleaseMachine.WakeAt(run.S, run.Now)!.Value;
        run.Tick();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.View.Stages.Single(s => s.Name == "gates").State.ShouldBe(StageState.Failed);
    }

    [Fact]
    public void E12_NoRequestsAtAll_IsNeverHealthyUnderAnyPolicy()
    {
        foreach (var policy in new[] { JudgePolicy.Sequential, JudgePolicy.MannWhitney, JudgePolicy.Threshold })
        {
            var run = new ReleaseRun(ReleaseSamples.Second().With(p => p with { Judge = new(policy, 0.01) })).ToStep(0);

            run.Pass(TimeSpan.FromMinutes(9)).Look(ReleaseSamples.Seen(30, 0, 0)).Look(CanaryEvidence.None);

            run.S.Step.ShouldBe(0, policy);
            run.S.Judgement!.Verdict.ShouldBe(Verdict.Inconclusive, policy);
        }
    }

    [Fact]
    public void E13_TooFewRequests_AreInconclusiveNeverASilentPass()
    {
        var run = new ReleaseRun().ToStep(0).Pass(TimeSpan.FromMinutes(5)).Look(ReleaseSamples.Seen(6, 10, 0));
        run.S.Step.ShouldBe(0);

        run.Pass(TimeSpan.FromMinutes(5)).Look(ReleaseSamples.Seen(6, 10, 0));

        run.View.Held.ShouldBe(HoldReason.Inconclusive);
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("awaits-promotion")]
    [InlineData("inconclusive")]
    [InlineData("frozen")]
    [InlineData("drift")]
    public void E14_HarmWhileWaitingForAnything_RollsBackRegardless(string wait)
    {
        var run = new ReleaseRun(ReleaseSamples.Second().With(p => p with { Steps = [.. p.Steps.Select(s => s with { Pause = wait == "awaits-promotion" })] })).ToProduction();
        switch (wait)
        {
            case "paused": run.Did(new PauseRelease(Bo, null)); break;
            case "awaits-promotion": run.PassStep(); break;
            case "inconclusive": run.Pass(TimeSpan.FromMinutes(10)).Look(ReleaseSamples.Undecided); break;
            case "frozen": run.Did(new FreezeRelease(run.Now.AddHours(1), Actor.System("freeze"), null)); break;
            case "drift": run.Did(new BlockRelease(HoldReason.Drift, "The unit file was edited by hand.", Actor.System("drift"), null)); break;
        }
        run.View.Phase.ShouldBeOneOf(ReleasePhase.Paused, ReleasePhase.Held);

        run.LookBad();

        run.CanaryShare.ShouldBe(0);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
    }

    [Fact]
    public void E15_ApprovalNotGiven_HoldsWithoutRunningAnythingAgain()
    {
        var run = new ReleaseRun(ReleaseSamples.Second().With(p => p with { Gates = ["build", "smoke", "approval"] })).ToGatesPassed();
        run.View.Phase.ShouldBe(ReleasePhase.AwaitingApproval);
        var effects = run.Effects.Count;

        for (var i = 0; i < 50; i++) run.Tick(TimeSpan.FromMinutes(10));

        run.Effects.Count.ShouldBe(effects);
        run.View.Phase.ShouldBe(ReleasePhase.AwaitingApproval);
        run.View.Allowed.ShouldContain("approve");
    }

    [Fact]
    public void Look_OfAnotherStepOrAttempt_IsDropped()
    {
        var run = new ReleaseRun().ToStep(1);
        var version = run.S.Version;

        run.Did(new JudgeTick(ReleaseSamples.Bad with { Attempt = 1, Step = 0 }));
        run.Did(new JudgeTick(ReleaseSamples.Bad with { Attempt = 2, Step = 1 }));

        run.S.Version.ShouldBe(version);
    }

    [Fact]
    public void LastStep_WithoutTrafficOnStable_IsComparedWithWhatStableShowedBefore()
    {
        var run = new ReleaseRun().ToStep(3);

        run.S.StableBefore.Requests.ShouldBe(3 * 600);
        ReleaseMachine.Look(run.S, ReleaseSamples.Healthy with { Step = 3 })!.Verdict.ShouldBe(Verdict.Healthy);
    }
}
