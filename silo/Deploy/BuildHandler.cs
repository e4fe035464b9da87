using ProdSprint.Gates;
using ProdSprint.Jobs;
using ProdSprint.Supply;

namespace ProdSprint.Deploy;

/// <summary><c>deploy.build</c></summary>
internal sealed class BuildHandler(IDeployTarget target, IAttestor attestor, ITestRecords tests, IProvidedNames provided) : IJobHandler
{
    public string Kind => DeployJobs.Build;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<BuildRequest>();
        await RequireGivenAsync(request, cancellation);
        return await DeployFailure.TellAsync(
            async () =>
            {
                var built = await target.BuildAsync(request, context.Log, cancellation);
                await attestor.AttestBuildAsync(request, built, context.Log, cancellation);
                await tests.RecordAsync(request, built, context.Log, cancellation);
                return JobContext.Write(built);
            },
            $"the whole build log: prodsprint logs --project {request.Project} --source build");
    }

    /// <summary>Before anything is built: a process without a value that its plan counts on would be found out in staging at best.</summary>
    private async Task RequireGivenAsync(BuildRequest request, CancellationToken cancellation)
    {
        if (request.Given is null) return;
        foreach (var (environment, names) in request.Given)
        {
            var there = await provided.NamesAsync(request.Workspace, request.Project, environment, cancellation);
            var gone = names.Where(n => !there.Contains(n)).ToList();
            if (gone.Count == 0) continue;
            throw new JobFailedException(
                $"{string.Join(", ", gone)} of {environment} {(gone.Count == 1 ? "was" : "were")} given when the plan was approved, and {(gone.Count == 1 ? "is" : "are")} not there any more.",
                $"set {(gone.Count == 1 ? "it" : "them")} again (prodsprint secrets set {gone[0]} --environment {environment}, or the project's variables), or plan without: prodsprint release --project {request.Project}");
        }
    }
}
