using ProdSprint.Kernel;

namespace ProdSprint.Plans;

/// <summary>How a plan and what happens to it read to people.</summary>
internal static class PlanViews
{
    public static PlanView View(Plan p, string key, long version) => new(
        key, p.Workspace, p.Project, p.Number, p.Status, p.Ref, p.Result?.Commit, p.Result?.Version, p.Result?.Author, p.Result?.Subject, p.Result?.Summary,
        p.Result?.AuditDigest, p.Result?.Document, p.Waivers, p.RequestedBy, p.RequestedAt, p.ApprovedBy, p.ApprovedAt, p.CarriedFrom, p.Problem, version)
    { ChangeDigest = p.Result?.ChangeDigest, Branch = p.Branch, Approvals = p.Approvals };

    public static TimelineFact Fact(PlanEvent happened, Plan p)
    {
        var diff = $"plan:{p.Workspace}/{p.Project}/{p.Number}";
        return happened switch
        {
            PlanBegun e => new("plan.begun", e.By, e.Reason, $"Plan {e.Number}: audit of {e.Ref ?? "the default branch"} started", diff),
            PlanGenerated e => new("plan.generated", e.By, e.Reason, $"Plan {p.Number} of {e.Result.Version}: {e.Result.Summary}; {e.Result.Document.Blockers.Length} blockers", diff),
            PlanFailed e => new("plan.failed", e.By, e.Reason, $"Plan {p.Number} failed: {e.Problem}", diff),
            PlanApproved { CarriedFrom: { } from } e => new("plan.approved", e.By, e.Reason, $"Plan {p.Number} carries the approval of plan {from} over", diff),
            ApprovalGiven e => new("plan.approval-given", e.By, e.Reason, $"Approval {p.Approvals.Length} of {PlanApprovals.Needed(p)} of plan {p.Number}, as {p.Result!.Document.Digest}{(e.Waivers.IsEmpty ? "" : $" with {e.Waivers.Length} waivers")}", diff),
            PlanApproved e => new("plan.approved", e.By, e.Reason, $"Plan {p.Number} approved as {p.Result!.Document.Digest}{(e.Waivers.IsEmpty ? "" : $" with {e.Waivers.Length} waivers")}", diff),
            BranchAsked e => new("plan.branch-asked", e.By, e.Reason, $"The files of plan {p.Number} are to be written as branch {e.Branch}", diff),
            BranchWritten e => new("plan.branch-written", e.By, e.Reason, $"Branch {p.Branch!.Name} is written at {e.Result.Commit[..8]}", $"commit:{e.Result.Commit}"),
            BranchFailed e => new("plan.branch-failed", e.By, e.Reason, $"Branch {p.Branch!.Name} was not written: {e.Problem}", diff),
            _ => new("plan.changed", happened.By, happened.Reason, happened.GetType().Name, diff),
        };
    }
}
