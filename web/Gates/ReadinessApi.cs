using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Infrastructure;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>Is this project ready for production? A checklist with a badge.</summary>
public static class ReadinessApi
{
    public static void MapReadinessApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/readiness/{project}", Get).WithTags("Gates").WithName("GetReadiness").WithSummary("What stands between a project and production; the same facts give the same bytes").Refuses(404, "project.not-found");

    private static async Task<JsonBody<Readiness>> Get(string project, Caller caller, ViewReads views, IGrainFactory grains, DocumentStore documents, TestRunStore runs, PerformanceStore performance, TimeProvider time, CancellationToken cancellation)
    {
        var view = KernelJson.Read<ProjectView>(await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation) ?? throw ProjectNames.Missing(project));
        var plan = view.LastPlan > 0 && await views.GetAsync(caller.Workspace, GrainKeys.Plan(caller.Workspace, project, view.LastPlan), cancellation) is { } json ? KernelJson.Read<PlanView>(json) : null;
        var audit = plan?.AuditDigest is { } digest && await documents.GetAsync(caller.Workspace, digest, cancellation) is { } report ? AuditJson.Read(report) : null;
        var now = time.GetUtcNow();
        return JsonBody<Readiness>.Of(ReadinessCheck.Of(
            view, plan, audit, await runs.FactsAsync(caller.Workspace, project, now, cancellation), await performance.FactsAsync(caller.Workspace, project, cancellation),
            await FindingsApi.FactsAsync(project, caller, grains, views, documents, now, cancellation), await DriftedAsync(caller.Workspace, project, views, cancellation)));
    }

    private static async Task<IReadOnlyList<string>?> DriftedAsync(string workspace, string project, ViewReads views, CancellationToken cancellation)
    {
        var standing = (await views.ListAsync(workspace, new("infrastructure", project, null, Page.Limit(null), null, ViewOrder.Newest), cancellation)).Items.Select(KernelJson.Read<InfrastructureView>).Where(i => i.Baseline is not null).ToList();
        return standing.Count == 0 ? null : [.. standing.Where(i => i.Drift is { AcceptedBy: null }).Select(i => i.Environment).Order(StringComparer.Ordinal)];
    }
}
