using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Supply;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.build</c></summary>
internal sealed class BuildHandler(IDeployTarget target, IAttestor attestor, ITestRecords tests) : IJobHandler
{
    public string Kind => DeployJobs.Build;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<BuildRequest>();
        return DeployFailure.TellAsync(
            async () =>
            {
                var built = await target.BuildAsync(request, context.Log, cancellation);
                await attestor.AttestBuildAsync(request, built, context.Log, cancellation);
                await tests.RecordAsync(request, built, context.Log, cancellation);
                return JobContext.Write(built);
            },
            $"the whole build log: prodsprint logs --project {request.Project} --source build");
    }
}
