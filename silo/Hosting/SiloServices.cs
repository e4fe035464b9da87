using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Operations;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Telemetry;
using ProdSprint.Traffic;

namespace ProdSprint.Hosting;

/// <summary>What a silo is made of. The web starts one in its own process by default.</summary>
public static class SiloServices
{
    /// <summary>The database that is configured, else a private one below <paramref name="home"/>; migrated.</summary>
    public static async Task<Database> StartDatabaseAsync(string home, IConfiguration configuration, CancellationToken cancellation)
    {
        var options = new DatabaseOptions();
        configuration.GetSection("Database").Bind(options);
        options.ConnectionString = configuration.GetConnectionString("prodsprint") is { Length: > 0 } given
            ? given
            : await Cluster(home, configuration).StartAsync(cancellation);
        var database = new Database(options);
        await database.StartAsync(cancellation);
        return database;
    }

    public static PrivateCluster Cluster(string home, IConfiguration configuration)
    {
        var options = new PrivateClusterOptions { Directory = Path.Combine(home, "postgres") };
        configuration.GetSection("PrivateCluster").Bind(options);
        return new(options, LoggerFactory.Create(b => b.AddServerConsole()).CreateLogger<PrivateCluster>());
    }

    /// <summary>Starts the router as a process of its own, or adopts the one that runs.</summary>
    public static async Task<ITrafficRouter> EnsureRouterAsync(string home, IConfiguration configuration, CancellationToken cancellation)
    {
        switch (configuration["Router:Kind"])
        {
            case null or "" or "prodsprint":
                await new RouterLauncher(RouterOptionsOf(home), RouterProgram(configuration), TimeProvider.System).EnsureRunningAsync(cancellation);
                return new LocalRouterClient(RouterOptionsOf(home).StateDirectory);
            case "haproxy":
                var haproxy = new HaProxyRouter(
                    HaProxyOptionsOf(home), TimeProvider.System, LoggerFactory.Create(b => b.AddServerConsole()).CreateLogger<HaProxyRouter>());
                await haproxy.StartAsync(cancellation);
                return haproxy;
            case var other:
                throw new RouterUnavailableException($"Router:Kind is '{other}'. Set it to prodsprint or haproxy.");
        }
    }

    /// <summary><c>Router:Program</c> names another executable with the verb <c>router</c>, for a host that is not <c>prodsprint</c> itself.</summary>
    private static RouterCommandLine RouterProgram(IConfiguration configuration) =>
        configuration["Router:Program"] is { Length: > 0 } program ? new(program, []) : RouterCommandLine.OfThisProgram();

    public static HaProxyOptions HaProxyOptionsOf(string home) => new() { StateDirectory = Path.Combine(home, "haproxy") };

    public static RouterOptions RouterOptionsOf(string home) => new() { StateDirectory = Path.Combine(home, "router") };

    public static IServiceCollection AddProdSprintSilo(this IServiceCollection services, Database database, ITrafficRouter router, string home, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        if (configuration.GetConnectionString("prodsprint") is not { Length: > 0 })
            services.AddSingleton(Cluster(home, configuration)).AddSingleton<PrivateClusterWatch>().AddHostedService(s => s.GetRequiredService<PrivateClusterWatch>());
        services.AddSingleton<IMachineSink, MachineSink>();
        services.AddSingleton<TimelineReads>().AddSingleton<ViewReads>().AddSingleton<DocumentStore>().AddSingleton<LiveFeed>().AddSingleton<Audit.AuditLog>();
        services.AddHostedService(s => s.GetRequiredService<LiveFeed>());

        var mirrors = new ProjectMirrors(Path.Combine(home, "mirrors"));
        services.AddSingleton(mirrors).AddSingleton<ICommitSource>(mirrors);
        services.AddSingleton<IJobHandler, ImportHandler>().AddSingleton<IJobHandler, PlanHandler>().AddSingleton<IJobHandler, TellHandler>();

        services.AddSingleton<ITrafficRouter>(router);
        services.AddSingleton<TrafficLog>().AddSingleton<IEvidenceLog>(s => s.GetRequiredService<TrafficLog>()).AddSingleton<TrafficReads>();
        services.AddHostedService<TrafficIngestion>();

        var deploy = new LocalDeployOptions { Root = Path.Combine(home, "deploy"), HiddenPaths = [Path.Combine(home, "postgres")] };
        configuration.GetSection("Deploy").Bind(deploy);
        services.AddLocalDeploy(deploy);
        services.AddSingleton<IInstanceEvents, InstanceNews>();
        services.AddTracing(configuration);
        return services.AddProdSprintJobs(o => configuration.GetSection("Jobs").Bind(o));
    }
}
