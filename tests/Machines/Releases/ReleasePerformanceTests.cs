using System.Collections.Immutable;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>The version in staging under load, at the gates and while a waiver of it holds.</summary>
public sealed class ReleasePerformanceTests
{
    private static readonly DateTimeOffset Start = ReleaseSamples.Start;
    private static readonly SmokeResult Answers = new(true, 40, 0, 12, "All answered.") { Routes = ReleaseSamples.Digest(88) };
    private static readonly GateFinding Slow = new(WaiverKind.Control, PerformanceControls.Of("GET /items"), [], "", "policy", null, "GET /items: p95 is 340 ms, and at most 200 ms may be (its budget)");

    private static GateWaiver Waiver(TimeSpan holds) => new(1, WaiverKind.Control, Slow.Id, null, "sale week", "T-9", Start + holds, "user:bo", Start);

    private static PerformanceResult Measured(params GateFinding[] findings) => new(3, 120, 2, 340, [.. findings], "120 requests to 3 routes.");

    private static ReleaseRun With(params GateWaiver[] waivers) => new(ReleaseSamples.Second() with { Gate = new(1, false, [.. waivers]) });

    private static ReleaseRun Loaded(ReleaseRun run) => run.Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke, Answers);

    [Fact]
    public void NoRoutes_NothingIsAsked_AndTheEventsAreAsEver()
    {
        var run = new ReleaseRun().ToPromoted();
        run.Payloads<PerformanceRequest>(GateJobs.Performance).ShouldBeEmpty();
        run.Kinds.ShouldNotContain(k => k.Contains("performance-"));
        KernelJson.Write(new SmokeRequest("a", ["/"], 1)).ShouldBe("""{"address":"a","paths":["/"],"requestsPerPath":1}""");
    }

    [Fact]
    public void Routes_AreLoadedInStaging_AgainstStable_AndItGoesOn()
    {
        var run = Loaded(new());
        run.Payloads<SmokeRequest>(DeployJobs.Smoke).Single().Subject!.ShouldBe(new SmokeSubject(run.Spec.Workspace, run.Spec.Project, run.Spec.Commit));
        run.Payloads<PerformanceRequest>(GateJobs.Performance).Single().ShouldSatisfyAllConditions(
            r => r.Routes.ShouldBe(Answers.Routes), r => r.Stable.ShouldBe(ReleaseSamples.V1.Commit), r => r.Address.ShouldBe("127.0.0.1:5000"));
        run.S.GatesPassed.ShouldBeFalse();
        run.Succeed(GateJobs.Performance, Measured());
        run.S.GatesPassed.ShouldBeTrue();
        run.S.Smoke.ShouldBeNull();
        var figures = run.View.Stages.Single(s => s.Name == "gates").Figures;
        (figures["loadP95Ms"], figures["loadRoutes"], figures["requests"], figures["p95Ms"]).ShouldBe((340, 3, 40, 12));
        run.Succeed(DeployJobs.Start).Payloads<PerformanceRequest>(GateJobs.Performance).ShouldHaveSingleItem();
    }

    [Fact]
    public void Breach_EndsTheRelease_WithTheNextStep_AndAWaiverLetsTheRetryPass()
    {
        var run = Loaded(With()).Succeed(GateJobs.Performance, Measured(Slow)).Settle();
        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.View.Cause!.ShouldContain("p95 is 340 ms");
        run.View.Cause!.ShouldContain("prodsprint waivers create control \"performance.GET /items\" --project");
        run.View.Cause!.ShouldContain("prodsprint performance show");
        run.Weights.ShouldBeEmpty();
        run.Did(new RetryRelease(Actor.User("ana"), null));
        run.Did(new AllowAttempt(ReleaseSamples.V1, Actor.User("ana"), null) { Gate = new(2, false, [Waiver(TimeSpan.FromDays(1))]) });
        run.Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(DeployJobs.Smoke, Answers).Succeed(GateJobs.Performance, Measured(Slow));
        run.S.GatesPassed.ShouldBeTrue();
        run.View.Stages.Single(s => s.Name == "gates").Figures["performanceWaived"].ShouldBe(1);
    }

    [Fact]
    public void WaiverEndsMidCanary_HoldsTheNextStep_AndANewOneLetsItGoOn()
    {
        var run = Loaded(With(Waiver(TimeSpan.FromMinutes(5)))).Succeed(GateJobs.Performance, Measured(Slow)).Succeed(DeployJobs.Start);
        run.Now = Start.AddMinutes(5);
        run.LookHealthy();
        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
        run.Did(new TellGateFacts(new(2, false, [Waiver(TimeSpan.FromDays(9))]), Actor.System("project"), null));
        run.S.Blocks.ShouldBeEmpty();
    }

    [Fact]
    public void PolicyWithoutLoad_AndAWayBack_AskForNone()
    {
        var off = new ReleaseRun(ReleaseSamples.Second().With(p => p with { Performance = new(0, 0) })).Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start);
        off.Payloads<SmokeRequest>(DeployJobs.Smoke).Single().Subject.ShouldBeNull();
        off.Succeed(DeployJobs.Smoke, Answers).S.GatesPassed.ShouldBeTrue();
        var back = new ReleaseRun(ReleaseSamples.Second() with { Kind = ReleaseKind.Rollback, ArtifactDigest = ReleaseSamples.Digest(9) }).Begin().Succeed(DeployJobs.Start);
        back.Payloads<SmokeRequest>(DeployJobs.Smoke).Single().Subject.ShouldBeNull();
        back.Succeed(DeployJobs.Smoke, Answers).S.GatesPassed.ShouldBeTrue();
    }

    [Fact]
    public void JobBreaks_TheReleaseFailsOpenly() => Loaded(new()).Break(GateJobs.Performance).Settle().View.Cause!.ShouldContain("could not be put under load");

    [Fact]
    public void Abort_UnderLoad_EndsIt()
    {
        var run = Loaded(new());
        run.Did(new AbortRelease(Actor.User("bo"), "no"));
        run.Settle().S.Outcome.ShouldBe(ReleaseOutcome.Aborted);
        run.Pending(GateJobs.Performance).ShouldBeNull();
    }
}
