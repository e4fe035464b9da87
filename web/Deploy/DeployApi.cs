using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Deploy;

/// <summary>Artifacts and logs of a project.</summary>
public static class DeployApi
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public sealed record LogAnswer(IReadOnlyList<string> Lines, long From, long Next, long Skipped)
    {
        public IReadOnlyList<string> Items => Lines;
    }

    public static void MapDeployApi(this IEndpointRouteBuilder routes)
    {
        var project = routes.MapGroup("/v1/projects/{project}").WithTags("Deploy");
        project.MapGet("artifacts", Artifacts).WithName("ListArtifacts");
        project.MapGet("logs", Logs).WithName("GetLogs");
    }

    private static object Artifacts(string project, Caller caller, IDeployTarget target)
    {
        var running = target.List().Where(i => i.Key.Workspace == caller.Workspace && i.Key.Project == project).Select(i => i.ArtifactDigest).ToHashSet();
        var items = target.Artifacts(caller.Workspace, project).Select(a => new
        {
            a.Digest, a.Commit, a.Service, SizeBytes = a.Bytes, a.Files, a.BuildSeconds, CreatedAt = a.BuiltAt, pinned = a.GoodAt is not null, running = running.Contains(a.Digest),
        });
        return new { items, next = (string?)null };
    }

    /// <param name="source">build, staging, production (or run, which is production).</param>
    private static async Task<LogAnswer> Logs(
        string project, int release, string? source, long? after, int? waitSeconds, Caller caller, IGrainFactory grains, IDeployTarget target, CancellationToken cancellation)
    {
        var wait = TimeSpan.FromSeconds(Math.Clamp(waitSeconds ?? 0, 0, LongestWait.TotalSeconds));
        var query = new LogQuery(after, WaitFor: wait);
        var view = await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, release)).View()
            ?? throw ProblemException.NotFound("release", $"{project}/{release}", $"List them: prodsprint status --project {project}");
        var page = (source ?? "production") switch
        {
            "build" => await target.BuildLogAsync(caller.Workspace, project, view.Commit, query, cancellation),
            "run" or "production" => await target.RunLogAsync(new(caller.Workspace, project, "production", release), query, cancellation),
            "staging" => await target.RunLogAsync(new(caller.Workspace, project, "staging", release), query, cancellation),
            var other => throw ProblemException.Invalid("logs.bad-source", $"'source' is '{other}'.", "Ask for build, staging or production"),
        };
        return new(page.Text.Length == 0 ? [] : page.Text.TrimEnd('\n').Split('\n'), page.From, page.Next, page.Skipped);
    }
}
