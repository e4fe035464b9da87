using ProdSprint.Kernel;
using ProdSprint.Machines.Projects;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Machines.Plans;

public sealed class PlanMachineTests
{
    private const string Key = "plan/default/shop/2";
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly Actor Ben = Actor.User("ben");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly PlanBlocker Missing = new("env.missing:DB", "env.missing", "DB is not set", "The code reads it", "Set it", "production", "shop", null, true);
    private static readonly PlanBlocker NoStart = new("service.no-start", "service.no-start", "Nothing to start", "No command", "Write a Procfile", null, "shop", null, false);

    [Fact]
    public void Decide_NothingApprovedBefore_WaitsForAPerson() => Made(Documents.Plan("c")).Status.ShouldBe(PlanStatus.Ready);

    [Fact]
    public void Decide_ExecutesTheSame_CarriesTheApprovalOverAndTellsTheProject()
    {
        var (state, effects) = MadeWith(Documents.Plan("c", carries: true), approvedBefore: 1);
        state.Status.ShouldBe(PlanStatus.Approved);
        state.CarriedFrom.ShouldBe(1);
        KernelJson.Read<ProjectCommand>(effects.OfType<Tell>().Single().CommandJson).ShouldBeOfType<PlanSettled>().Document.ShouldNotBeNull();
    }

    [Fact]
    public void Decide_CarriesButBlocked_DoesNotCarry() =>
        MadeWith(Documents.Plan("c", carries: true, blockers: Missing), approvedBefore: 1).State.Status.ShouldBe(PlanStatus.Ready);

    [Fact]
    public void Decide_ApproveOverABlocker_IsRefusedWithItsRemediation()
    {
        var rejection = Approve(Made(Documents.Plan("c", blockers: Missing)), Ben).Rejection.ShouldNotBeNull();
        rejection.Code.ShouldBe("plan.blocked");
        rejection.Kind.ShouldBe(RejectionKind.Gate);
        rejection.Next.ShouldContain("--waive");
    }

    [Fact]
    public void Decide_WaiverWithoutReason_IsRefused() =>
        Approve(Made(Documents.Plan("c", blockers: Missing)), Ben, new Waiver(Missing.Id, " ", null)).Rejection!.Code.ShouldBe("plan.waiver-without-reason");

    [Fact]
    public void Decide_WaiverWithoutTicket_IsRefused() =>
        Approve(Made(Documents.Plan("c", blockers: Missing)), Ben, new Waiver(Missing.Id, "later", Now.AddDays(1))).Rejection!.Code.ShouldBe("waiver.no-ticket");

    [Theory]
    [InlineData(null)]
    [InlineData(-1)]
    [InlineData(400)]
    public void Decide_WaiverWithoutAnEndToCome_IsRefused(int? days) =>
        Approve(Made(Documents.Plan("c", blockers: Missing)), Ben, new Waiver(Missing.Id, "later", days is { } d ? Now.AddDays(d) : null, "SHOP-1")).Rejection!.Code.ShouldBe("waiver.bad-expiry");

    [Fact]
    public void Decide_WaiverWithReasonTicketAndEnd_Approves_AndTheProjectIsToldTheEnd()
    {
        var decision = Approve(Made(Documents.Plan("c", blockers: Missing)), Ben, new Waiver(Missing.Id, "not used here", Now.AddDays(3), "SHOP-1"));
        decision.Rejection.ShouldBeNull();
        KernelJson.Read<ProjectCommand>(decision.Effects.OfType<Tell>().Single().CommandJson).ShouldBeOfType<PlanSettled>().WaivedUntil.ShouldBe(Now.AddDays(3));
    }

    [Fact]
    public void Decide_UnwaivableBlocker_CannotBeWaived() =>
        Approve(Made(Documents.Plan("c", blockers: NoStart)), Ben, new Waiver(NoStart.Id, "please", Now.AddDays(1), "SHOP-1")).Rejection!.Code.ShouldBe("plan.blocked");

    [Fact]
    public void WriteBranch_BeforeApproval_IsRefused()
    {
        var rejection = PlanMachine.Decide(Made(Documents.Plan("c")), Key, Branch("x"), Now).Rejection.ShouldNotBeNull();
        (rejection.Code, rejection.Next).ShouldBe(("plan.not-approved", "Approve it: prodsprint approve --plan 2"));
    }

