using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>Import, look at, freeze, roll back.</summary>
public static partial class ProjectsApi
{
    public sealed record ImportBody(string Source, string? Name);
    public sealed record RollbackBody(string? Version, string? Reason) : IReasoned;
    public sealed record FreezeBody(ImmutableArray<FreezeWindow> Windows, string? Reason) : IReasoned;
    public sealed record VariablesBody(ImmutableDictionary<string, string?> Values, string? Reason) : IReasoned;

    public static void MapProjectsApi(this IEndpointRouteBuilder routes)
    {
        var projects = routes.MapGroup("/v1/projects").WithTags("Projects");
        projects.MapGet("", List).WithName("ListProjects");
        projects.MapPost("", Import).WithName("ImportProject");
        projects.MapGet("{project}", Get).WithName("GetProject");
        projects.MapGet("{project}/audit", Audit).WithName("GetAudit");
        projects.MapGet("{project}/timeline", Timeline).WithName("GetTimeline");
        projects.MapPost("{project}/rollback", Rollback).WithName("RollBack");
        projects.MapPut("{project}/freeze", Freeze).WithName("SetFreezeWindows");
        projects.MapPut("{project}/variables", Variables).WithName("SetVariables");
    }

    private static async Task<JsonPage> List(Caller caller, ViewReads views, string? after, int? limit, CancellationToken cancellation) =>
        JsonPage.Of(await views.ListAsync(caller.Workspace, "project", null, after, Page.Limit(limit), cancellation));

    private static Task<Accepted<CommandAnswer>> Import(ImportBody body, Caller caller, IGrainFactory grains)
    {
        if (string.IsNullOrWhiteSpace(body.Source))
            throw ProblemException.Invalid("project.no-source", "'source' is empty.", "Give a path on the server's machine or a git URL");
        var id = body.Name ?? NameOf(body.Source);
        if (!Id().IsMatch(id))
            throw ProblemException.Invalid("project.bad-name", $"'{id}' is no name for a project.", "Use 1 to 40 lower-case letters, digits and '-', starting with a letter");
        return grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, id))
            .Do(new ImportProject(body.Source, caller.Actor, null)).Answer($"/v1/projects/{id}");
    }

    private static async Task<JsonBody> Get(string project, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonBody.Of(await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation))
        ?? throw ProblemException.NotFound("project", project, "List them: prodsprint status; or import it: prodsprint import <path-or-git-url>");

    private static async Task<JsonBody> Audit(string project, int? plan, Caller caller, IGrainFactory grains, DocumentStore documents, CancellationToken cancellation)
    {
        var view = await grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project)).View()
            ?? throw ProblemException.NotFound("project", project, "Import it: prodsprint import <path-or-git-url>");
        var number = plan ?? view.LastPlan;
        var made = number == 0 ? null : await grains.GetGrain<Plans.IPlanGrain>(GrainKeys.Plan(caller.Workspace, project, number)).View();
        return made?.AuditDigest is { } digest && await documents.GetAsync(caller.Workspace, digest, cancellation) is { } report
            ? JsonBody.Of(report)!
            : throw ProblemException.NotFound("audit", $"{project}#{number}", $"Audit it: prodsprint plan {project}");
    }

    private static async Task<JsonPage> Timeline(string project, long? after, int? limit, int? release, Caller caller, TimelineReads timeline, CancellationToken cancellation) =>
        JsonPage.Of(await timeline.ListAsync(caller.Workspace, project, release, after ?? 0, Page.Limit(limit), cancellation));

    private static Task<Accepted<CommandAnswer>> Rollback(string project, RollbackBody body, Caller caller, IGrainFactory grains) =>
        Do(project, caller, grains, new RollBackTo(body.Version, caller.Actor, body.Reason));

    private static Task<Accepted<CommandAnswer>> Freeze(string project, FreezeBody body, Caller caller, IGrainFactory grains) =>
        Do(project, caller, grains, new SetFreezeWindows(body.Windows.IsDefault ? [] : body.Windows, caller.Actor, body.Reason));

    private static Task<Accepted<CommandAnswer>> Variables(string project, VariablesBody body, Caller caller, IGrainFactory grains) =>
        Do(project, caller, grains, new SetVariables(
            body.Values ?? throw ProblemException.Invalid("project.no-values", "'values' is missing.", "Give an object of names and values; null removes a name"), caller.Actor, body.Reason));

    private static Task<Accepted<CommandAnswer>> Do(string project, Caller caller, IGrainFactory grains, ProjectCommand command) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project)).Do(command).Answer($"/v1/projects/{project}");

    private static string NameOf(string source)
    {
        var last = source.TrimEnd('/', '\\').Split('/', '\\', ':')[^1];
        if (last.EndsWith(".git", StringComparison.Ordinal)) last = last[..^4];
        return NotInId().Replace(last.ToLowerInvariant(), "-").Trim('-');
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex Id();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInId();
}
