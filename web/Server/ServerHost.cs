using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Identity;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Live;
using ProdSprint.Operations;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Server;

/// <summary>Puts the server together and runs it: database, silo, jobs, router, web, in this order, because each needs the one before.</summary>
public static class ServerHost
{
    internal const long MaxRequestBytes = 1 << 20;

    public static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var app = await BuildAsync(options, cancellation);
            await app.StartAsync(cancellation);
            var url = Address(app);
            WriteServerFile(options.Home, url);
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
        catch (Exception e) when (e is DatabaseException or RouterUnavailableException or DeployException or ServerStartException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"prodsprint: the server does not start. {e.Message}");
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
        RefuseDevelopmentIdentityInProduction(builder);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, options.Port);
            k.Limits.MaxRequestBodySize = MaxRequestBytes;
            k.AddServerHeader = false;
            k.ConfigureEndpointDefaults(e => e.Protocols = HttpProtocols.Http1AndHttp2);
        });
        builder.WebHost.UseKestrelHttpsConfiguration();

        var router = SiloServices.EnsureRouterAsync(options.Home, builder.Configuration, cancellation);
        var database = await SiloServices.StartDatabaseAsync(options.Home, builder.Configuration, cancellation);
        builder.Services.AddSingleton(new ServerFacts(TimeProvider.System.GetUtcNow()));
        // Before everything that calls grains as soon as it starts: hosted services start in this order, and stop in the opposite one.
        builder.Host.UseProdSprintOrleans(database);
        builder.Services.AddProdSprintSilo(database, await router, options.Home, builder.Configuration);
        builder.Services.AddSingleton(options);
        AddWeb(builder.Services);

        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void AddWeb(IServiceCollection services)
    {
        services.AddSingleton<IIdentity, DevelopmentIdentity>();
        services.AddSingleton<GrainWatch>();
        services.AddSingleton<RequestFigures>();
        services.AddSingleton<LivePush>();
        services.AddSingleton<Telemetry.ITrafficListeners>(s => s.GetRequiredService<LivePush>());
        services.AddHostedService(s => s.GetRequiredService<LivePush>());
        services.AddProblems();
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.AddResponseCompression();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<AuditTrail>();
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o =>
        {
            Apply(o.SerializerOptions);
            o.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            o.SerializerOptions.AllowDuplicateProperties = false;
            o.SerializerOptions.RespectNullableAnnotations = true;
            o.SerializerOptions.RespectRequiredConstructorParameters = true;
            // "5" is no number, and neither is "NaN".
            o.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
        });
        services.AddSignalR().AddJsonProtocol(o => Apply(o.PayloadSerializerOptions));
    }

    /// <summary>One JSON for views, live messages and answers.</summary>
    private static void Apply(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = KernelJson.Options.DefaultIgnoreCondition;
        options.NumberHandling = KernelJson.Options.NumberHandling;
        foreach (var converter in KernelJson.Options.Converters) options.Converters.Add(converter);
    }

    private static void Map(WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<RequestFigures>().Count);
        app.UseRequestId();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseSameOrigin();
        app.UseResponseCompression();
        app.UseProjectNames();
        app.UsePlainText();
        app.UseIdempotency();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        var api = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<AuditTrail>());
        api.MapServerApi(app.Services.GetRequiredService<ServerFacts>());
        api.MapConfigApi(app.Services.GetRequiredService<ServerFacts>());
        api.MapProjectsApi();
        api.MapPlansApi();
        api.MapReleasesApi();
        api.MapRunsApi();
        api.MapDeployApi();
        api.MapTrafficApi();
        api.MapJobsApi();
        api.MapOperationsApi();
        api.MapAuditApi();
        app.MapMetrics();
        app.MapHub<LiveHub>("/hubs/live");
        app.MapOpenApi();
        // A path of the API that is not there is a 404, not the dashboard's page.
        app.MapGet("/v1/{**rest}", () => TypedResults.NotFound()).WithOrder(int.MaxValue).ExcludeFromDescription();
        app.MapFallbackToFile("{*path:nonfile}", "index.html");
    }

    private static void RefuseDevelopmentIdentityInProduction(WebApplicationBuilder builder)
    {
        if (builder.Environment.IsProduction())
        {
            throw new ServerStartException("The environment is Production, and the only identity there is so far is the development one, which believes everybody. "
                + "Next: start it with ./prodsprint up on a machine of your own, where the environment is Development.");
        }
    }

    private static string? WebRoot()
    {
        var root = Environment.GetEnvironmentVariable("PRODSPRINT_ROOT");
        foreach (var candidate in (string?[])[root is null ? null : Path.Combine(root, "web", "wwwroot"), Path.Combine(AppContext.BaseDirectory, "wwwroot")])
            if (candidate is not null && Directory.Exists(candidate)) return candidate;
        return null;
    }

    private static string Address(WebApplication app) => app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal);

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

/// <summary>A configuration with which the server must not start.</summary>
public sealed class ServerStartException(string message) : Exception(message);
