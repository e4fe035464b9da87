using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ProdSprint.Data;
using ProdSprint.Operations;
using ProdSprint.Traffic;

namespace ProdSprint.Hosting;

/// <summary>What must be there before a node is put together: the database, and on the target the router.</summary>
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
        return new(options, Logs(configuration).CreateLogger<PrivateCluster>());
    }

    /// <summary>For what runs before there is a host, and by the same settings.</summary>
    private static ILoggerFactory Logs(IConfiguration configuration) =>
        LoggerFactory.Create(b => b.AddConfiguration(configuration.GetSection("Logging")).AddServerConsole());

    /// <summary>Starts the router as a process of its own, or adopts the one that runs.</summary>
    public static async Task<ITrafficRouter> EnsureRouterAsync(string home, IConfiguration configuration, CancellationToken cancellation)
    {
        switch (configuration["Router:Kind"])
        {
            case null or "" or "prodsprint":
                await new RouterLauncher(RouterOptionsOf(home, configuration), RouterProgram(configuration), TimeProvider.System).EnsureRunningAsync(cancellation);
                return new LocalRouterClient(RouterOptionsOf(home).StateDirectory);
            case "haproxy":
                var haproxy = new HaProxyRouter(
                    HaProxyOptionsOf(home), TimeProvider.System, Logs(configuration).CreateLogger<HaProxyRouter>());
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

    /// <summary><c>Router:Bind</c>: the IPv4 address to serve on; <c>Router:Ports</c>: where it may choose ports from, <c>FIRST-LAST</c>.</summary>
    public static RouterOptions RouterOptionsOf(string home, IConfiguration? configuration = null)
    {
        var options = new RouterOptions { StateDirectory = Path.Combine(home, "router") };
        if (configuration?["Router:Bind"] is { Length: > 0 } bind)
            options = options with { BindAddress = IPAddress.TryParse(bind, out var address) ? address : throw new RouterUnavailableException($"Router:Bind is '{bind}', which is no IP address. Set it to e.g. 0.0.0.0.") };
        if (configuration?["Router:Ports"] is { Length: > 0 } ports)
            options = options with { Ports = PortRange.Parse(ports) ?? throw new RouterUnavailableException($"Router:Ports is '{ports}'. Set it to two ports, e.g. 8000-8099.") };
        return options;
    }
}
