using System.Collections.Immutable;
using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Tests.Releases;

/// <summary>Versions of several services, and migrations before they start.</summary>
public sealed class ReleaseServicesTests
{
    private static readonly Actor Supervisor = Actor.System("supervisor");

    private static ReleaseSpec Spec(bool migrates = false, int schema = PlanDocument.CurrentSchema)
    {
        var spec = ReleaseSamples.Second();
        var plan = spec.Plan with { Schema = schema };
        return spec with
        {
            Plan = plan with
            {
                Environments = [.. plan.Environments.Select(e => e with
                {
                    Services =
                    [
                        .. e.Services.Select(s => migrates ? s with { Migrate = new("npm run migrate", ".", "test") } : s),
                        .. e.Services.Select(s => s with { Name = "worker", Kind = ServiceKind.Worker, Port = null, Health = null }),
                    ],
                })],
            },
        };
    }

    private static InstanceFailed Failed(ReleaseRun run, string? service) => new("production", run.Spec.Number, "exit code 1", Supervisor, null) { Service = service };

    private static InstanceStarted Started(ReleaseRun run, string? service) =>
        new("production", run.Spec.Number, service is null ? ReleaseSamples.NewAddress : "", Supervisor, null) { Service = service };

    [Fact]
    public void Jobs_SeveralServices_AreBuiltAndStartedTogether()
    {
        var run = new ReleaseRun(Spec()).ToPromoted();
        run.Payloads<BuildRequest>(DeployJobs.Build).Single().Companions.Select(c => c.Name).ShouldBe(["worker"]);
        run.Payloads<StartRequest>(DeployJobs.Start).ShouldAllBe(s => s.Companions.Length == 1);
        run.Payloads<StartRequest>(DeployJobs.Start).Select(s => s.Environment).ShouldBe(["staging", "production"]);
    }

    [Fact]
    public void Jobs_PlanOfSchemaOne_AreItsEntryAlone()
    {
        var run = new ReleaseRun(Spec(migrates: true, schema: 1)).ToPromoted();
        run.Payloads<StartRequest>(DeployJobs.Start).ShouldAllBe(s => s.Companions.IsEmpty);
        run.Payloads<MigrateRequest>(DeployJobs.Migrate).ShouldBeEmpty();
    }

    [Fact]
    public void Worker_DiesInTheCanaryAndStaysDown_TakesTheReleaseBack()
    {
        var run = new ReleaseRun(Spec()).ToStep(1);
        run.Did(Failed(run, "worker")).Tick(TimeSpan.FromSeconds(16));
        run.S.Phase.ShouldBe(ReleasePhase.RollingBack);
        run.S.Back!.Cause.ShouldContain("worker");
    }

    [Fact]
    public void Worker_RunsAgainInTime_ChangesNothing()
    {
        var run = new ReleaseRun(Spec()).ToStep(1);
        run.Did(Failed(run, "worker")).Did(Started(run, "worker")).Tick(TimeSpan.FromSeconds(16));
        run.S.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void Worker_RunsAgainWhileTheEntryIsStillDown_DoesNotStandForIt()
    {
        var run = new ReleaseRun(Spec()).ToStep(1);
        run.Did(Failed(run, null)).Did(Failed(run, "worker")).Did(Started(run, "worker")).Tick(TimeSpan.FromSeconds(16));
        run.S.Phase.ShouldBe(ReleasePhase.RollingBack);
    }

    [Fact]
    public void Worker_OfTheStableVersionDies_DoesNotStandInTheWayBack()
    {
        var run = new ReleaseRun(Spec()).ToStep(1);
        run.Did(new InstanceFailed("production", run.Spec.Stable!.Release, "exit code 1", Supervisor, null) { Service = "worker" });
        run.S.StableRuns.ShouldBeTrue();
        run.LookBad().CanaryShare.ShouldBe(0, "traffic goes back at once");
    }

    [Fact]
    public void Worker_OfThePromotedVersionDies_IsToldOnce()
    {
        var run = new ReleaseRun(Spec()).ToPromoted();
        run.Did(Failed(run, "worker")).Did(Failed(run, "worker"));
        run.Kinds.Count(k => k == "release.service-died").ShouldBe(1);
        run.S.PromotedDown.ShouldBeFalse();
        run.Did(Started(run, "worker")).Kinds.Last().ShouldBe("release.service-answered");
    }

    [Fact]
    public void Promoted_SeveralServices_CanBeStartedAgainWhole()
    {
        var run = new ReleaseRun(Spec()).ToPromoted();
        var told = run.Effects.Select(e => e.Effect).OfType<Tell>().Select(t => KernelJson.Read<ProjectCommand>(t.CommandJson)).OfType<ReleaseEnded>().Single();
        told.Stable!.Companions.Select(c => c.Name).ShouldBe(["worker"]);
    }

    [Fact]
    public void Migrations_OnceInEachEnvironment_BeforeItsStart()
    {
        var run = new ReleaseRun(Spec(migrates: true)).Begin().Succeed(DeployJobs.Build);
        foreach (var environment in (string[])["staging", "production"])
        {
            run.Pending(DeployJobs.Start).ShouldBeNull("nothing starts before its migration");
            run.Payloads<MigrateRequest>(DeployJobs.Migrate).Last().Environment.ShouldBe(environment);
            run.Succeed(DeployJobs.Migrate, new MigrateResult(1, 2.5, "app: 3 applied")).Succeed(DeployJobs.Start);
            if (environment == "staging") run.Succeed(DeployJobs.Smoke);
        }
        run.S.Phase.ShouldBe(ReleasePhase.Canary);
        run.Payloads<MigrateRequest>(DeployJobs.Migrate).Count().ShouldBe(2);
    }

    [Fact]
    public void Migrations_Failing_FailTheReleaseAndStableGoesOn()
    {
        var run = new ReleaseRun(Spec(migrates: true)).Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Migrate, new MigrateResult(1, 1, "ok")).Succeed(DeployJobs.Start)
            .Succeed(DeployJobs.Smoke).Settle();
        run.Break(DeployJobs.Migrate, "exit code 1: no such table.").Settle();
        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.S.Back!.Cause.ShouldContain("no such table");
        run.Payloads<StartRequest>(DeployJobs.Start).ShouldNotContain(s => s.Environment == "production");
        run.Routes.ShouldBeNull("traffic was never touched");
        run.Payloads<StopRequest>(DeployJobs.Stop).ShouldContain(s => s.Environment == "production", "the copy that was migrated is taken away");
    }

    [Fact]
    public void Migrations_OfAVersionThatComesBack_AreNotRun()
    {
        var run = new ReleaseRun(Spec(migrates: true) with { Kind = ReleaseKind.Rollback, ArtifactDigest = ReleaseSamples.Digest(1) }).Begin();
        run.Pending(DeployJobs.Migrate).ShouldBeNull();
        run.Pending(DeployJobs.Start).ShouldNotBeNull();
    }
}