    [Theory]
    [InlineData("prodsprint/plan-2", true)]
    [InlineData("a.b_c", true)]
    [InlineData("", false)]
    [InlineData("HEAD", false)]
    [InlineData("-x", false)]
    [InlineData("a//b", false)]
    [InlineData("a..b", false)]
    [InlineData("a.lock", false)]
    [InlineData("a/.b", false)]
    [InlineData("a b", false)]
    [InlineData("a:b", false)]
    [InlineData("+refs/heads/main", false)]
    public void WriteBranch_NameIsOneForGit_OrRefused(string name, bool good) =>
        PlanMachine.Decide(MadeWith(Documents.Plan("c", carries: true), approvedBefore: 1).State, Key, Branch(name), Now).Rejection?.Code.ShouldBe(good ? null : "branch.bad-name");

    [Fact]
    public void WriteBranch_Approved_OneJob_ItsOutcomeIsKept_AndAnotherMayFollow()
    {
        var state = MadeWith(Documents.Plan("c", carries: true), approvedBefore: 1).State;
        var asked = PlanMachine.Decide(state, Key, Branch("x"), Now);
        asked.Effects.OfType<EnqueueJob>().Single().Kind.ShouldBe(ProjectJobs.Branch);
        state = asked.Events.Aggregate(state, PlanMachine.Apply)!;
        PlanMachine.Decide(state, Key, Branch("y"), Now).Rejection!.Code.ShouldBe("branch.being-written");
        state = PlanMachine.Decide(state, Key, new BranchOutcome(new("c0ffee00c0ffee00", "sha256:d", null), null), Now).Events.Aggregate(state, PlanMachine.Apply)!;
        (state.Branch!.State, state.Branch.Commit).ShouldBe((BranchState.Written, "c0ffee00c0ffee00"));
        PlanMachine.Decide(state, Key, new BranchOutcome(null, "late"), Now).Events.ShouldBeEmpty();
        state = PlanMachine.Decide(state, Key, Branch("y"), Now).Events.Aggregate(state, PlanMachine.Apply)!;
        state = PlanMachine.Decide(state, Key, new BranchOutcome(null, "no key"), Now).Events.Aggregate(state, PlanMachine.Apply)!;
        (state.Branch!.Name, state.Branch.State, state.Branch.Problem, state.Status).ShouldBe(("y", BranchState.Failed, "no key", PlanStatus.Approved));
    }

    private static WriteBranch Branch(string name) => new(name, "/src/shop", ["sha256:a"], "Title", "sha256:t", Ana, null);

    [Fact]
    public void I5_EveryPlanPolicy_AuthorMayNotApprove()
    {
        var plan = Made(Documents.Plan("c", approval: ApprovalMode.EveryPlan));
        Approve(plan, Ana).Rejection!.Code.ShouldBe("plan.own-approval");
        Approve(plan, Ben).Rejection.ShouldBeNull();
    }

    [Fact]
    public void TwoApprovers_TheFirstAloneApprovesNothing_TheSameAgainIsRefused_AnotherDecides_AndBothAreKept()
    {
        var plan = Made(WithTwo(Documents.Plan("c", approval: ApprovalMode.EveryPlan)));
        var first = Approve(plan, Ben);
        first.Effects.ShouldBeEmpty();
        plan = Fold(plan, first);
        (plan.Status, plan.ApprovedBy).ShouldBe((PlanStatus.Ready, null));
        Approve(plan, Ben).Rejection!.Code.ShouldBe("plan.approved-by-you");
        Approve(plan, Ana).Rejection!.Code.ShouldBe("plan.own-approval");
        PlanMachine.Decide(plan, Key, Branch("x"), Now).Rejection!.Code.ShouldBe("plan.not-approved");
        var second = Approve(plan, Actor.User("cleo"));
        KernelJson.Read<ProjectCommand>(second.Effects.OfType<Tell>().Single().CommandJson).ShouldBeOfType<PlanSettled>().Document.ShouldNotBeNull();
        plan = Fold(plan, second);
        plan.Status.ShouldBe(PlanStatus.Approved);
        plan.Approvals.Select(a => (a.By, a.Digest)).ShouldBe([("user:ben", plan.Result!.Document.Digest), ("user:cleo", plan.Result.Document.Digest)]);
    }

