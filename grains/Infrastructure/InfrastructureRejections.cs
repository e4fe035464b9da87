using ProdSprint.Kernel;

namespace ProdSprint.Infrastructure;

/// <summary>Every way an environment's infrastructure can say no. Codes are stable: they are the problem types of the API.</summary>
internal static class InfrastructureRejections
{
    public static Rejection Unknown(string key) => new(
        "infrastructure.not-found", "Nothing planned yet", $"There is no {key}.", "Plan it: prodsprint infrastructure plan", RejectionKind.NotFound);

    public static Rejection Busy(InfrastructureState s) => new(
        "infrastructure.busy", "Work is going on", $"{s.JobKind} of {s.Environment} has not ended, and two at once would work against each other.", "Wait for it: prodsprint infrastructure show");

    public static Rejection NoPlan(InfrastructureState s) => new(
        "infrastructure.no-plan", "No plan to decide on", s.Problem is { } problem ? $"The last plan failed: {problem}" : $"{s.Environment} has no plan that waits.", "Plan it: prodsprint infrastructure plan");

    public static Rejection OtherPlan(string seen, InfrastructurePlan plan) => new(
        "infrastructure.changed", "Not the plan you saw", $"You approved {seen}; plan {plan.Number} is {plan.Digest}.", "Read it again: prodsprint infrastructure show");

    public static Rejection OwnApproval(string by) => new(
        "infrastructure.own-approval", "Not your own plan", $"The project's policy wants another pair of eyes than {by}'s.", "Ask someone else to approve it", RejectionKind.Forbidden);

    public static Rejection NotAPerson(Actor by) => new(
        "infrastructure.not-a-person", "A person decides this", $"{by} is not one.", "Sign in, and approve it yourself", RejectionKind.Forbidden);

    public static Rejection Approved(InfrastructureState s) => new(
        "infrastructure.approved", "Already approved", $"{s.ApprovedBy} approved plan {s.LastPlan}.", "Apply it: prodsprint infrastructure apply");

    public static Rejection NotApproved(InfrastructureState s) => new(
        "infrastructure.not-approved", "Not approved", $"Plan {s.LastPlan} of {s.Environment} has no approval, and nothing is changed without one.", "Read and approve it: prodsprint infrastructure approve", RejectionKind.Gate);

    public static Rejection Done(InfrastructureState s) => new(
        "infrastructure.done", "Nothing left to apply", $"Plan {s.LastPlan} was applied.", "Plan anew: prodsprint infrastructure plan");

    public static Rejection NothingApplied(InfrastructureState s) => new(
        "infrastructure.nothing-applied", "Nothing was applied yet", $"There is nothing in {s.Environment} that could be otherwise.", "Plan it: prodsprint infrastructure plan");

    public static Rejection NoDrift(InfrastructureState s) => new(
        "infrastructure.no-drift", "No drift", $"{s.Environment} is as it was applied, as far as anybody has looked.", "Look now: prodsprint infrastructure drift");

    public static Rejection OtherDrift(string seen, InfrastructureDrift drift) => new(
        "infrastructure.other-drift", "Not the drift you saw", $"You saw {seen}; by now it is {drift.Digest}.", "Read it again: prodsprint infrastructure show");

    public static Rejection NoReason() => new(
        "infrastructure.no-reason", "A reason is missing", "A drift that stays without a reason is one that nobody will understand.", "Say why: --reason '…'", RejectionKind.Invalid);

    public static Rejection BadVersion(long version) => new(
        "infrastructure.bad-version", "No such version", $"{version} is no version of a state.", "See them: prodsprint infrastructure states", RejectionKind.Invalid);
}
