using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Tenants;

namespace ProdSprint.Plans;

/// <summary>Plans of a project: ask for one, read it, approve it.</summary>
public static class PlansApi
{
    /// <param name="Care">A level of risk (low, medium, high) that the plan is to be as careful for: its canary, evidence and approval follow the advice for it, and are never less than the profile's.</param>
    public sealed record PlanBody(string? Ref = null, string? Profile = null, string? Reason = null, string? Care = null) : IReasoned;
    public sealed record ApproveBody(string? Reason = null, string? Digest = null, IReadOnlyList<WaiverBody>? Waivers = null) : IReasoned;
    public sealed record WaiverBody(string Blocker, string? Reason = null, DateTimeOffset? Expires = null, string? Ticket = null);

    public static void MapPlansApi(this IEndpointRouteBuilder routes)
    {
        var plans = routes.MapGroup("/v1/projects/{project}/plans").WithTags("Plans");
        plans.MapGet("", List).WithName("ListPlans").WithMetadata(QueryWords.Of<PlanStatus>("status")).WithSummary("Plans, newest first").Refuses(404, "project.not-found").Refuses(422, "page.bad-limit", "page.bad-cursor");
        plans.MapPost("", Create).WithName("RequestPlan").WithSummary("Audits a commit and plans it; nothing of it is run")
            .NeedsStorage().Refuses(404, "project.not-found").Refuses(409, "project.not-imported").Refuses(422, "plan.no-such-profile", "plan.no-such-care");
        plans.MapGet("{number:int}", Get).WithName("GetPlan").WithSummary("One plan").Refuses(404, "plan.not-found");
        plans.MapPost("{number:int}/approve", Approve).WithName("ApprovePlan").WithSummary("Approves a plan, or gives one of the approvals that its policy asks for; a blocker needs a waiver with a reason, a ticket and an end")
            .IfMatch().Refuses(404, "plan.not-found").Refuses(409, "plan.blocked", "plan.not-ready", "plan.changed", "plan.approved", "plan.approved-by-you", "plan.failed")
            .Refuses(403, "plan.own-approval", "plan.by-machine").Refuses(422, "plan.waiver-without-reason", "plan.unknown-blocker", "waiver.no-ticket", "waiver.bad-expiry");
    }

    private static async Task<JsonPage<PlanView>> List(
        string project, string? status, [AllowedValues("-createdAt", "createdAt")] string? sort, [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonPage<PlanView>.Of(await views.ListAsync(caller.Workspace, new("plan", project, after, Page.Limit(limit), null, Sorting.ByTime(sort), "status", status), cancellation));

    private static Task<Accepted<CommandAnswer>> Create(string project, PlanBody body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project))
            .Do(new RequestPlan(body.Ref, body.Profile, caller.Actor, body.Reason) { Care = body.Care }).Answer($"/v1/projects/{project}/plans");

    private static async Task<JsonBody<PlanView>> Get(string project, int number, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonBody<PlanView>.Of(await views.FindAsync(caller.Workspace, GrainKeys.Plan(caller.Workspace, project, number), cancellation))
        ?? throw ProblemException.NotFound("plan", $"{project}/{number}", $"Make one: prodsprint plan --project {project}");

    private static Task<Accepted<CommandAnswer>> Approve(string project, int number, ApproveBody body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IPlanGrain>(GrainKeys.Plan(caller.Workspace, project, number))
            .Do(new ApprovePlan([.. body.Waivers.Whole("waivers").Select(w => new Waiver(w.Blocker, w.Reason ?? "", w.Expires, w.Ticket))], body.Digest, caller.Actor, body.Reason))
            .Answer($"/v1/projects/{project}/plans/{number}");
}
