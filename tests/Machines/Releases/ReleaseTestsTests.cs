using System.Collections.Immutable;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>What the tests of a build reported, at the gates and while a waiver of it holds.</summary>
public sealed class ReleaseTestsTests
{
    private static readonly DateTimeOffset Start = ReleaseSamples.Start;
    private static readonly string Report = ReleaseSamples.Digest(77);
    private static readonly GateFinding Low = new(WaiverKind.Control, TestControls.Coverage, [], "", "policy", null, "71 % of 500 lines are covered, and at least 80 % are to be");

    private static GateWaiver Waiver(TimeSpan holds) => new(1, WaiverKind.Control, TestControls.Coverage, null, "legacy", "T-9", Start + holds, "user:bo", Start);

    private static TestsResult Judged(ImmutableArray<string> blocking, params GateFinding[] findings) => new(40, blocking.Length, 1, blocking, 71, [.. findings], "40 tests passed.");

    private static ReleaseRun AtGates(ReleaseRun run, int failed = 0) =>
        run.Begin().Succeed(DeployJobs.Build, new BuildResult(ReleaseSamples.Digest(2), 1, 1, false, 40, failed) { TestReport = Report }).Succeed(DeployJobs.Start);

    private static ReleaseRun With(params GateWaiver[] waivers) => new(ReleaseSamples.Second() with { Gate = new(1, false, [.. waivers]) });

    [Fact]
    public void NoReport_TheBuildsCountsDecide_AndNoJobIsAsked()
    {
        var run = new ReleaseRun().ToPromoted();
        run.Payloads<TestsRequest>(GateJobs.Tests).ShouldBeEmpty();
        run.Kinds.ShouldNotContain(k => k.Contains("tests-"));
        var failing = new ReleaseRun().Begin().Succeed(DeployJobs.Build, new BuildResult(ReleaseSamples.Digest(2), 1, 1, false, 40, 2)).Succeed(DeployJobs.Start).Settle();
        failing.View.Cause!.ShouldContain("2 tests failed, 40 passed");
    }

    [Fact]
    public void Report_IsJudgedAgainstStable_AndGoesOn()
    {
        var run = AtGates(new());
        run.Payloads<TestsRequest>(GateJobs.Tests).Single().ShouldSatisfyAllConditions(r => r.Report.ShouldBe(Report), r => r.Stable.ShouldBe(ReleaseSamples.V1.Commit), r => r.Commit.ShouldBe(run.Spec.Commit));
        run.Succeed(GateJobs.Tests, Judged([])).Succeed(DeployJobs.Smoke);
        run.S.GatesPassed.ShouldBeTrue();
        run.View.Stages.Single(s => s.Name == "gates").Figures["coveragePercent"].ShouldBe(71);
    }

    [Fact]
    public void FailuresInQuarantine_StopNothing()
    {
        var run = AtGates(new(), failed: 1).Succeed(GateJobs.Tests, Judged([]) with { Failed = 1 }).Succeed(DeployJobs.Smoke);
        run.S.GatesPassed.ShouldBeTrue();
        run.View.Stages.Single(s => s.Name == "gates").Figures["quarantined"].ShouldBe(1);
    }

    [Fact]
    public void BlockingTests_EndTheRelease_WithTheirNames_WhateverIsWaived()
    {
        var run = AtGates(With(Waiver(TimeSpan.FromDays(1)))).Succeed(GateJobs.Tests, Judged(["cart › total (it is in quarantine, and passes on the stable version)"])).Settle();
        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.View.Cause!.ShouldContain("cart › total");
        run.View.Cause!.ShouldContain("prodsprint tests show");
        run.Weights.ShouldBeEmpty();
    }

    [Fact]
    public void CoverageTooLow_EndsTheRelease_AndAWaiverLetsTheRetryPass()
    {
        var run = AtGates(With()).Succeed(GateJobs.Tests, Judged([], Low)).Settle();
        run.View.Cause!.ShouldContain("71 % of 500 lines");
        run.View.Cause!.ShouldContain("prodsprint waivers create control \"tests.coverage\" --project");
        run.Did(new RetryRelease(Actor.User("ana"), null));
        run.Did(new AllowAttempt(ReleaseSamples.V1, Actor.User("ana"), null) { Gate = new(2, false, [Waiver(TimeSpan.FromDays(1))]) });
        AtGatesAgain(run).Succeed(GateJobs.Tests, Judged([], Low)).Succeed(DeployJobs.Smoke);
        run.S.GatesPassed.ShouldBeTrue();
    }

    private static ReleaseRun AtGatesAgain(ReleaseRun run) => run.Succeed(DeployJobs.Build, new BuildResult(ReleaseSamples.Digest(2), 1, 1, true, 40, 0) { TestReport = Report }).Succeed(DeployJobs.Start);

    [Fact]
    public void CoverageWaiverEndsMidCanary_HoldsTheNextStep()
    {
        var run = AtGates(With(Waiver(TimeSpan.FromMinutes(5)))).Succeed(GateJobs.Tests, Judged([], Low)).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);
        ReleaseMachine.WakeAt(run.S, run.Now)!.Value.ShouldBeLessThanOrEqualTo(Start.AddMinutes(5));
        run.Now = Start.AddMinutes(5);
        run.LookHealthy();
        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
        run.Did(new TellGateFacts(new(2, false, [Waiver(TimeSpan.FromDays(9))]), Actor.System("project"), null));
        run.S.Blocks.ShouldBeEmpty();
    }

    [Fact]
    public void Supply_AfterTests_KeepsTheFindingsOfBoth()
    {
        var lodash = new GateFinding(WaiverKind.Vulnerability, "GHSA-1", [], "pkg:npm/lodash@4.17.20", "high", null, null);
        var both = new GateWaiver(2, WaiverKind.Vulnerability, "GHSA-1", "pkg:npm/lodash", "x", "T", Start.AddDays(1), "user:bo", Start);
        var run = AtGates(new(ReleaseSamples.Second() with { Gate = new(1, true, [Waiver(TimeSpan.FromDays(1)), both]) })).Succeed(GateJobs.Tests, Judged([], Low)).Succeed(GateJobs.Supply, new SupplyResult(1, 1, [lodash], 0, "1 package."));
        run.S.Findings.Select(f => f.Id).ShouldBe([TestControls.Coverage, "GHSA-1"]);
        run.Succeed(DeployJobs.Smoke).S.GatesPassed.ShouldBeTrue();
    }

    [Fact]
    public void ReportRequired_AndNoneWritten_NeedsAWaiver()
    {
        var spec = ReleaseSamples.Second().With(p => p with { Coverage = CoveragePolicy.Usual with { Required = true } });
        var run = new ReleaseRun(spec).Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start);
        run.Payloads<TestsRequest>(GateJobs.Tests).Single().Report.ShouldBeNull();
        run.Succeed(GateJobs.Tests, TestsGate.Judge(TestReport.Nothing, new([], []), CoverageGate.Judge(TestReport.Nothing, null, null, spec.Plan.Policy.Coverage!))).Settle();
        run.View.Cause!.ShouldContain("tests.reported");
        run.Journal.OfType<TestsChecked>().Single().Passed.ShouldBe(40);
    }

    [Fact]
    public void JobBreaks_TheReleaseFailsOpenly() => AtGates(new()).Break(GateJobs.Tests).Settle().View.Cause!.ShouldContain("could not be judged");
}
