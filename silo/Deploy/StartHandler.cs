using ProdSprint.Jobs;
using ProdSprint.Supply;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.start</c></summary>
internal sealed class StartHandler(IDeployTarget target, IAttestor attestor) : IJobHandler
{
    public string Kind => DeployJobs.Start;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<StartRequest>();
        return DeployFailure.TellAsync(
            async () =>
            {
                if (request.AttestedCommit is not { } commit) return JobContext.Write(await target.StartAsync(request, context.Log, cancellation));
                var accepted = await AttestedOnly.EnterAsync(attestor, new(request.Workspace, request.Project, request.ArtifactDigest, commit), request.Version, cancellation);
                var started = await target.StartAsync(request, context.Log, cancellation);
                await attestor.AttestDeploymentAsync(request, accepted, cancellation);
                return JobContext.Write(started with { Attestation = accepted.Attestation });
            },
            $"its whole output: prodsprint logs --project {request.Project} --source {request.Environment} --release {request.Release}");
    }
}
