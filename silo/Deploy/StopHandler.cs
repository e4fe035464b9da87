using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.stop</c></summary>
internal sealed class StopHandler(IDeployTarget target) : IJobHandler
{
    public string Kind => DeployJobs.Stop;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<StopRequest>();
        return DeployFailure.TellAsync(
            async () =>
            {
                await target.StopAsync(request, context.Log, cancellation);
                return "{}";
            },
            "see what runs: prodsprint status");
    }
}
