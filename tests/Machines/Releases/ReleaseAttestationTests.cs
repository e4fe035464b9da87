using ProdSprint.Deploy;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>What no trusted key has signed gets no traffic; what has served before comes back without a paper.</summary>
public sealed class ReleaseAttestationTests
{
    [Fact]
    public void FirstTraffic_AsksForTheAttestationOfItsCommit()
    {
        var run = new ReleaseRun().ToProduction();

        var starts = run.Payloads<StartRequest>(DeployJobs.Start).ToList();
        starts.Single(s => s.Environment == "staging").AttestedCommit.ShouldBeNull("staging has no visitors");
        starts.Single(s => s.Environment == "production").AttestedCommit.ShouldBe(run.Spec.Commit);
        run.Payloads<BuildRequest>(DeployJobs.Build).Single().Ref.ShouldBe(run.Spec.Version);
        run.Journal.OfType<ProductionStarted>().Single().Attestation.ShouldBe(ReleaseSamples.Digest(900));
        run.Journal.OfType<ProductionStarted>().Single().Text().ShouldContain("attestation was verified");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attestation_NotAccepted_FailsAndNeverSetsAWeight(bool first)
    {
        var run = new ReleaseRun(first ? ReleaseSamples.First() : ReleaseSamples.Second()).ToGatesPassed();

        run.Break(DeployJobs.Start, "v2 has no attestation that counts, so it gets no traffic: there is none. Next: release the commit again.");
        Stopped(run);

        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.S.Message.ShouldContain("no attestation");
        run.Weights.ShouldBeEmpty();
        run.Routes.ShouldBeNull();
    }

    /// <summary>A target that does not know about attestations, or has forgotten to look.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attestation_NotEvenSaid_FailsAndNeverSetsAWeight(bool first)
    {
        var run = new ReleaseRun(first ? ReleaseSamples.First() : ReleaseSamples.Second()).ToGatesPassed();

        run.Succeed(DeployJobs.Start, new StartResult(ReleaseSamples.NewAddress, 7, 0.5));
        run.Payloads<StopRequest>(DeployJobs.Stop).ShouldContain(s => s.Environment == "production", "what was started is stopped");
        Stopped(run);

        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.S.Message.ShouldContain("Release the commit again");
        run.Weights.ShouldBeEmpty();
        run.Routes.ShouldBeNull();
    }

    [Fact]
    public void FullPromotion_AfterAFailure_IsAskedForItAsWell()
    {
        var run = new ReleaseRun().ToGatesPassed();
        Stopped(run.Break(DeployJobs.Start));
        run.Did(new PromoteRelease(true, Actor.User("bo"), "Now")).Did(new AllowAttempt(run.Spec.Stable, Actor.User("bo"), null));

        run.Payloads<StartRequest>(DeployJobs.Start).Last().AttestedCommit.ShouldBe(run.Spec.Commit);
        Stopped(run.Succeed(DeployJobs.Start, new StartResult(ReleaseSamples.NewAddress, 7, 0.5)));
        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.Weights.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ReleaseKind.FastRollback)]
    [InlineData(ReleaseKind.Rollback)]
    public void WayBack_ToWhatHasServed_AsksForNothing(ReleaseKind kind)
    {
        var run = new ReleaseRun(ReleaseSamples.Second() with { Kind = kind, ArtifactDigest = ReleaseSamples.Digest(9) });
        run.Begin();
        if (kind == ReleaseKind.FastRollback) run.Did(new GiveWarm(null, Actor.System("release"), null));
        else run.Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke);

        run.Payloads<StartRequest>(DeployJobs.Start).ShouldAllBe(s => s.AttestedCommit == null);
        run.Succeed(DeployJobs.Start, new StartResult(ReleaseSamples.NewAddress, 7, 0.5));
        run.Weights.ShouldNotBeEmpty();
    }

    private static void Stopped(ReleaseRun run)
    {
        while (run.Pending(DeployJobs.Stop) is not null) run.Succeed(DeployJobs.Stop);
    }
}
