using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Operations;
using ProdSprint.Traffic;

namespace ProdSprint.Server;

/// <summary>Puts a node together and runs it: database, silo, jobs, router, web, in this order, because each needs the one before; by its roles not all of them.</summary>
public static class ServerHost
{
    internal const long MaxRequestBytes = 1 << 20;

    public static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var app = await BuildAsync(options, cancellation);
            await app.StartAsync(cancellation);
            if (app.Services.GetRequiredService<Node>().Is(NodeRoles.Web)) WriteServerFile(options.Home, Address(app));
            try
            {
                await app.WaitForShutdownAsync(cancellation);
            }
            finally
            {
                RemoveServerFile(options.Home);
            }
            return 0;
        }
        catch (Exception e) when (e is DatabaseException or RouterUnavailableException or DeployException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            var faults = e is Microsoft.Extensions.Options.OptionsValidationException several ? string.Concat(several.Failures.Select(f => $"\n  - {f}")) : e.Message;
            await Console.Error.WriteLineAsync($"prodsprint: the server does not start. {faults}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>The whole application, database ready and router running, not yet started.</summary>
    public static async Task<WebApplication> BuildAsync(ServerOptions options, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Home);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = WebRoot() });
        builder.Configuration.AddInMemoryCollection(options.Settings);
        ServerLogging.Configure(builder);
        NodeSettings.Check(builder.Configuration, options.Home, Settings(builder.Configuration, IsProduction(builder)));
        var node = Node.Read(builder.Configuration, SiloEngine.Name);
        var listen = ListenOptions.Read(builder.Configuration);
        var identity = node.Is(NodeRoles.Web) ? IdentityFaults.Read(builder.Configuration, IsProduction(builder)) : new();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(listen.Address, options.Port);
            k.Limits.MaxRequestBodySize = MaxRequestBytes;
            k.AddServerHeader = false;
            k.ConfigureEndpointDefaults(e => e.Protocols = HttpProtocols.Http1AndHttp2);
        });
        builder.WebHost.UseKestrelHttpsConfiguration();

        var router = node.Is(NodeRoles.Target) ? SiloServices.EnsureRouterAsync(options.Home, builder.Configuration, cancellation) : null;
        var database = await SiloServices.StartDatabaseAsync(options.Home, builder.Configuration, cancellation);
        builder.Services.AddSingleton(options).AddSingleton(listen).AddSingleton(identity).AddSingleton(MetricsOptions.Read(builder.Configuration, IsProduction(builder))).AddSingleton<RequestFigures>().AddCors().AddProblems();
        builder.Services.AddSingleton(new ServerFacts(TimeProvider.System.GetUtcNow()));
        // Before everything that calls grains as soon as it starts: hosted services start in this order, and stop in the opposite one.
        if (node.Is(NodeRoles.Silo)) builder.Host.UseProdSprintOrleans(database, node);
        else builder.UseProdSprintClient(database, node);
        builder.Services.AddProdSprintNode(node, database, router is null ? null : await router, options.Home, builder.Configuration, IsProduction(builder));
        if (node.Is(NodeRoles.Web)) builder.Services.AddWeb();

        var app = builder.Build();
        Map(app, node);
        return app;
    }

    private static Action[] Settings(IConfiguration configuration, bool production) =>
    [
        () =>
        {
            if (Node.Read(configuration, SiloEngine.Name).Is(NodeRoles.Web)) IdentityFaults.Read(configuration, production);
        },
        () => ListenOptions.Read(configuration), () => MetricsOptions.Read(configuration, production),
    ];

    private static void Map(WebApplication app, Node node)
    {
        var web = node.Is(NodeRoles.Web);
        app.WithoutFrameworksAuthorization();
        app.UseHeadRequests();
        if (web) app.UseNoPage();
        app.UseTrustedProxies();
        app.Use(app.Services.GetRequiredService<RequestFigures>().Count);
        app.UseRequestId();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseOtherOrigins();
        app.UseSameOrigin();
        if (web) app.UseWeb();
        app.MapHealth();
        app.MapMetrics();
        if (web) app.MapWeb();
    }

    /// <summary>Any of the names says it, whichever of them the host happens to follow.</summary>
    private static bool IsProduction(WebApplicationBuilder builder) =>
        new[] { builder.Environment.EnvironmentName, Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"), Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") }
            .Contains(Environments.Production, StringComparer.OrdinalIgnoreCase);

    private static string? WebRoot()
    {
        var root = Environment.GetEnvironmentVariable("PRODSPRINT_ROOT");
        foreach (var candidate in (string?[])[root is null ? null : Path.Combine(root, "web", "wwwroot"), Path.Combine(AppContext.BaseDirectory, "wwwroot")])
            if (candidate is not null && Directory.Exists(candidate)) return candidate;
        return null;
    }

    private static string Address(WebApplication app) => app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    private static void WriteServerFile(string home, string url)
    {
        var path = Path.Combine(home, "server.json");
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(new { url, pid = Environment.ProcessId }));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Only our own: a newer server may have taken the home over while this one was stopping.</summary>
    private static void RemoveServerFile(string home)
    {
        var path = Path.Combine(home, "server.json");
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllText(path));
            if (file.RootElement.GetProperty("pid").GetInt32() == Environment.ProcessId) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException)
        {
            // Gone or not ours: whoever reads it finds that nothing answers.
        }
    }
}
