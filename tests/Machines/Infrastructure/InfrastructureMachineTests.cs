using ProdSprint.Infrastructure;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Machines.Infrastructure;

public sealed class InfrastructureMachineTests
{
    private const string Key = "infrastructure/default/shop/production";
    private static readonly Actor Ana = Actor.User("ana"), Bo = Actor.User("bo");
    private static readonly InfrastructureChange Database = new("terraform_data.database", InfrastructureAction.Create, null, """{"name":"d"}""", null);
    private static readonly InfrastructureChange Lost = new("terraform_data.database", InfrastructureAction.Repair, """{"name":"d"}""", """{"name":"d"}""", "the database d is not there");
    private readonly List<InfrastructureEvent> _events = [];
    private DateTimeOffset _now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private InfrastructureState? _state;
    private long _version;
    private IReadOnlyList<Effect> _effects = [];

    [Fact]
    public void Decide_PlanApproveApply_AppliesTheVeryPlanThatWasApproved()
    {
        Planned();
        Job().ShouldBeNull("nothing runs before somebody approves");
        Do(new ApproveInfrastructure(_state!.Plan!.Digest, Bo, "seen"));
        Do(new ApplyInfrastructure(Ana, null));
        var request = KernelJson.Read<InfrastructureRequest>(Job()!.PayloadJson);
        request.Plan!.PlanFileDigest.ShouldBe("sha256:file");
        request.Allowed.ShouldBe([Database]);
        Ended(new InfrastructureApplied(new(3, "sha256:state"), 1));
        _state!.ShouldSatisfyAllConditions(
            s => s.Phase.ShouldBe(InfrastructurePhase.Applied), s => s.Baseline.ShouldBe(new(1, s.Plan!.Digest, "sha256:files", "user:bo", 3, "sha256:state", _now)), s => s.Known.ShouldBe(new(3, "sha256:state")));
        Told().ShouldBe(new("production", null, true, Actor.System("infrastructure"), null));
    }

    [Fact]
    public void Decide_Applied_TellsWhatThePlanChangesInCost_AndARepairTellsNothing()
    {
        var cost = new CostDifference("USD", "us-east-1", "2025-11-01", true, 10, 25.5, 15.5, [], [], 0);
        Do(new PlanInfrastructure(false, ApprovalMode.OncePerExecution, Ana, null));
        Ended(Plan(_state!.LastPlan) with { Cost = cost });
        Do(new ApproveInfrastructure(_state!.Plan!.Digest, Bo, null));
        Do(new ApplyInfrastructure(Ana, null));
        Ended(new InfrastructureApplied(new(3, "sha256:state"), 1));
        var applied = _events.OfType<InfrastructureWasApplied>().Single();
        applied.Cost.ShouldBe(cost);
        InfrastructureViews.Fact(applied, _state!).Text.ShouldContain("1 resources changed: +15.50 USD a month (10.00 → 25.50");
        KernelJson.Read<InfrastructureEvent>(KernelJson.Write<InfrastructureEvent>(applied)).ShouldBeOfType<InfrastructureWasApplied>().Cost!.Change.ShouldBe(15.5);
        InfrastructureViews.Fact(applied with { Cost = null }, _state!).Text.ShouldEndWith("1 resources changed");
    }

    [Fact]
    public void Decide_ApplyWithoutApproval_IsRefusedWithTheNextStep()
    {
        Refused(new ApplyInfrastructure(Ana, null)).Code.ShouldBe("infrastructure.not-found");
        Planned();
        Refused(new ApplyInfrastructure(Ana, null)).ShouldSatisfyAllConditions(r => r.Code.ShouldBe("infrastructure.not-approved"), r => r.Kind.ShouldBe(RejectionKind.Gate), r => r.Next.ShouldContain("infrastructure approve"));
    }

    [Fact]
    public void Decide_ApprovalOfAnotherDigest_IsRefused()
    {
        Planned();
        Refused(new ApproveInfrastructure("sha256:other", Bo, null)).Code.ShouldBe("infrastructure.changed");
    }

    [Fact]
    public void Decide_ApprovalByTheAuthor_FollowsTheProjectsPolicy()
    {
        Planned(ApprovalMode.EveryPlan);
        Refused(new ApproveInfrastructure(_state!.Plan!.Digest, Ana, null)).Code.ShouldBe("infrastructure.own-approval");
        Refused(new ApproveInfrastructure(_state!.Plan!.Digest, Actor.System("policy"), null)).Code.ShouldBe("infrastructure.not-a-person");
        Planned();
        Do(new ApproveInfrastructure(_state!.Plan!.Digest, Ana, null));
        _state.Phase.ShouldBe(InfrastructurePhase.Approved);
    }

