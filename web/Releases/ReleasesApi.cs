using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Tenants;

namespace ProdSprint.Releases;

/// <summary>Releases of a project: start one, watch it, steer it.</summary>
public static class ReleasesApi
{
    public sealed record ReleaseBody(string? Ref = null, int? Plan = null, bool SkipAnalysis = false, string? Reason = null) : IReasoned;
    /// <param name="Minutes">From the confirmation on, 1 to 240. Of the second person's it is not looked at.</param>
    public sealed record OverrideBody([property: Range(1, 240)] int Minutes = 60, string? Reason = null) : IReasoned;
    public sealed record SteerBody(string? Reason = null, bool Full = false) : IReasoned;

    public static void MapReleasesApi(this IEndpointRouteBuilder routes)
    {
        var releases = routes.MapGroup("/v1/projects/{project}/releases").WithTags("Releases");
        releases.MapGet("", List).WithName("ListReleases").WithMetadata(QueryWords.Of<ReleasePhase>("phase")).WithSummary("Releases, newest first").Refuses(404, "project.not-found").Refuses(422, "page.bad-limit", "page.bad-cursor");
        releases.MapPost("", Start).WithName("StartRelease").WithSummary("Releases a ref or an approved plan; supersedes what is in flight")
            .NeedsStorage().Refuses(404, "project.not-found").Refuses(409, "project.not-imported", "release.plan-not-approved", "plan.waiver-ended", "release.frozen");
        releases.MapGet("{number:int}", Get).WithName("GetRelease").WithSummary("One release, with what the judge sees now").Refuses(404, "release.not-found");
        releases.MapGet("{number:int}/looks", Looks).WithName("ListLooks").WithSummary("What the judge said in the step that runs, or ran last, look by look").Refuses(404, "release.not-found");
        releases.MapPost("{number:int}/override-freeze", Override).WithName("OverrideFreeze").WithSummary("Lets one release go on in a freeze window: asked for by one person, confirmed by another, over by itself")
            .IfMatch().Refuses(404, "release.not-found").Refuses(403, "release.second-person-needed", "release.approval-by-machine")
            .Refuses(409, "release.not-frozen", "release.ended", "release.rolling-back", "release.promoting").Refuses(422, "release.override-too-long");
        releases.MapPost("{number:int}/{verb}", Steer).WithName("SteerRelease").WithSummary("Approve, promote, pause, resume, abort or retry")
            .IfMatch().Refuses(404, "release.not-found", "release.no-such-verb").Refuses(403, "release.approval-by-author", "release.approval-by-machine")
            .Refuses(409, "release.ended", "release.rolling-back", "release.already-paused", "release.not-paused", "release.nothing-to-promote", "release.promoting",
                "release.not-ended", "release.promoted", "release.superseded", "release.not-awaiting-approval", "release.frozen", "release.blocked", "release.gates-not-passed");
    }

    private static async Task<JsonPage<ReleaseView>> List(
        string project, string? phase, [AllowedValues("-createdAt", "createdAt")] string? sort, [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonPage<ReleaseView>.Of(await views.ListAsync(caller.Workspace, new("release", project, after, Page.Limit(limit), null, Sorting.ByTime(sort), "phase", phase), cancellation));

    private static Task<Accepted<CommandAnswer>> Start(string project, ReleaseBody body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project))
            .Do(new RequestRelease(body.Ref, body.Plan, body.SkipAnalysis, caller.Actor, body.Reason)).Answer($"/v1/projects/{project}/releases");

    /// <summary>From the grain itself: only it knows what the judge says between two changes of state.</summary>
    private static async Task<JsonBody<ReleaseView>> Get(string project, int number, Caller caller, IGrainFactory grains) =>
        await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, number)).View() is { } view
            ? JsonBody<ReleaseView>.Of(view)
            : throw NotFound(project, number);

    /// <summary>At most 120, evenly over the step.</summary>
    public sealed record LooksAnswer(ImmutableArray<JudgeLook> Items);

    private static async Task<JsonBody<LooksAnswer>> Looks(string project, int number, Caller caller, IGrainFactory grains)
    {
        var release = grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, number));
        if (await release.View() is null) throw NotFound(project, number);
        return JsonBody<LooksAnswer>.Of(new LooksAnswer(await release.Looks()));
    }

    private static ProblemException NotFound(string project, int number) =>
        ProblemException.NotFound("release", $"{project}/{number}", $"List them: prodsprint status --project {project}");

    private static Task<Accepted<CommandAnswer>> Override(string project, int number, OverrideBody? body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, number))
            .Do(new OverrideFreeze(TimeSpan.FromMinutes((body ?? new()).Minutes), caller.Actor, body?.Reason)).Answer($"/v1/projects/{project}/releases/{number}");

    private static Task<Accepted<CommandAnswer>> Steer(
        string project, int number, [AllowedValues("approve", "promote", "pause", "resume", "abort", "retry")] string verb, SteerBody? body, Caller caller, IGrainFactory grains)
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
