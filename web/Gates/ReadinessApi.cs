using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>Is this project ready for production? A checklist with a badge.</summary>
public static class ReadinessApi
{
    public static void MapReadinessApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/readiness/{project}", Get).WithTags("Gates").WithName("GetReadiness").WithSummary("What stands between a project and production; the same facts give the same bytes").Refuses(404, "project.not-found");

    private static async Task<JsonBody<Readiness>> Get(string project, Caller caller, ViewReads views, DocumentStore documents, TestRunStore runs, PerformanceStore performance, TimeProvider time, CancellationToken cancellation)
    {
        var view = KernelJson.Read<ProjectView>(await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation) ?? throw ProjectNames.Missing(project));
        var plan = view.LastPlan > 0 && await views.GetAsync(caller.Workspace, GrainKeys.Plan(caller.Workspace, project, view.LastPlan), cancellation) is { } json ? KernelJson.Read<PlanView>(json) : null;
        var audit = plan?.AuditDigest is { } digest && await documents.GetAsync(caller.Workspace, digest, cancellation) is { } report ? AuditJson.Read(report) : null;
        return JsonBody<Readiness>.Of(ReadinessCheck.Of(view, plan, audit, await runs.FactsAsync(caller.Workspace, project, time.GetUtcNow(), cancellation), await performance.FactsAsync(caller.Workspace, project, cancellation)));
    }
}
