using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Tenants;

/// <summary>
/// Tells every project of a workspace its freeze windows, the newest ones, whatever the job was made for. A project that is imported at the same time is
/// either in the list already, or asks when its import ends.
/// </summary>
public sealed class FreezeHandler(IGrainFactory grains, ViewReads views) : IJobHandler
{
    private const int PageSize = 500;

    public string Kind => TenantJobs.Freeze;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var workspace = context.Read<FreezeRequest>().Workspace;
        if (await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace)).Freeze() is not { } freeze) return null;
        var changed = new WorkspaceFreezeChanged(freeze.Revision, freeze.Windows, new(freeze.By), freeze.Reason);
        var faults = new List<Exception>();
        for (string? after = null; ;)
        {
            var (items, next) = await views.ListAsync(workspace, new("project", null, after, PageSize), cancellation);
            foreach (var project in items.Select(KernelJson.Read<ProjectView>))
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    await grains.GetGrain<IProjectGrain>(project.Key).Do(changed);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The others are frozen all the same; this one is told when the job is tried again.
                    faults.Add(new InvalidOperationException($"{project.Key} could not be told its freeze windows: {e.Message}", e));
                }
            }
            if ((after = next) is null) return faults.Count == 0 ? null : throw faults[0];
        }
    }
}
