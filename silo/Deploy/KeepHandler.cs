using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.keep</c></summary>
internal sealed class KeepHandler(IDeployTarget target) : IJobHandler
{
    public string Kind => KeepArtifact.Kind;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation) => DeployFailure.TellAsync(
        async () =>
        {
            await target.KeepAsync(context.Read<KeepArtifact>(), cancellation);
            return "{}";
        },
        "nothing needs to be done: artifacts are collected again after the next promotion");
}
