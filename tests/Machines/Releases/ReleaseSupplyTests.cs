using System.Collections.Immutable;
using ProdSprint.Deploy;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>What a version is built from: judged at the gates, and again at each step where a waiver may have ended.</summary>
public sealed class ReleaseSupplyTests
{
    private static readonly Actor Project = Actor.System("project");
    private static readonly GateFinding Lodash = new(WaiverKind.Vulnerability, "GHSA-1", ["CVE-1"], "pkg:npm/lodash@4.17.20", "high", "4.17.21", null);
    private static readonly DateTimeOffset Start = ReleaseSamples.Start;

    private static GateWaiver Waiver(TimeSpan holds, string by = "user:bo") => new(1, WaiverKind.Vulnerability, "CVE-1", "pkg:npm/lodash", "not reachable", "T-1", Start + holds, by, Start);

    private static SupplyResult Found(params GateFinding[] findings) => new(12, 3, [.. findings], 0, "12 packages.");

    private static ReleaseRun Guarded(params GateWaiver[] waivers) => new(ReleaseSamples.Second() with { Gate = new(1, true, [.. waivers]) });

    private static ReleaseRun AtGates(ReleaseRun run, params GateFinding[] findings) =>
        run.Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(GateJobs.Supply, Found(findings));

    private static ReleaseRun AtFirstStep(ReleaseRun run) => AtGates(run, Lodash).Succeed(DeployJobs.Smoke).Succeed(DeployJobs.Start);

    [Fact]
    public void NoAdvisoriesAndNoLicencePolicy_TheGateIsNotAsked()
    {
        var run = new ReleaseRun().ToPromoted();
        run.Payloads<SupplyRequest>(GateJobs.Supply).ShouldBeEmpty();
        run.Kinds.ShouldNotContain(k => k.Contains("supply"));
    }

    [Fact]
    public void Waivers_WithoutAdvisories_ChangeNothingOfTheRun()
    {
        var run = new ReleaseRun(ReleaseSamples.Second() with { Gate = new(4, false, [Waiver(TimeSpan.FromSeconds(1))]) }).ToPromoted();
        run.Kinds.ShouldBe(new ReleaseRun().ToPromoted().Kinds);
    }

    [Fact]
    public void NothingFound_GoesOn_AndTheStageSaysHowManyPackages()
    {
        var run = AtGates(Guarded()).Succeed(DeployJobs.Smoke);
        run.S.GatesPassed.ShouldBeTrue();
        run.View.Stages.Single(s => s.Name == "gates").Figures["components"].ShouldBe(12);
    }

    [Fact]
    public void HighWithoutWaiver_StopsAtTheGates_WithFindingFixAndNextStep()
    {
        var run = AtGates(Guarded(), Lodash).Settle();
        run.S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        run.Weights.ShouldBeEmpty();
        run.View.Cause!.ShouldContain("GHSA-1");
        run.View.Cause!.ShouldContain("4.17.21");
        run.View.Cause!.ShouldContain("prodsprint waivers create");
    }

    [Fact]
    public void Waived_GoesOn_AndRetryIsCheckedAgainWithTheWaiversOfThen()
    {
        var run = AtGates(Guarded(), Lodash).Settle();
        run.Did(new RetryRelease(Actor.User("ana"), null));
        run.Did(new AllowAttempt(ReleaseSamples.V1, Actor.User("ana"), null) { Gate = new(2, true, [Waiver(TimeSpan.FromDays(1))]) });
        run.Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(GateJobs.Supply, Found(Lodash)).Succeed(DeployJobs.Smoke);
        run.S.GatesPassed.ShouldBeTrue();
    }

