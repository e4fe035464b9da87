using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Jobs;

/// <summary>ProdSprint's own work: look at it, try it again.</summary>
public static class JobsApi
{
    public static void MapJobsApi(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/operations/jobs").WithTags("Jobs");
        jobs.MapGet("", List).WithName("ListJobs");
        jobs.MapGet("{id}", Get).WithName("GetJob");
        jobs.MapPost("{id}/{verb}", Act).WithName("SteerJob");
    }

    private static async Task<JsonPage> List(
        string? state, string? kind, string? project, string? after, int? limit, Caller caller, JobReads jobs, CancellationToken cancellation)
    {
        try
        {
            return JsonPage.Of(await jobs.ListAsync(caller.Workspace, state, kind, project, null, after, Page.Limit(limit), cancellation));
        }
        catch (ArgumentException e)
        {
            throw ProblemException.Invalid("jobs.bad-filter", e.Message, "See /openapi/v1.json");
        }
    }

    /// <summary>Ids hold slashes, sent as %2F, which the framework leaves as it is so that they are not taken for separators.</summary>
    private static string Slashes(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task<JsonBody> Get(string id, Caller caller, JobReads jobs, CancellationToken cancellation) =>
        JsonBody.Of(await jobs.GetAsync(caller.Workspace, Slashes(id), cancellation: cancellation)) ?? throw ProblemException.NotFound("job", id, "List them: prodsprint jobs list");

    private static async Task<object> Act(string verb, string id, Caller caller, JobCommands jobs, CancellationToken cancellation)
    {
        var answer = verb switch
        {
            "retry" => await jobs.RetryAsync(caller.Workspace, Slashes(id), cancellation),
            "replay" => await jobs.ReplayAsync(caller.Workspace, Slashes(id), cancellation),
            _ => throw new ProblemException(StatusCodes.Status404NotFound, "job.no-such-verb", "No such verb", $"A job cannot '{verb}'.", "retry or replay"),
        };
        return answer switch
        {
            JobAnswer.Done => new { id, done = verb },
            JobAnswer.NotFound => throw ProblemException.NotFound("job", id, "List them: prodsprint jobs list"),
            _ => throw new ProblemException(StatusCodes.Status409Conflict, "job.not-now", "Not in this state", $"The job cannot be told to {verb} now.", $"Look at it: prodsprint jobs show '{id}'"),
        };
    }
}
