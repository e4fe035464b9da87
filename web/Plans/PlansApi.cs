using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>Plans of a project: ask for one, read it, approve it.</summary>
public static class PlansApi
{
    public sealed record PlanBody(string? Ref, string? Profile, string? Reason) : IReasoned;
    public sealed record ApproveBody(string? Reason, string? Digest, ImmutableArray<WaiverBody> Waivers) : IReasoned;
    public sealed record WaiverBody(string Blocker, string? Reason, DateTimeOffset? Expires);

    public static void MapPlansApi(this IEndpointRouteBuilder routes)
    {
        var plans = routes.MapGroup("/v1/projects/{project}/plans").WithTags("Plans");
        plans.MapGet("", List).WithName("ListPlans");
        plans.MapPost("", Create).WithName("RequestPlan");
        plans.MapGet("{number:int}", Get).WithName("GetPlan");
        plans.MapPost("{number:int}/approve", Approve).WithName("ApprovePlan");
    }

    private static async Task<JsonPage> List(string project, string? after, int? limit, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonPage.Of(await views.ListAsync(caller.Workspace, "plan", project, after, Page.Limit(limit), cancellation));

    private static Task<Accepted<CommandAnswer>> Create(string project, PlanBody body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project))
            .Do(new RequestPlan(body.Ref, body.Profile, caller.Actor, body.Reason)).Answer($"/v1/projects/{project}/plans");

    private static async Task<JsonBody> Get(string project, int number, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonBody.Of(await views.GetAsync(caller.Workspace, GrainKeys.Plan(caller.Workspace, project, number), cancellation))
        ?? throw ProblemException.NotFound("plan", $"{project}/{number}", $"Make one: prodsprint plan {project}");

    private static Task<Accepted<CommandAnswer>> Approve(string project, int number, ApproveBody body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IPlanGrain>(GrainKeys.Plan(caller.Workspace, project, number))
            .Do(new ApprovePlan([.. (body.Waivers.IsDefault ? [] : body.Waivers).Select(w => new Waiver(w.Blocker, w.Reason ?? "", w.Expires))], body.Digest, caller.Actor, body.Reason))
            .Answer($"/v1/projects/{project}/plans/{number}");
}
