using System.ComponentModel.DataAnnotations;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Telemetry;

namespace ProdSprint.Traffic;

/// <summary>What production answers, by version, and how its traffic is split.</summary>
public static class TrafficApi
{
    public sealed record VersionWeight(string Version, double WeightPercent, long InFlight, bool Reachable);

    public sealed record TrafficAnswer(string Environment, string? Url, IReadOnlyList<TrafficPoint> Points, IReadOnlyList<VersionWeight> Weights);

    public static void MapTrafficApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/projects/{project}/traffic", Get).WithTags("Traffic").WithName("GetTraffic").WithSummary("Requests, errors and latency by version, and the split")
            .Refuses(404, "project.not-found").Refuses(422, "traffic.bad-seconds");

    private static async Task<JsonBody<TrafficAnswer>> Get(
        string project, [MaxLength(40)] string? environment, [Range(1, 86_400)] int? seconds, Caller caller, TrafficReads reads, ITrafficOrders router, TimeProvider clock, CancellationToken cancellation)
    {
        if (seconds is < 1 or > 86_400) throw ProblemException.Invalid("traffic.bad-seconds", $"'seconds' is {seconds}.", "Ask for 1 to 86400");
        var name = environment ?? "production";
        var points = await reads.SeriesAsync(caller.Workspace, project, name, clock.GetUtcNow(), seconds ?? 300, cancellation);
        var status = await Status(router, cancellation);
        var here = status?.Environments.FirstOrDefault(e => e.Workspace == caller.Workspace && e.Project == project && e.Environment == name);
        return JsonBody<TrafficAnswer>.Of(new TrafficAnswer(name, here?.Port is { } port and > 0 ? $"http://127.0.0.1:{port}" : null, points,
            [.. (here?.Versions ?? []).Select(v => new VersionWeight(v.Version, v.Weight * 100.0 / EnvironmentRoutes.FullWeight, v.InFlight, v.Reachable > 0))]));
    }

    private static async Task<RouterStatus?> Status(ITrafficOrders router, CancellationToken cancellation)
    {
        try
        {
            return await router.StatusAsync(cancellation);
        }
        catch (RouterUnavailableException)
        {
            // The log still has the figures; the weights are unknown until the router answers.
            return null;
        }
    }
}
