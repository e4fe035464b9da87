using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using ProdSprint.Data;
using ProdSprint.Kernel;
using ProdSprint.Traffic;

namespace ProdSprint.Server;

/// <summary>What this server is, and whether it is well.</summary>
public static class ServerApi
{
    public static void MapServerApi(this IEndpointRouteBuilder routes, ServerFacts facts)
    {
        routes.MapGet("/v1/server", (TimeProvider clock, IHostEnvironment environment) => JsonBody<ServerView>.Of(new ServerView(
            facts.Engine, facts.Version, environment.EnvironmentName, facts.StartedAt, Math.Round((clock.GetUtcNow() - facts.StartedAt).TotalSeconds, 1))))
            .WithTags("Server").WithName("GetServer").WithSummary("What runs here, and since when");

        routes.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).ExcludeFromDescription();
        routes.MapGet("/health/ready", Ready).ExcludeFromDescription();
        routes.MapGet("/health", Ready).ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(Database database, ITrafficRouter router, [FromServices] PrivateClusterWatch? cluster, CancellationToken cancellation)
    {
        var checks = await Task.WhenAll(
            Check("database", async c =>
            {
                if (cluster?.Problem is { } problem) throw new DatabaseException(problem);
                await using var command = database.Worker.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(c);
            }, cancellation),
            Check("router", async c => await router.StatusAsync(c), cancellation));
        var ready = checks.All(c => c.Problem is null);
        return TypedResults.Json(new { status = ready ? "ready" : "not-ready", checks }, statusCode: ready ? 200 : 503);
    }

    private static async Task<HealthCheck> Check(string name, Func<CancellationToken, Task> check, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await check(limit.Token);
            return new(name, null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new(name, e is OperationCanceledException ? "no answer within 2 s" : e.Message);
        }
    }

    private sealed record HealthCheck(string Name, string? Problem);
}

public sealed record ServerView(string Engine, string Version, string Environment, DateTimeOffset StartedAt, double UpSeconds);

/// <summary>Said by the server of itself.</summary>
public sealed record ServerFacts(DateTimeOffset StartedAt)
{
    /// <summary>embedded or orleans: whichever assembly the grains' base class came from.</summary>
    public string Engine { get; } = typeof(Grain).Assembly.GetName().Name == "ProdSprint.Engine" ? "embedded" : "orleans";

    public string Version { get; } = typeof(ServerFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
