using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>What a plan decides: nothing of a repository runs before its plan is approved, and no plan is approved over a blocker without a reason.</summary>
public static class PlanMachine
{
    public static Decision<PlanEvent> Decide(Plan? state, string key, PlanCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null, BeginPlan c) => Begin(key, c, now),
        (null, _) => Refuse("plan.not-found", "No such plan", $"There is no {key}.", "Make one: prodsprint plan", RejectionKind.NotFound),
        ({ Status: PlanStatus.Generating } p, PlanOutcome c) => Generated(p, c, now),
        ({ Status: PlanStatus.Generating }, ApprovePlan) => Refuse("plan.not-ready", "The plan is still being made", "The audit of its commit has not ended.", "Wait a moment: prodsprint status"),
        ({ Status: PlanStatus.Failed } p, ApprovePlan) => Refuse("plan.failed", "The plan failed", p.Problem!, "Mend the cause and plan again: prodsprint plan"),
        ({ Status: PlanStatus.Approved } p, ApprovePlan) => Refuse("plan.approved", "Already approved", $"{p.ApprovedBy} approved plan {p.Number}.", "Release it: prodsprint release"),
        ({ Status: PlanStatus.Ready } p, ApprovePlan c) => Approve(p, c, now),
        ({ } p, WriteBranch c) => AskForBranch(p, key, c, now),
        ({ Branch.State: BranchState.Writing }, BranchOutcome c) => Decision<PlanEvent>.Of(c.Result is { } result
            ? new BranchWritten(result, c.By.Id, null)
            : new BranchFailed(c.Problem ?? "The branch was not written, and nobody said why.", c.By.Id, null)),
        _ => Decision<PlanEvent>.Nothing,
    };

    public static Plan Apply(Plan? state, PlanEvent happened) => happened switch
    {
        PlanBegun e => new()
        {
            Workspace = e.Workspace, Project = e.Project, Number = e.Number, Ref = e.Ref, RequestedBy = e.By, RequestedAt = e.At, ApprovedPlanBefore = e.ApprovedPlan,
        },
        PlanGenerated e => state! with { Status = PlanStatus.Ready, Result = e.Result },
        PlanFailed e => state! with { Status = PlanStatus.Failed, Problem = e.Problem },
        ApprovalGiven e => state! with { Waivers = e.Waivers, Approvals = state.Approvals.Add(new(e.By, e.At, state.Result!.Document.Digest, e.Reason)) },
        PlanApproved e => state! with
        {
            Status = PlanStatus.Approved,
            Waivers = e.Waivers,
            Approvals = e.CarriedFrom is null ? state.Approvals.Add(new(e.By, e.At, state.Result!.Document.Digest, e.Reason)) : [],
            CarriedFrom = e.CarriedFrom,
            ApprovedBy = e.By,
            ApprovedAt = e.At,
        },
        BranchAsked e => state! with { Branch = new(e.Branch, BranchState.Writing, e.By, e.At, e.Bundles, e.Title, e.Text, null, null, null, null) },
        BranchWritten e => state! with { Branch = state.Branch! with { State = BranchState.Written, Commit = e.Result.Commit, Diff = e.Result.Diff, Compare = e.Result.Compare } },
        BranchFailed e => state! with { Branch = state.Branch! with { State = BranchState.Failed, Problem = e.Problem } },
        _ => throw new InvalidOperationException($"Apply does not know {happened.GetType().Name}"),
    };

    private static Decision<PlanEvent> Begin(string key, BeginPlan c, DateTimeOffset now) => Decision<PlanEvent>.Of(
        new PlanBegun(c.Request.Workspace, c.Request.Project, c.Number, c.Request.Ref, c.ApprovedPlan, now, c.By.Id, c.Reason),
        new EnqueueJob(ProjectJobs.Plan, KernelJson.Write(c.Request), TimeSpan.FromMinutes(10), Group: key));

    private static Decision<PlanEvent> Generated(Plan p, PlanOutcome c, DateTimeOffset now)
    {
        if (c.Result is not { } result)
        {
            var problem = c.Problem ?? "The plan failed without saying why.";
            return Decision<PlanEvent>.Of(new PlanFailed(problem, c.By.Id, null), TellProject(p, new PlanSettled(p.Number, null, null, c.By, problem)));
        }
        var generated = new PlanGenerated(result, c.By.Id, null);
        if (!result.Document.CarriesApproval || result.Document.Blockers.Length > 0 || p.ApprovedPlanBefore is not { } before)
            return Decision<PlanEvent>.Of(generated);
        var by = Actor.System("policy");
        return Decision<PlanEvent>.Of(
            [generated, new PlanApproved([], before, now, by.Id, $"Executes exactly what plan {before} was approved for")],
            [TellProject(p, new PlanSettled(p.Number, result.Version, result.Document, by, null))]);
    }

    private static Decision<PlanEvent> Approve(Plan p, ApprovePlan c, DateTimeOffset now)
    {
        var document = p.Result!.Document;
        if (c.Digest is { } seen && seen != document.Digest)
            return Refuse("plan.changed", "Not the plan you saw", $"You approved {seen}; plan {p.Number} is {document.Digest}.", "Read it again: prodsprint plan");
        if (!c.By.IsUser && (document.Policy.Approval == ApprovalMode.EveryPlan || !c.Waivers.IsEmpty))
            return Refuse("plan.by-machine", "A person has to answer for it", $"{c.By.Id} is not a person.", "Approve it with your own identity", RejectionKind.Forbidden);
        if (document.Policy.Approval == ApprovalMode.EveryPlan && c.By.Id == p.RequestedBy)
            return Refuse("plan.own-approval", "Not your own plan", $"The policy '{document.Policy.Name}' wants another pair of eyes than {c.By.Id}'s.", "Ask someone else to approve it", RejectionKind.Forbidden);
        if (p.Approvals.FirstOrDefault(a => a.By == c.By.Id) is { } given)
            return Refuse("plan.approved-by-you", "You have approved it", $"{given.By} approved plan {p.Number} at {given.At:yyyy-MM-dd HH:mm} UTC; {PlanApprovals.Wanted(p)}.", "Ask someone else to approve it");
        if (c.Waivers.FirstOrDefault(w => string.IsNullOrWhiteSpace(w.Reason)) is { } mute)
            return Refuse("plan.waiver-without-reason", "A waiver needs a reason", $"The waiver of {mute.Blocker} says none.", $"Say why: --waive '{mute.Blocker}=reason'", RejectionKind.Invalid);
        if (c.Waivers.FirstOrDefault(w => document.Blockers.All(b => b.Id != w.Blocker)) is { } unknown)
            return Refuse("plan.unknown-blocker", "No such blocker", $"Plan {p.Number} has no blocker '{unknown.Blocker}'.", $"Its blockers: {string.Join(", ", document.Blockers.Select(b => b.Id))}", RejectionKind.Invalid);
        if (c.Waivers.FirstOrDefault(w => string.IsNullOrWhiteSpace(w.Ticket)) is { } untracked)
            return Refuse("waiver.no-ticket", "A waiver needs a ticket", $"The waiver of {untracked.Blocker} names none.", "Name the ticket in which it is being mended: --ticket SHOP-1207", RejectionKind.Invalid);
        if (c.Waivers.FirstOrDefault(w => w.Expires is not { } end || end <= now || end > now + WaiverChecks.Longest) is { } endless)
            return Refuse("waiver.bad-expiry", "A waiver needs an end", $"The waiver of {endless.Blocker} {(endless.Expires is { } end ? $"would end at {end:yyyy-MM-dd HH:mm} UTC" : "names none")}.",
                $"Give a time to come, at most {WaiverChecks.Longest.TotalDays:0} days from now: --expires 30d", RejectionKind.Invalid);
        var waivers = PlanApprovals.Waivers(p, c, now);
        if (document.Blockers.FirstOrDefault(b => !b.Waivable || waivers.All(w => w.Blocker != b.Id)) is { } standing)
        {
            return Refuse("plan.blocked", standing.Title, standing.Why,
                standing.Waivable ? $"{standing.Remediation} Or waive it: --waive '{standing.Id}=reason' --ticket TICKET --expires 30d" : standing.Remediation, RejectionKind.Gate);
        }
        if (PlanApprovals.Missing(p) > 1) return Decision<PlanEvent>.Of(new ApprovalGiven(waivers, now, c.By.Id, c.Reason));
        return Decision<PlanEvent>.Of(
            new PlanApproved(waivers, null, now, c.By.Id, c.Reason),
            TellProject(p, new PlanSettled(p.Number, p.Result.Version, document, c.By, c.Reason) { WaivedUntil = waivers.Min(w => w.Expires) }));
    }

    private static Decision<PlanEvent> AskForBranch(Plan p, string key, WriteBranch c, DateTimeOffset now)
    {
        if (p.Status != PlanStatus.Approved)
            return Refuse("plan.not-approved", "Not approved yet", $"Plan {p.Number} is {p.Status.ToString().ToLowerInvariant()}; nothing is written to a repository before a person has approved it.", $"Approve it: prodsprint approve --plan {p.Number}");
        if (p.Branch is { State: BranchState.Writing } one)
            return Refuse("branch.being-written", "One at a time", $"The branch {one.Name} of plan {p.Number} is being written.", "Wait a moment and ask again");
        if (BranchNames.Problem(c.Branch) is { } bad)
            return Refuse("branch.bad-name", "No name for a branch", bad, $"Leave it out for {BranchNames.Usual(p.Number)}", RejectionKind.Invalid);
        return Decision<PlanEvent>.Of(
            new BranchAsked(c.Branch, c.Bundles, c.Title, c.Text, now, c.By.Id, c.Reason),
            new EnqueueJob(ProjectJobs.Branch, KernelJson.Write(new BranchRequest(p.Workspace, p.Project, c.Source, p.Result!.Commit, c.Branch, c.Bundles, c.Title, c.Text, now)), TimeSpan.FromMinutes(5), Group: key));
    }

    private static Tell TellProject(Plan p, ProjectCommand command) => new(GrainKeys.Project(p.Workspace, p.Project), KernelJson.Write(command));

    private static Decision<PlanEvent> Refuse(string code, string title, string detail, string next, RejectionKind kind = RejectionKind.Conflict) =>
        Decision<PlanEvent>.Refuse(new(code, title, detail, next, kind));
}

/// <summary>How the job behind a plan ended; never sent across grains, so it is no part of the contract.</summary>
internal sealed record PlanOutcome(PlanResult? Result, string? Problem) : PlanCommand(Actor.System("planner"), null);

/// <summary>How the job behind a branch ended.</summary>
internal sealed record BranchOutcome(BranchResult? Result, string? Problem) : PlanCommand(Actor.System("planner"), null);