    [Fact]
    public void Decide_PlannedAnew_NeedsAnotherApproval()
    {
        Planned();
        Do(new ApproveInfrastructure(_state!.Plan!.Digest, Bo, null));
        Planned();
        Refused(new ApplyInfrastructure(Ana, null)).Code.ShouldBe("infrastructure.not-approved");
    }

    [Fact]
    public void Decide_ApplyFailed_CanBeTriedAgainWithTheSameApproval()
    {
        Applying();
        Ended(null, "It broke off. Next: try again");
        _state!.ShouldSatisfyAllConditions(s => s.Phase.ShouldBe(InfrastructurePhase.Failed), s => s.Problem.ShouldBe("It broke off. Next: try again"), s => s.ApprovedBy.ShouldBe("user:bo"));
        Do(new ApplyInfrastructure(Ana, null));
        KernelJson.Read<InfrastructureRequest>(Job()!.PayloadJson).Plan!.Digest.ShouldBe(_state!.Plan!.Digest);
    }

    [Fact]
    public void Decide_OutcomeOfAJobOfThePast_ChangesNothing()
    {
        Applying();
        var old = _state!.Job!;
        Ended(null, "broke off");
        Do(new ApplyInfrastructure(Ana, null));
        InfrastructureMachine.Decide(_state, Key, _version, new InfrastructureOutcome(old, null, "broke off"), _now).ShouldBe(Decision<InfrastructureEvent>.Nothing);
    }

    [Fact]
    public void Decide_WhileApplying_NothingElseBegins()
    {
        Applying();
        foreach (var command in (InfrastructureCommand[])[new PlanInfrastructure(false, ApprovalMode.OncePerExecution, Ana, null), new ApplyInfrastructure(Ana, null), new CheckDrift(Ana, null), new RestoreInfrastructureState(1, Ana, null)])
            Refused(command).Code.ShouldBe("infrastructure.busy");
    }

    [Fact]
    public void Tick_WhenALookIsDue_LooksWithTheFilesThatWereApplied_AndAPersonsPlanGoesBefore()
    {
        Applied();
        InfrastructureMachine.DueAt(_state!).ShouldBe(_now + InfrastructureMachine.CheckEvery);
        _now += InfrastructureMachine.CheckEvery;
        Do(new InfrastructureTick());
        Job()!.Kind.ShouldBe(InfrastructureJobs.Check);
        KernelJson.Read<InfrastructureRequest>(Job()!.PayloadJson).ConfigurationDigest.ShouldBe("sha256:files");
        InfrastructureMachine.DueAt(_state!).ShouldBeNull("one look at a time");
        Do(new PlanInfrastructure(false, ApprovalMode.OncePerExecution, Ana, null));
        _effects[0].ShouldBe(new CancelJobs(Key));
        _state!.Job.ShouldBe($"{Key}@{_version}.1");
    }

    [Fact]
    public void Drift_OfProduction_IsToldToTheProject_AndGoneWhenItIsPutBack()
    {
        Drifted();
        Told().Detail!.ShouldContain("the database d is not there");
        Refused(new ReapplyInfrastructure("sha256:other", Ana, null)).Code.ShouldBe("infrastructure.other-drift");
        Do(new ReapplyInfrastructure(_state!.Drift!.Digest, Ana, null));
        var request = KernelJson.Read<InfrastructureRequest>(Job()!.PayloadJson);
        request.Plan.ShouldBeNull();
        request.Allowed.ShouldBe([Lost]);
        Ended(new InfrastructureApplied(new(4, "sha256:repaired"), 1));
        _state!.ShouldSatisfyAllConditions(s => s.Drift.ShouldBeNull(), s => s.Phase.ShouldBe(InfrastructurePhase.Applied), s => s.Baseline!.StateVersion.ShouldBe(4), s => s.Baseline!.Plan.ShouldBe(1));
        Told().ShouldBe(new("production", null, true, Actor.System("infrastructure"), null));
    }

    [Fact]
    public void Drift_Accepted_HoldsNothing_UntilItIsAnother()
    {
        Drifted();
        var digest = _state!.Drift!.Digest;
        Refused(new AcceptDrift(digest, Bo, " ")).Code.ShouldBe("infrastructure.no-reason");
        Do(new AcceptDrift(digest, Bo, "moved to another server on purpose"));
        Told().Detail.ShouldBeNull();
        Looked(Lost);
        _state!.Drift!.AcceptedBy.ShouldBe("user:bo", "the same drift is the same decision");
        Told().Detail.ShouldBeNull();
        Looked(Lost, Lost with { Address = "terraform_data.role", Why = "the role d is not there" });
        _state!.Drift!.AcceptedBy.ShouldBeNull();
        Told().Detail!.ShouldContain("the role d is not there");
        Looked();
        _state!.Drift.ShouldBeNull();
    }

