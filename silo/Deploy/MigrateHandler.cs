using ProdSprint.Jobs;
using ProdSprint.Supply;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.migrate</c></summary>
internal sealed class MigrateHandler(IDeployTarget target, IAttestor attestor) : IJobHandler
{
    public string Kind => DeployJobs.Migrate;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<MigrateRequest>();
        return DeployFailure.TellAsync(
            async () =>
            {
                if (request.AttestedCommit is { } commit)
                    await AttestedOnly.EnterAsync(attestor, new(request.Workspace, request.Project, request.ArtifactDigest, commit), request.Version, cancellation);
                return JobContext.Write(await target.MigrateAsync(request, context.Id, context.Log, cancellation));
            },
            $"its whole output: prodsprint logs --project {request.Project} --source {request.Environment} --release {request.Release}");
    }
}
