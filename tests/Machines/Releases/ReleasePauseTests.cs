using ProdSprint.Deploy;
using ProdSprint.Kernel;

namespace ProdSprint.Releases;

/// <summary>Rows B of rollout-scenarios.md.</summary>
public sealed class ReleasePauseTests
{
    private static readonly Actor Bo = Actor.User("bo");

    [Fact]
    public void B2_PausedByAPerson_WhileTheBakeElapses_DoesNotAdvance()
    {
        var run = new ReleaseRun().ToProduction().Did(new PauseRelease(Bo, "lunch"));

        run.Pass(TimeSpan.FromHours(2)).LookHealthy().Tick();

        run.View.Phase.ShouldBe(ReleasePhase.Paused);
        run.View.Held.ShouldBe(HoldReason.ByPerson);
        run.S.Step.ShouldBe(0);
        run.CanaryShare.ShouldBe(1);
    }

    [Fact]
    public void B3_BakeElapsedWhileNobodyWasThere_GoesOnByTheStoredTime()
    {
        var run = new ReleaseRun().ToProduction();
        var ends = run.S.MinBakeEnds!.Value;

        // The first look after three hours away: the bake is not begun anew.
        run.Now = ends + TimeSpan.FromHours(3);
        run.LookHealthy();

        run.S.Step.ShouldBe(1);
    }

    [Fact]
    public void B4_PausedBeforeTheCanary_StartsNothingInProductionUntilResumed()
    {
        var run = new ReleaseRun().Begin().Did(new PauseRelease(Bo, null)).Succeed(DeployJobs.Build);
        run.View.Phase.ShouldBe(ReleasePhase.Paused);
        run.Queue.ShouldBeEmpty();

        run.Did(new ResumeRelease(Bo, null)).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);

        run.View.Phase.ShouldBe(ReleasePhase.Canary);
    }

    [Fact]
    public void B7_RepeatedPauseAndTicks_ChangeNothing()
    {
        var run = new ReleaseRun().ToProduction().Did(new PauseRelease(Bo, null));
        var before = run.S;

        run.Do(new PauseRelease(Bo, null))!.Code.ShouldBe("release.already-paused");
        for (var i = 0; i < 20; i++) run.Tick(TimeSpan.FromSeconds(30));

        run.S.Version.ShouldBe(before.Version);
        run.Journal.OfType<ReleasePaused>().Count().ShouldBe(1);
    }

    [Fact]
    public void Resume_WithoutAPause_IsRefusedWithTheNextStep()
    {
        var run = new ReleaseRun().ToProduction();

        var no = run.Do(new ResumeRelease(Bo, null))!;

        no.Code.ShouldBe("release.not-paused");
        no.Next.ShouldNotBeEmpty();
    }

    [Fact]
    public void Resume_AfterTheLongestBake_IsHeldInsteadOfPromoted()
    {
        var run = new ReleaseRun().ToProduction().Did(new PauseRelease(Bo, null)).Pass(TimeSpan.FromHours(1)).Look(ReleaseSamples.Undecided);

        run.Did(new ResumeRelease(Bo, null)).Tick();

        run.View.Held.ShouldBe(HoldReason.Inconclusive);
    }
}