    [Fact]
    public void WaiverEndsMidCanary_HoldsAtTheCurrentWeight_DoesNotRollBack_AndARenewalLetsItGoOn()
    {
        var run = AtFirstStep(Guarded(Waiver(TimeSpan.FromMinutes(5))));
        run.S.Step.ShouldBe(0);
        ReleaseMachine.WakeAt(run.S, run.Now)!.Value.ShouldBeLessThanOrEqualTo(Start.AddMinutes(5));

        run.Now = Start.AddMinutes(5);
        run.LookHealthy();

        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
        run.S.Step.ShouldBe(0);
        run.CanaryShare.ShouldBe(1);
        run.Do(new PromoteRelease(false, Actor.User("bo"), null))!.Code.ShouldBe("release.blocked");

        run.Did(new TellGateFacts(new(2, true, [Waiver(TimeSpan.FromDays(1)) with { Number = 2 }]), Project, null));
        run.View.Held.ShouldBeNull();
        run.PassStep().S.Step.ShouldBe(1);
    }

    [Fact]
    public void WaiverEndsWhileNobodyLooks_TheTickHolds()
    {
        var run = AtFirstStep(Guarded(Waiver(TimeSpan.FromMinutes(5))));
        run.Now = Start.AddMinutes(5);
        run.Tick();
        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
        run.LookBad().Settle();
        run.S.Outcome.ShouldBe(ReleaseOutcome.RolledBack);
    }

    [Fact]
    public void WaiverRevoked_HoldsAtOnce_AndWhatIsToldLateChangesNothing()
    {
        var run = AtFirstStep(Guarded(Waiver(TimeSpan.FromDays(1))));
        run.Did(new TellGateFacts(new(3, true, []), Project, null));
        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
        run.Did(new TellGateFacts(new(2, true, [Waiver(TimeSpan.FromDays(1))]), Project, null));
        run.View.Held.ShouldBe(HoldReason.WaiverExpired);
    }

    [Fact]
    public void WaiverOfTheAuthor_UnderAPolicyOfTwoPairsOfEyes_DoesNotCount()
    {
        var spec = ReleaseSamples.Second().With(p => p with { Approval = ApprovalMode.EveryPlan }) with { Gate = new(1, true, [Waiver(TimeSpan.FromDays(1), "user:ana")]) };
        AtGates(new(spec), Lodash).Settle().S.Outcome.ShouldBe(ReleaseOutcome.Failed);
        AtGates(new(spec with { Gate = new(1, true, [Waiver(TimeSpan.FromDays(1))]) }), Lodash).Succeed(DeployJobs.Smoke).S.GatesPassed.ShouldBeTrue();
    }

    [Fact]
    public void LicencePolicyAlone_AsksTheGate_AndADeniedLicenceBlocks()
    {
        var spec = ReleaseSamples.Second().With(p => p with { Licences = new([], ["AGPL-3.0"]) });
        var denied = new GateFinding(WaiverKind.Licence, "AGPL-3.0-only", [], "pkg:npm/ghost@5.0.0", "denied", null, null);
        var run = AtGates(new(spec), denied).Settle();
        run.Payloads<SupplyRequest>(GateJobs.Supply).Single().Licences!.Deny.ShouldBe(["AGPL-3.0"]);
        run.View.Cause!.ShouldContain("waivers create licence");
    }

    [Fact]
    public void TooManyFindings_AreMendedNotWaived() =>
        Guarded(Waiver(TimeSpan.FromDays(1))).Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Succeed(GateJobs.Supply, Found(Lodash) with { More = 7 }).Settle().View.Cause!.ShouldContain("8 weaknesses");

    [Fact]
    public void CheckBreaks_TheReleaseFails_RatherThanGoingOnUnchecked() =>
        Guarded().Begin().Succeed(DeployJobs.Build).Succeed(DeployJobs.Start).Break(GateJobs.Supply).Settle().S.Outcome.ShouldBe(ReleaseOutcome.Failed);

    [Fact]
    public void WayBackToAnOlderVersion_IsNeverJudgedByIt()
    {
        var spec = ReleaseSamples.Second() with { Kind = ReleaseKind.Rollback, Gate = new(1, true, []) };
        new ReleaseRun(spec).ToGatesPassed().Payloads<SupplyRequest>(GateJobs.Supply).ShouldBeEmpty();
    }
}
