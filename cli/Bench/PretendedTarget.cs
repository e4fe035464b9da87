using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Bench;

/// <summary>A deploy target that answers at once: what is measured is what decides and stores, not npm.</summary>
internal static class PretendedTarget
{
    /// <param name="canary">Where a started version answers.</param>
    public static IEnumerable<IJobHandler> At(string canary) =>
    [
        new Answer(DeployJobs.Build, KernelJson.Write(new BuildResult("sha256:new", 1, 0, true, 0, 0))),
        new Answer(DeployJobs.Start, KernelJson.Write(new StartResult(canary, 1, 0) { Attestation = "sha256:pretended" })),
        new Answer(DeployJobs.Smoke, KernelJson.Write(new SmokeResult(true, 1, 0, 1, "pretended"))),
        new Answer(DeployJobs.Stop, "{}"),
        new Answer(KeepArtifact.Kind, "{}"),
    ];

    private sealed class Answer(string kind, string result) : IJobHandler
    {
        public string Kind => kind;

        public Task<string?> RunAsync(JobContext context, CancellationToken cancellation) => Task.FromResult<string?>(result);
    }
}
