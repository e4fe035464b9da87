using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Kernel;
using ProdSprint.Telemetry;

namespace ProdSprint.Hosting;

/// <summary>How the silo is set up, the same for both engines.</summary>
public static class SiloEngine
{
    public const string Embedded = "embedded";

    /// <summary>Where machines keep their state, in PostgreSQL.</summary>
    public const string Machines = "machines";

    internal const string Invariant = "Npgsql";

    /// <summary>Part of the key of every stored row: alone or in a cluster, with either engine, the same state is found.</summary>
    internal const string ServiceId = "prodsprint";

    /// <summary>embedded or orleans: whichever assembly the grains' base class came from.</summary>
    public static string Name { get; } = typeof(Grain).Assembly.GetName().Name == "ProdSprint.Engine" ? Embedded : "orleans";

    public static IHostBuilder UseProdSprintOrleans(this IHostBuilder host, Database database, Node? node = null) => host.UseOrleans((_, silo) =>
    {
        node ??= Node.Single;
        if (node.Cluster.Id is null) silo.UseLocalhostClustering(node.Cluster.SiloPort ?? FreePort(), node.Cluster.GatewayPort ?? FreePort(), serviceId: ServiceId, clusterId: ServiceId);
        else Join(silo, database, node.Cluster);
        silo.AddAdoNetGrainStorage(Machines, o => (o.Invariant, o.ConnectionString) = (Invariant, database.OrleansConnectionString));
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Invariant, database.OrleansConnectionString));
        silo.AddMemoryStreams(TrafficBell.Provider);
        silo.AddMemoryGrainStorage("PubSubStore");
        // Without its log stream, which would show everybody what is logged.
        silo.AddDashboard(o => o.HideTrace = true);
        if (!node.Is(NodeRoles.Target)) silo.Services.PostConfigure<GrainTypeOptions>(o => o.Classes.Remove(typeof(TargetGrain)));
        var figures = new GrainCallFigures();
        silo.Services.AddSingleton(figures);
        silo.AddIncomingGrainCallFilter(figures);
    });

    private static void Join(ISiloBuilder silo, Database database, ClusterSettings cluster)
    {
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.Id!, ServiceId));
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, database.OrleansConnectionString));
        var (siloPort, gatewayPort) = (cluster.SiloPort ?? EndpointOptions.DEFAULT_SILO_PORT, cluster.GatewayPort ?? EndpointOptions.DEFAULT_GATEWAY_PORT);
        if (cluster.Address is { } address) silo.ConfigureEndpoints(IPAddress.Parse(address), siloPort, gatewayPort);
        else silo.ConfigureEndpoints(siloPort, gatewayPort, listenOnAnyHostAddress: true);
        // A canary whose silo died waits for another to take it over: 6 s until it is given up instead of 15.
        silo.Configure<ClusterMembershipOptions>(o => o.ProbeTimeout = TimeSpan.FromSeconds(2));
    }

    /// <summary>Two servers on one machine must not meet at Orleans' default ports.</summary>
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
