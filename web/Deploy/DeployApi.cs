using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Deploy;

/// <summary>Artifacts and logs of a project.</summary>
public static partial class DeployApi
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>Offsets are bytes since the first one written. <paramref name="Skipped"/> are lost: the log had reached its limit.</summary>
    public sealed record LogAnswer(IReadOnlyList<string> Lines, long From, long Next, long Skipped)
    {
        public IReadOnlyList<string> Items => Lines;
    }

    public static void MapDeployApi(this IEndpointRouteBuilder routes)
    {
        var project = routes.MapGroup("/v1/projects/{project}").WithTags("Deploy");
        project.MapGet("artifacts", Artifacts).WithName("ListArtifacts").WithSummary("Builds that are kept").Refuses(404, "project.not-found");
        project.MapGet("logs", Logs).WithName("GetLogs").WithSummary("What a build or a running copy wrote, from a byte on; waits for more if asked to")
            .Refuses(404, "project.not-found", "release.not-found").Refuses(422, "page.bad-cursor", "logs.bad-offset", "logs.bad-service", "logs.bad-wait");
    }

    private static async Task<JsonPage<ArtifactView>> Artifacts(string project, Caller caller, IDeployReads target, CancellationToken cancellation) =>
        JsonPage<ArtifactView>.Of(await target.ArtifactsAsync(caller.Workspace, project, cancellation));

    /// <param name="source">build, staging, production.</param>
    /// <param name="service">Of a running copy: a service beside the entry. Left out: the entry.</param>
    private static async Task<JsonBody<LogAnswer>> Logs(
        string project, int release, [AllowedValues("build", "staging", "production")] string? source, [Range(0, long.MaxValue)] long? after, [Range(0, 20)] int? waitSeconds, string? service,
        Caller caller, IGrainFactory grains, IDeployReads target, CancellationToken cancellation)
    {
        if (after < 0) throw ProblemException.Invalid("logs.bad-offset", $"'after' is {after}.", "Ask from 0, or from the last answer's next");
        if (service is not null && !ServiceName().IsMatch(service)) throw ProblemException.Invalid("logs.bad-service", $"'service' is '{service}'.", "Name a service of the plan: prodsprint plan");
        if (waitSeconds < 0 || waitSeconds > LongestWait.TotalSeconds)
            throw ProblemException.Invalid("logs.bad-wait", $"'waitSeconds' is {waitSeconds}.", $"Ask for 0 to {LongestWait.TotalSeconds}");
        var query = new LogQuery(after, WaitFor: TimeSpan.FromSeconds(waitSeconds ?? 0));
        var view = await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, release)).View()
            ?? throw ProblemException.NotFound("release", $"{project}/{release}", $"List them: prodsprint status --project {project}");
        var page = (source ?? "production") switch
        {
            "build" => await target.BuildLogAsync(caller.Workspace, project, view.Commit, query, cancellation),
            var environment => await target.RunLogAsync(new(caller.Workspace, project, environment, release, service), query, cancellation),
        };
        return JsonBody<LogAnswer>.Of(new LogAnswer(page.Text.Length == 0 ? [] : page.Text.TrimEnd('\n').Split('\n'), page.From, page.Next, page.Skipped));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex ServiceName();
}
