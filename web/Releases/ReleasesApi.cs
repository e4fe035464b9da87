using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>Releases of a project: start one, watch it, steer it.</summary>
public static class ReleasesApi
{
    public sealed record ReleaseBody(string? Ref, int? Plan, bool SkipAnalysis, string? Reason) : IReasoned;
    public sealed record SteerBody(string? Reason, bool Full) : IReasoned;

    public static void MapReleasesApi(this IEndpointRouteBuilder routes)
    {
        var releases = routes.MapGroup("/v1/projects/{project}/releases").WithTags("Releases");
        releases.MapGet("", List).WithName("ListReleases");
        releases.MapPost("", Start).WithName("StartRelease");
        releases.MapGet("{number:int}", Get).WithName("GetRelease");
        releases.MapPost("{number:int}/{verb}", Steer).WithName("SteerRelease");
    }

    private static async Task<JsonPage> List(string project, string? after, int? limit, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonPage.Of(await views.ListAsync(caller.Workspace, "release", project, after, Page.Limit(limit), cancellation));

    private static Task<Accepted<CommandAnswer>> Start(string project, ReleaseBody body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project))
            .Do(new RequestRelease(body.Ref, body.Plan, body.SkipAnalysis, caller.Actor, body.Reason)).Answer($"/v1/projects/{project}/releases");

    /// <summary>From the grain itself: only it knows what the judge says between two changes of state.</summary>
    private static async Task<JsonBody> Get(string project, int number, Caller caller, IGrainFactory grains) =>
        await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, number)).View() is { } view
            ? new(KernelJson.Write(view))
            : throw ProblemException.NotFound("release", $"{project}/{number}", $"List them: prodsprint status --project {project}");

    private static Task<Accepted<CommandAnswer>> Steer(string project, int number, string verb, SteerBody? body, Caller caller, IGrainFactory grains)
    {
        var (by, reason) = (caller.Actor, body?.Reason);
        ReleaseCommand command = verb switch
        {
            "approve" => new ApproveRelease(by, reason),
            "promote" => new PromoteRelease(body?.Full ?? false, by, reason),
            "pause" => new PauseRelease(by, reason),
            "resume" => new ResumeRelease(by, reason),
            "abort" => new AbortRelease(by, reason),
            "retry" => new RetryRelease(by, reason),
            _ => throw new ProblemException(StatusCodes.Status404NotFound, "release.no-such-verb", "No such verb", $"A release cannot '{verb}'.", "approve, promote, pause, resume, abort or retry"),
        };
        return grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, number)).Do(command).Answer($"/v1/projects/{project}/releases/{number}");
    }
}