    [Fact]
    public void Reapply_WhileAnotherPlanWaits_LeavesThatPlanWaiting()
    {
        Drifted();
        Do(new PlanInfrastructure(false, ApprovalMode.OncePerExecution, Ana, null));
        Ended(Plan(2));
        Do(new ReapplyInfrastructure(_state!.Drift!.Digest, Ana, null));
        Ended(new InfrastructureApplied(new(4, "sha256:repaired"), 1));
        _state!.ShouldSatisfyAllConditions(s => s.Phase.ShouldBe(InfrastructurePhase.Planned), s => s.Plan!.Number.ShouldBe(2), s => s.Baseline!.Plan.ShouldBe(1));
    }

    [Fact]
    public void Destroyed_NothingIsLookedAtAnyMore()
    {
        Applied();
        Do(new PlanInfrastructure(true, ApprovalMode.OncePerExecution, Ana, null));
        Ended(Plan(2) with { Destroy = true });
        Do(new ApproveInfrastructure(_state!.Plan!.Digest, Bo, null));
        Do(new ApplyInfrastructure(Ana, null));
        KernelJson.Read<InfrastructureRequest>(Job()!.PayloadJson).Destroy.ShouldBeTrue();
        Ended(new InfrastructureApplied(new(5, "sha256:empty"), 6));
        _state!.ShouldSatisfyAllConditions(s => s.Phase.ShouldBe(InfrastructurePhase.Destroyed), s => s.Baseline.ShouldBeNull(), s => InfrastructureMachine.DueAt(s).ShouldBeNull());
        Told().Stands.ShouldBeFalse();
    }

    [Fact]
    public void Apply_OverTheJsonOfEveryEvent_GivesTheSameState()
    {
        Drifted();
        Do(new AcceptDrift(_state!.Drift!.Digest, Bo, "on purpose"));
        Do(new RestoreInfrastructureState(1, Ana, "tampered"));
        Ended(new InfrastructureApplied(new(9, "sha256:old"), 0));
        var replayed = _events.Select(e => KernelJson.Read<InfrastructureEvent>(KernelJson.Write(e))).Aggregate((InfrastructureState?)null, InfrastructureMachine.Apply);
        KernelJson.Write(replayed).ShouldBe(KernelJson.Write(_state));
    }

    private static InfrastructurePlan Plan(int number) => new(number, false, [Database], "sha256:files", "sha256:file", 0, "tofu", $"sha256:plan{number}");

    private void Planned(ApprovalMode approval = ApprovalMode.OncePerExecution)
    {
        Do(new PlanInfrastructure(false, approval, Ana, null));
        Job()!.Kind.ShouldBe(InfrastructureJobs.Plan);
        Ended(Plan(_state!.LastPlan));
    }

    private void Applying()
    {
        Planned();
        Do(new ApproveInfrastructure(_state!.Plan!.Digest, Bo, null));
        Do(new ApplyInfrastructure(Ana, null));
    }

    private void Applied()
    {
        Applying();
        Ended(new InfrastructureApplied(new(3, "sha256:state"), 1));
    }

    private void Drifted()
    {
        Applied();
        Looked(Lost);
    }

    private void Looked(params InfrastructureChange[] found)
    {
        Do(new CheckDrift(Ana, null));
        Ended(new DriftFound([.. found], new(3, "sha256:state")));
    }

    private void Ended(object? result, string? problem = null) => Do(new InfrastructureOutcome(_state!.Job!, result, problem));

    private EnqueueJob? Job() => _effects.OfType<EnqueueJob>().SingleOrDefault();

    private InfrastructureDrifted Told() => KernelJson.Read<ProjectCommand>(_effects.OfType<Tell>().Single(t => t.GrainKey == "project/default/shop").CommandJson).ShouldBeOfType<InfrastructureDrifted>();

    private Rejection Refused(InfrastructureCommand command) => InfrastructureMachine.Decide(_state, Key, _version, command, _now).Rejection.ShouldNotBeNull();

    private void Do(InfrastructureCommand command)
    {
        var decision = InfrastructureMachine.Decide(_state, Key, _version, command, _now);
        decision.Rejection.ShouldBeNull();
        _state = decision.Events.Aggregate(_state, InfrastructureMachine.Apply);
        _events.AddRange(decision.Events);
        _effects = decision.Effects;
        if (decision.Events.Count > 0) _version++;
        if (decision.Effects.OfType<EnqueueJob>().Any()) _state!.Job.ShouldBe($"{Key}@{_version}.{decision.Effects.Count - 1}", "the id that the outbox gives the job");
    }
}
