using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.build</c></summary>
internal sealed class BuildHandler(IDeployTarget target) : IJobHandler
{
    public string Kind => DeployJobs.Build;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<BuildRequest>();
        return DeployFailure.TellAsync(
            async () => JobContext.Write(await target.BuildAsync(request, context.Log, cancellation)),
            $"the whole build log: prodsprint logs --project {request.Project} --source build");
    }
}
