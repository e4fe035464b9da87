using System.ComponentModel.DataAnnotations;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Jobs;

/// <summary>ProdSprint's own work: look at it, try it again.</summary>
public static class JobsApi
{
    public static void MapJobsApi(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/operations/jobs").WithTags("Jobs");
        jobs.MapGet("", List).WithName("ListJobs").WithSummary("Jobs, newest first").Refuses(422, "page.bad-limit", "page.bad-cursor");
        jobs.MapGet("{id}", Get).WithName("GetJob").WithSummary("One job with its log; slashes of the id as %2F").Refuses(404, "job.not-found");
        jobs.MapPost("{id}/{verb}", Act).WithName("SteerJob").WithSummary("Tries a job now, or runs a dead letter again")
            .Refuses(404, "job.not-found", "job.no-such-verb").Refuses(409, "job.not-now");
    }

    private static async Task<JsonPage<JobRow>> List(
        [AllowedValues("queued", "running", "succeeded", "dead", "cancelled")] string? state, string? kind, string? project,
        [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, JobReads jobs, CancellationToken cancellation) =>
        JsonPage<JobRow>.Of(await jobs.ListAsync(caller.Workspace, state, kind, project, null, after, Page.Limit(limit), cancellation));

    /// <summary>Ids hold slashes, sent as %2F, which the framework leaves as it is so that they are not taken for separators.</summary>
    private static string Slashes(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task<JsonBody<JobView>> Get(string id, Caller caller, JobReads jobs, CancellationToken cancellation) =>
        JsonBody<JobView>.Of(await jobs.GetAsync(caller.Workspace, Slashes(id), cancellation: cancellation)) ?? throw Missing(id);

    private static async Task<JsonBody<JobSteered>> Act(
        [AllowedValues("retry", "replay")] string verb, string id, Caller caller, JobCommands jobs, CancellationToken cancellation)
    {
        var answer = verb switch
        {
            "retry" => await jobs.RetryAsync(caller.Workspace, Slashes(id), cancellation),
            "replay" => await jobs.ReplayAsync(caller.Workspace, Slashes(id), cancellation),
            _ => throw new ProblemException(StatusCodes.Status404NotFound, "job.no-such-verb", "No such verb", $"A job cannot '{verb}'.", "retry or replay"),
        };
        return answer switch
        {
            JobAnswer.Done => JsonBody<JobSteered>.Of(new JobSteered(Slashes(id), verb)),
            JobAnswer.NotFound => throw Missing(id),
            _ => throw new ProblemException(StatusCodes.Status409Conflict, "job.not-now", "Not in this state", $"The job cannot be told to {verb} now.", $"Look at it: prodsprint jobs show '{Slashes(id)}'"),
        };
    }

    private static ProblemException Missing(string id) => ProblemException.NotFound("job", Slashes(id), "List them: prodsprint jobs list");
}
