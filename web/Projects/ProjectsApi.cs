using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Hosting;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Secrets;
using ProdSprint.Tenants;

namespace ProdSprint.Projects;

/// <summary>Import, look at, freeze, roll back.</summary>
public static class ProjectsApi
{
    public sealed record ImportBody(string Source, string? Name = null);
    public sealed record RollbackBody(string? Version = null, string? Reason = null) : IReasoned;
    public sealed record FreezeBody(ImmutableArray<FreezeWindow> Windows, string? Reason = null) : IReasoned;
    public sealed record VariablesBody(ImmutableDictionary<string, string?> Values, string? Reason = null) : IReasoned;

    public static void MapProjectsApi(this IEndpointRouteBuilder routes)
    {
        var projects = routes.MapGroup("/v1/projects").WithTags("Projects");
        projects.MapGet("", List).WithName("ListProjects").WithSummary("Projects, by name").Refuses(422, "page.bad-limit", "page.bad-cursor");
        projects.MapPost("", Import).WithName("ImportProject").WithSummary("Imports a repository; watch the project's state")
            .NeedsStorage().Refuses(403, "quota.projects").Refuses(409, "project.exists").Refuses(422, "project.no-source", "project.bad-name", "project.bad-source");
        projects.MapGet("{project}", Get).WithName("GetProject").WithSummary("One project").Refuses(404, "project.not-found");
        projects.MapGet("{project}/audit", Audit).WithName("GetAudit").WithSummary("What the audit behind a plan found").Refuses(404, "project.not-found", "audit.not-found");
        projects.MapGet("{project}/timeline", Timeline).WithName("GetTimeline").WithSummary("What happened, oldest first")
            .Refuses(404, "project.not-found").Refuses(422, "page.bad-limit", "page.bad-cursor");
        projects.MapPost("{project}/rollback", Rollback).WithName("RollBack").WithSummary("Back to a version that was promoted before")
            .IfMatch().Refuses(404, "project.not-found", "rollback.no-target").Refuses(409, "project.not-imported", "rollback.already-stable");
        projects.MapPut("{project}/freeze", Freeze).WithName("SetFreezeWindows").WithSummary("Replaces the freeze windows")
            .IfMatch(required: true).Refuses(404, "project.not-found").Refuses(422, "project.bad-window");
        projects.MapPut("{project}/variables", Variables).WithName("SetVariables").WithSummary("Sets and removes values; a process has them from its next start on")
            .IfMatch().Refuses(404, "project.not-found").Refuses(422, "project.no-values", "project.bad-variable");
    }

    private static async Task<JsonPage<ProjectView>> List(
        Caller caller, ViewReads views, [AllowedValues(ProjectStates.Importing, ProjectStates.ImportFailed, ProjectStates.Imported, ProjectStates.WaitingForPlan, ProjectStates.Releasing, ProjectStates.Live)] string? state, [AllowedValues("name", "-name", "-createdAt", "createdAt")] string? sort, [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, CancellationToken cancellation) =>
        JsonPage<ProjectView>.Of(await views.ListAsync(caller.Workspace, new("project", null, after, Page.Limit(limit), null, Sorting.ByNameOrTime(sort), "state", state), cancellation));

    private static async Task<Accepted<CommandAnswer>> Import(ImportBody body, Caller caller, IGrainFactory grains, Node node, SourceRules sources, Quotas quotas, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(body.Source))
            throw ProblemException.Invalid("project.no-source", "'source' is empty.", "Give a path on the server's machine or a git URL");
        var id = body.Name ?? ProjectNames.Of(body.Source);
        if (!ProjectNames.IsOne(id))
            throw ProblemException.Invalid("project.bad-name", $"'{id}' is no name for a project.", "Use 1 to 40 lower-case letters, digits and '-', starting with a letter");
        await RefuseUnlessReadAsync(body.Source, sources, node.Is(NodeRoles.Target), cancellation);
        var key = GrainKeys.Project(caller.Workspace, id);
        return await quotas.ImportAsync(caller.Workspace, key, () => grains.GetGrain<IProjectGrain>(key).Do(new ImportProject(body.Source, caller.Actor, null)), cancellation).Answer($"/v1/projects/{id}");
    }

    private static async ValueTask<JsonBody<ProjectView>> Get(string project, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonBody<ProjectView>.Of(await views.FindAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation)) ?? throw ProjectNames.Missing(project);

    private static async Task<JsonBody<AuditReport>> Audit(
        string project, [Description("The plan's number; default: the newest plan's")] int? plan, Caller caller, IGrainFactory grains, DocumentStore documents, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project)).View()
            ?? throw ProjectNames.Missing(project);
        var number = plan ?? view.LastPlan;
        var made = number == 0 ? null : await grains.GetGrain<Plans.IPlanGrain>(GrainKeys.Plan(caller.Workspace, project, number)).View();
        return made?.AuditDigest is { } digest && await documents.GetAsync(caller.Workspace, digest, cancellation) is { } report
            ? JsonBody<AuditReport>.Of(report)!
            : throw ProblemException.NotFound("audit", $"{project}#{number}", $"Audit it: prodsprint plan --project {project}");
    }

    private static async Task<JsonPage<TimelineRow>> Timeline(
        string project, [Description("Rows with a greater seq: the last page's next")] long? after, [Range(1, Page.MaxLimit)] int? limit,
        [Description("Only what this release did")] int? release, Caller caller, TimelineReads timeline, CancellationToken cancellation) =>
        JsonPage<TimelineRow>.Of(await timeline.ListAsync(caller.Workspace, project, release, after ?? 0, Page.Limit(limit), cancellation));

    private static Task<Accepted<CommandAnswer>> Rollback(string project, RollbackBody body, Caller caller, IGrainFactory grains) =>
        Do(project, caller, grains, new RollBackTo(body.Version, caller.Actor, body.Reason));

    private static Task<Accepted<CommandAnswer>> Freeze(string project, FreezeBody body, Caller caller, IGrainFactory grains) =>
        Do(project, caller, grains, new SetFreezeWindows(body.Windows.Whole("windows"), caller.Actor, body.Reason));

    private static async Task<Accepted<CommandAnswer>> Variables(string project, VariablesBody body, Caller caller, IGrainFactory grains, SealedVariables sealedVariables, CancellationToken cancellation) =>
        await Do(project, caller, grains, new SetVariables(await sealedVariables.SealAsync(caller.Workspace, project, body.Values, cancellation), caller.Actor, body.Reason));

    private static Task<Accepted<CommandAnswer>> Do(string project, Caller caller, IGrainFactory grains, ProjectCommand command) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project)).Do(command).Answer($"/v1/projects/{project}");

    /// <summary>A path that is mistyped, or an address that is not read here, must not become a project that can never be imported.</summary>
    private static async Task RefuseUnlessReadAsync(string source, SourceRules sources, bool here, CancellationToken cancellation)
    {
        try
        {
            await sources.AdmitAsync(source, here, cancellation);
        }
        catch (GitProblem e)
        {
            throw ProblemException.Invalid("project.bad-source", e.Message, sources.Next);
        }
    }
}
