using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Supply;
using ProdSprint.Tenants;

namespace ProdSprint.Projects;

/// <summary>Mirrors a repository. Nothing of it is executed.</summary>
public sealed class ImportHandler(ProjectMirrors mirrors, AdvisoryStore advisories, IGrainFactory grains) : IJobHandler
{
    public string Kind => ProjectJobs.Import;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<ImportRequest>();
        try
        {
            context.Progress(10, $"mirroring {request.Source}");
            var repository = await mirrors.ImportAsync(request.Workspace, request.Project, request.Source, cancellation);
            var head = await repository.ResolveAsync(null, cancellation);
            var branch = await repository.DefaultBranchAsync(cancellation);
            return JobContext.Write(new ImportResult(branch, head, await repository.CountAsync(head, cancellation))
            {
                Advisories = await advisories.AnyAsync(request.Workspace, cancellation),
                // What is set from now on the project is told: it is in the list of projects already.
                Freeze = await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(request.Workspace)).Freeze(),
            });
        }
        catch (GitProblem e)
        {
            throw new JobFailedException(e.Message, $"prodsprint import {request.Source}", retry: e.Code == "git.timeout", inner: e);
        }
    }
}
