using System.Reflection;
using ProdSprint.Hosting;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>What this server is.</summary>
public static class ServerApi
{
    public static void MapServerApi(this IEndpointRouteBuilder routes, ServerFacts facts) =>
        routes.MapGet("/v1/server", (TimeProvider clock, IHostEnvironment environment) => JsonBody<ServerView>.Of(new ServerView(
            facts.Engine, facts.Version, environment.EnvironmentName, facts.StartedAt, Math.Round((clock.GetUtcNow() - facts.StartedAt).TotalSeconds, 1))))
            .WithTags("Server").WithName("GetServer").WithSummary("What runs here, and since when");
}

public sealed record ServerView(string Engine, string Version, string Environment, DateTimeOffset StartedAt, double UpSeconds);

/// <summary>Said by the server of itself.</summary>
public sealed record ServerFacts(DateTimeOffset StartedAt)
{
    /// <summary>embedded or orleans.</summary>
    public string Engine { get; } = SiloEngine.Name;

    /// <summary>Where Orleans' own dashboard is; null on the embedded engine, which has none.</summary>
    public string? OrleansDashboard { get; } = SiloEngine.Name == SiloEngine.Embedded ? null : WebParts.OrleansDashboard;

    public string Version { get; } = typeof(ServerFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
