using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using ProdSprint.Identity;
using ProdSprint.Kernel;

namespace ProdSprint.Telemetry;

/// <summary>What a project's services use of processors and memory, beside what they may.</summary>
public static class UsageApi
{
    /// <summary>Up to so many days a point is an hour, beyond it a day.</summary>
    private const int DaysOfHours = 2;

    /// <param name="EverySeconds">From one look to the next.</param>
    /// <param name="PointHours">Hours that a point is of.</param>
    /// <param name="Services">By environment and name; empty when nothing ran.</param>
    public sealed record UsageAnswer(string Project, DateTimeOffset From, double EverySeconds, int PointHours, ImmutableArray<ServiceUsage> Services);

    public static void MapUsageApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/projects/{project}/usage", Get).WithTags("Traffic").WithName("GetUsage").WithSummary("Processors and memory that services were seen to use, and their limits")
            .Refuses(404, "project.not-found").Refuses(422, "usage.bad-days");

    private static async Task<JsonBody<UsageAnswer>> Get(
        string project, [MaxLength(40)] string? environment, [Range(1, 366)] int? days, Caller caller, UsageLog log, UsageOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        if (days is < 1 or > 366) throw ProblemException.Invalid("usage.bad-days", $"'days' is {days}.", "Ask for 1 to 366 days");
        var from = clock.GetUtcNow().AddDays(-Math.Min(days ?? 14, options.KeepDays));
        var points = (days ?? 14) <= DaysOfHours ? 1 : 24;
        var hours = await log.ReadAsync(caller.Workspace, project, environment, UsageHour.Of(from), cancellation);
        return JsonBody<UsageAnswer>.Of(new UsageAnswer(project, DateTimeOffset.FromUnixTimeSeconds(UsageHour.Of(from) * 3600), options.EverySeconds, points, ServiceUsage.Of(hours, points)));
    }
}
