using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>The files of an approved plan's blueprint as a branch of the repository, with what its pull request says.</summary>
public static class PlanBranchesApi
{
    /// <param name="Branch">Its name; prodsprint/plan-N when left out.</param>
    /// <param name="Infrastructure">Whether the Terraform files are in it.</param>
    /// <param name="Pipelines">Whether the pipelines are in it.</param>
    /// <param name="Apply">Codes of savings to carry out. Limits are changed in prodsprint.yml itself, so that a plan of the branch has them.</param>
    public sealed record BranchBody(
        [property: MaxLength(200)] string? Branch = null, bool Infrastructure = true, bool Pipelines = true, string? Profile = null, string? Region = null, string? Domain = null, string? Zone = null,
        BlueprintsApi.UsageBody? Usage = null, string? Reason = null, string? Compute = null, bool? GatewayPerZone = null,
        [property: MaxLength(BlueprintsApi.MostApplied)] IReadOnlyList<string>? Apply = null) : IReasoned;

    /// <param name="Text">What the pull request says, Markdown.</param>
    /// <param name="Diff">What the branch changes, unified; null until it is written.</param>
    public sealed record BranchView(PlanBranch Branch, string Text, string? Diff);

    public static void MapPlanBranchesApi(this IEndpointRouteBuilder routes)
    {
        var branch = routes.MapGroup("/v1/projects/{project}/plans/{number:int}/branch").WithTags("Plans");
        branch.MapPost("", Write).WithName("WritePlanBranch").WithSummary("Writes the files of an approved plan's blueprint as a branch of the repository")
            .Refuses(404, "project.not-found", "plan.not-found").Refuses(409, "plan.not-ready", "plan.not-approved", "branch.being-written")
            .Refuses(422, "plan.no-such-profile", "blueprint.bad-option", "blueprint.no-such-saving", "branch.bad-name", "branch.nothing-asked");
        branch.MapGet("", Get).WithName("GetPlanBranch").WithSummary("The branch of a plan: its diff, and what its pull request says").Refuses(404, "branch.not-found");
    }

    private static async Task<Accepted<CommandAnswer>> Write(
        string project, int number, BranchBody body, Caller caller, BlueprintReads reads, ViewReads views, DocumentStore documents, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var made = await BlueprintsApi.MakeAsync(new(project, number, body.Profile, body.Region, body.Domain, body.Zone, body.Usage, body.Compute, body.GatewayPerZone, body.Apply), caller, reads, time, cancellation);
        var (limits, alone) = (SavingChanges.Limits(made.Chosen), !body.Infrastructure && !body.Pipelines);
        if (alone && limits.IsEmpty)
            throw ProblemException.Invalid("branch.nothing-asked", "Neither infrastructure, nor pipelines, nor a change of limits is asked for.", "Leave one of them out, or neither");
        var source = KernelJson.Read<ProjectView>((await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation))!).Source;
        var bundles = ImmutableArray.CreateBuilder<string>();
        if (body.Infrastructure) bundles.Add(await documents.PutAsync(caller.Workspace, "infrastructure", made.Blueprint.Infrastructure.Json(), cancellation));
        if (body.Pipelines) bundles.Add(await documents.PutAsync(caller.Workspace, "pipelines", made.Blueprint.Pipelines.Json(), cancellation));
        if (!limits.IsEmpty) bundles.Add(await documents.PutAsync(caller.Workspace, "limits", (FileBundle.Of([]) with { Limits = limits }).Json(), cancellation));
        var text = await documents.PutAsync(caller.Workspace, "pull-request", PullRequestText.Body(project, number, made.Plan, made.Blueprint, made.Risk, made.Chosen, alone), cancellation);
        return await grains.GetGrain<IPlanGrain>(GrainKeys.Plan(caller.Workspace, project, number))
            .Do(new WriteBranch(body.Branch ?? BranchNames.Usual(number, limits), source, bundles.ToImmutable(), PullRequestText.Title(project, number, alone), text, caller.Actor, body.Reason))
            .Answer($"/v1/projects/{project}/plans/{number}/branch");
    }

    private static async Task<JsonBody<BranchView>> Get(string project, int number, Caller caller, ViewReads views, DocumentStore documents, CancellationToken cancellation)
    {
        var plan = await views.GetAsync(caller.Workspace, GrainKeys.Plan(caller.Workspace, project, number), cancellation) is { } json ? KernelJson.Read<PlanView>(json) : null;
        if (plan?.Branch is not { } branch) throw ProblemException.NotFound("branch", $"{project}/{number}", $"Write it: prodsprint blueprint --project {project} --plan {number} --branch {BranchNames.Usual(number)}");
        return JsonBody<BranchView>.Of(new BranchView(branch, await documents.GetAsync(caller.Workspace, branch.Text, cancellation) ?? "", branch.Diff is { } diff ? await documents.GetAsync(caller.Workspace, diff, cancellation) : null));
    }
}