    [Fact]
    public void TwoApprovers_TheFirstOnesWaiverStandsForTheSecond_UntilItEnds()
    {
        var plan = Made(WithTwo(Documents.Plan("c", approval: ApprovalMode.EveryPlan, blockers: Missing)));
        plan = Fold(plan, Approve(plan, Ben, new Waiver(Missing.Id, "not used here", Now.AddDays(3), "SHOP-1")));
        var late = new ApprovePlan([], null, Actor.User("cleo"), null);
        PlanMachine.Decide(plan, Key, late, Now.AddDays(3)).Rejection!.Code.ShouldBe("plan.blocked");
        var decided = PlanMachine.Decide(plan, Key, late, Now.AddDays(2));
        KernelJson.Read<ProjectCommand>(decided.Effects.OfType<Tell>().Single().CommandJson).ShouldBeOfType<PlanSettled>().WaivedUntil.ShouldBe(Now.AddDays(3));
        Fold(plan, decided).Waivers.Single().Reason.ShouldBe("not used here");
    }

    [Fact]
    public void EveryPlanOrAWaiver_AMachineDoesNotApprove()
    {
        var machine = new Actor("service:ci");
        Approve(Made(Documents.Plan("c", approval: ApprovalMode.EveryPlan)), machine).Rejection!.Code.ShouldBe("plan.by-machine");
        Approve(Made(Documents.Plan("c", blockers: Missing)), machine, new Waiver(Missing.Id, "fine", Now.AddDays(1), "SHOP-1")).Rejection!.Code.ShouldBe("plan.by-machine");
        Approve(Made(Documents.Plan("c")), machine).Rejection.ShouldBeNull();
    }

    private static PlanDocument WithTwo(PlanDocument plan) => plan with { Policy = plan.Policy with { Approvers = 2 } };

    [Fact]
    public void Decide_ApproveAnotherDigest_IsRefused() =>
        PlanMachine.Decide(Made(Documents.Plan("c")), Key, new ApprovePlan([], "sha256:other", Ben, null), Now).Rejection!.Code.ShouldBe("plan.changed");

    [Fact]
    public void Decide_GenerationFailed_TellsTheProjectWhy()
    {
        var begun = Begun(null);
        var decision = PlanMachine.Decide(begun, Key, new PlanOutcome(null, "ref v9 does not exist"), Now);
        KernelJson.Read<ProjectCommand>(decision.Effects.OfType<Tell>().Single().CommandJson).ShouldBeOfType<PlanSettled>().Reason.ShouldBe("ref v9 does not exist");
        Fold(begun, decision).Problem.ShouldBe("ref v9 does not exist");
    }

    private static Decision<PlanEvent> Approve(Plan plan, Actor by, params Waiver[] waivers) =>
        PlanMachine.Decide(plan, Key, new ApprovePlan([.. waivers], null, by, "read it"), Now);

    private static Plan Made(PlanDocument document) => MadeWith(document, null).State;

    private static (Plan State, IReadOnlyList<Effect> Effects) MadeWith(PlanDocument document, int? approvedBefore)
    {
        var begun = Begun(approvedBefore);
        var made = PlanMachine.Decide(begun, Key, new PlanOutcome(new("c", "v2", "ana", "Add a cart", document, "sha256:audit", "1 service"), null), Now);
        return (Fold(begun, made), made.Effects);
    }

    private static Plan Begun(int? approvedBefore) => Fold(null, PlanMachine.Decide(
        null, Key, new BeginPlan(2, new("default", "shop", "/src", "v2", "default", null, System.Collections.Immutable.ImmutableDictionary<string, string>.Empty), approvedBefore, Ana, null), Now));

    private static Plan Fold(Plan? state, Decision<PlanEvent> decision)
    {
        decision.Rejection.ShouldBeNull();
        return decision.Events.Aggregate(state, PlanMachine.Apply)!;
    }
}
