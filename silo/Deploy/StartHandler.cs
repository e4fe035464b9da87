using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.start</c></summary>
internal sealed class StartHandler(IDeployTarget target) : IJobHandler
{
    public string Kind => DeployJobs.Start;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<StartRequest>();
        return DeployFailure.TellAsync(
            async () => JobContext.Write(await target.StartAsync(request, context.Log, cancellation)),
            $"its whole output: prodsprint logs --project {request.Project} --source {request.Environment} --release {request.Release}");
    }
}
