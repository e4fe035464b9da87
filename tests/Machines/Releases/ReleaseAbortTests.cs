using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>Rows C of rollout-scenarios.md.</summary>
public sealed class ReleaseAbortTests
{
    private static readonly Actor Bo = Actor.User("bo");
    private static readonly Actor System = Actor.System("project");

    [Fact]
    public void C1_AbortThenRetry_RunsTheSameStepsFromZero()
    {
        var run = new ReleaseRun().ToStep(2).Did(new AbortRelease(Bo, "odd graphs"));
        run.CanaryShare.ShouldBe(0);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        run.Weights.ShouldBe([1, 5, 25, 0]);

        run.Did(new RetryRelease(Bo, null));
        run.View.Phase.ShouldBe(ReleasePhase.Queued);
        run.ToldProject.OfType<AttemptWanted>().Single().Spec.Number.ShouldBe(2);
        run.Did(new AllowAttempt(ReleaseSamples.V1, System, null)).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);
        run.S.Step.ShouldBe(0);
        while (run.S.Phase != ReleasePhase.Ended) run.PassStep();

        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.Weights.ShouldBe([1, 5, 25, 0, 1, 5, 25, 100, 100]);
    }

    [Fact]
    public void C2_Retry_ResetsTheStartAndClearsTheEnd()
    {
        var run = new ReleaseRun().ToStep(0).Did(new AbortRelease(Bo, null)).Settle().Pass(TimeSpan.FromHours(1));
        run.S.EndedAt.ShouldNotBeNull();

        run.Did(new RetryRelease(Bo, null)).Did(new AllowAttempt(ReleaseSamples.V1, System, null));

        run.S.StartedAt.ShouldBe(run.Now);
        run.S.EndedAt.ShouldBeNull();
        run.S.Outcome.ShouldBeNull();
        run.S.Attempt.ShouldBe(2);
    }

    [Fact]
    public void C2_RetryThatTheProjectRefuses_StaysEndedAsItWas()
    {
        var run = new ReleaseRun().ToStep(0).Did(new AbortRelease(Bo, null)).Settle().Did(new RetryRelease(Bo, null));

        run.Did(new RefuseAttempt(System, "Release 3 is newer."));

        run.View.Phase.ShouldBe(ReleasePhase.Ended);
        run.View.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        run.Journal[^1].Text().ShouldContain("Release 3 is newer.");
    }

    [Fact]
    public void C3_AbortOfAPromotedRelease_IsRefusedAndChangesNothing()
    {
        var run = new ReleaseRun().ToPromoted();
        var version = run.S.Version;

        run.Do(new AbortRelease(Bo, null))!.Code.ShouldBe("release.ended");

        run.S.Version.ShouldBe(version);
        run.S.Outcome.ShouldBe(ReleaseOutcome.Promoted);
        run.CanaryShare.ShouldBe(100);
    }

    [Fact]
    public void C3_AbortBeforeTheReleaseBegan_IsRefused() =>
        new ReleaseRun().Do(new AbortRelease(Bo, null))!.Code.ShouldBe("release.not-found");

    [Fact]
    public void C4_Abort_GivesStableAllTrafficFirstAndStopsTheCanaryAfterDraining()
    {
        var run = new ReleaseRun().ToStep(1);
        run.RouterAnswers = false;

        run.Did(new AbortRelease(Bo, null));

        run.LastEffects[0].Effect.ShouldBeOfType<SetRoutes>().Routes.Backends.Single().ShouldSatisfyAllConditions(
            b => b.Address.ShouldBe(ReleaseSamples.StableAddress), b => b.Weight.ShouldBe(10_000), b => b.Stable.ShouldBeTrue());
        run.Pending(DeployJobs.Stop).ShouldBe(run.Effects.First(e => e.Effect is EnqueueJob { Kind: DeployJobs.Stop }).Id, "only staging's stop: the router has not followed yet");
        run.Pass(TimeSpan.FromMilliseconds(40)).RouterCatchesUp();
        run.S.VerdictToStableMs.ShouldBe(40);
        run.Payloads<StopRequest>(DeployJobs.Stop).Last().ShouldSatisfyAllConditions(r => r.Environment.ShouldBe("production"), r => r.DrainLimit.ShouldBeGreaterThan(TimeSpan.Zero));
    }

    [Fact]
    public void C6_AbortWhileStableDoesNotRun_KeepsTheCanarysWeightUntilStableIsReady()
    {
        var run = new ReleaseRun().ToStep(2).Did(new InstanceFailed("production", 1, "exit 137", System, null)).Did(new AbortRelease(Bo, null));
        run.CanaryShare.ShouldBe(25);
        run.View.Phase.ShouldBe(ReleasePhase.RollingBack);

        run.Break(DeployJobs.Start, "port taken.");
        run.CanaryShare.ShouldBe(25);
        run.Tick(TimeSpan.FromSeconds(10)).Succeed(DeployJobs.Start);

        run.CanaryShare.ShouldBe(0);
        run.Payloads<StartRequest>(DeployJobs.Start).Last().ShouldSatisfyAllConditions(r => r.Release.ShouldBe(1), r => r.ArtifactDigest.ShouldBe(ReleaseSamples.Digest(1)));
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
    }

    [Fact]
    public void C7_RollBackWhileStableDoesNotRun_MovesTrafficOnlyWhenItAnswers()
    {
        var run = new ReleaseRun().ToStep(2).Did(new InstanceFailed("production", 1, "killed", System, null)).Did(new RollBackRelease(Bo, null));
        run.Effects.Select(e => e.Effect).OfType<EnqueueJob>().Count(j => j.Kind == DeployJobs.Stop).ShouldBe(1, "the canary is not stopped first");

        // The supervisor is faster than the start job.
        run.Did(new InstanceStarted("production", 1, "127.0.0.1:4199", System, null));

        run.Routes!.Backends.Single().Address.ShouldBe("127.0.0.1:4199");
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);
    }

    [Fact]
    public void C9_RollBackToStableMidCanary_IsFastWithoutSteps()
    {
        var run = new ReleaseRun().ToStep(1);
        var started = run.S.StartedAt;

        run.Did(new RollBackRelease(Bo, null)).Settle();

        run.S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);
        run.S.StartedAt.ShouldBe(started);
        run.Weights.ShouldBe([1, 5, 0]);
        run.Ended.Stable!.Version.ShouldBe("v1");
    }

    [Fact]
    public void C10_RollbackInsideTheWindow_SkipsBuildStepsAndAnalysis()
    {
        var run = new ReleaseRun(ReleaseSamples.Second() with { Kind = ReleaseKind.FastRollback, ArtifactDigest = ReleaseSamples.Digest(9) }).Begin();
        run.ToldReleases.OfType<AskForWarm>().Single().ArtifactDigest.ShouldBe(ReleaseSamples.Digest(9));

        run.Did(new GiveWarm(null, System, null)).Succeed(DeployJobs.Start);

        run.S.Outcome.ShouldBe(ReleaseOutcome.FastRolledBack);
        run.Weights.ShouldBe([100]);
        run.Effects.Select(e => e.Effect).OfType<EnqueueJob>().Select(j => j.Kind).ShouldBe([DeployJobs.Start]);
        run.Journal.OfType<StepJudged>().ShouldBeEmpty();
    }

    [Fact]
    public void C11_RollbackOutsideTheWindow_TakesEveryStepAndSaysRolledBack()
    {
        var run = new ReleaseRun(ReleaseSamples.Second() with { Kind = ReleaseKind.Rollback, ArtifactDigest = ReleaseSamples.Digest(9) }).ToPromoted();

        run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
        run.Weights.ShouldBe([1, 5, 25, 100, 100]);
        run.Journal.ShouldContain(e => e is BuildSkipped);
        run.Ended.Stable!.Release.ShouldBe(2);
    }

    [Fact]
    public void C13_StepThatFails_TakesBackWhatWasDoneInReverseOrder()
    {
        var policy = ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen };
        var run = new ReleaseRun(ReleaseSamples.Second(policy)).ToProduction();

        run.Succeed(DeployJobs.Smoke, new SmokeResult(false, 40, 40, 3, "Every answer was 500."));

        run.Journal.Select(ReleaseTimeline.KindOf).SkipWhile(k => k != "release.stage-failed")
            .ShouldBe(["release.stage-failed", "release.rollback-started", "release.traffic-returned", "release.candidate-stopping"]);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Failed);
    }

    [Fact]
    public void C13_AbortInStaging_StopsWhatWasStartedThere()
    {
        var run = new ReleaseRun().Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Did(new AbortRelease(Bo, null));

        run.S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        run.Pending(DeployJobs.Smoke).ShouldBeNull("the running check is cancelled");
        run.Payloads<StopRequest>(DeployJobs.Stop).Single().Environment.ShouldBe("staging");
        run.Weights.ShouldBeEmpty();
    }

    [Fact]
    public void C14_PromoteFullWhileACheckRuns_CancelsItAndPromotes()
    {
        var policy = ReleaseSamples.Policy with { Strategy = ReleaseStrategy.BlueGreen };
        var run = new ReleaseRun(ReleaseSamples.Second(policy)).ToProduction();
        run.Pending(DeployJobs.Smoke).ShouldNotBeNull();

        run.Did(new PromoteRelease(true, Bo, null));

        run.Pending(DeployJobs.Smoke).ShouldBeNull();
        run.S.Outcome.ShouldBe(ReleaseOutcome.FastPromoted);
    }

    [Fact]
    public void C15_FailedMeasurementsReachTheLimit_AllTrafficGoesToStable()
    {
        var run = new ReleaseRun().ToStep(1).LookBad();

        run.CanaryShare.ShouldBe(0);
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
        run.Journal.OfType<RollbackStarted>().Single().Judgement!.Verdict.ShouldBe(Verdict.Unhealthy);
        run.View.Stages.Single(s => s.Name == "canary-5").Verdict.ShouldBe("unhealthy");
        run.View.Cause!.ShouldContain("5 %");
    }

    [Fact]
    public void C16_RetryOfTheSameVersion_IsANewAttemptThatDropsTheOldOnesOutcomes()
    {
        var run = new ReleaseRun().Begin();
        var old = run.Pending(DeployJobs.Build)!;
        run.Did(new AbortRelease(Bo, null)).Did(new RetryRelease(Bo, null)).Did(new AllowAttempt(ReleaseSamples.V1, System, null));
        var version = run.S.Version;

        run.Did(new ReleaseJobEnded(new JobOutcome(old, DeployJobs.Build, true, "{}", null, 1)));

        run.S.Version.ShouldBe(version);
        run.S.Attempt.ShouldBe(2);
        run.Pending(DeployJobs.Build).ShouldNotBe(old);
    }
}
