using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using ProdSprint.Data;
using ProdSprint.Kernel;
using ProdSprint.Telemetry;

namespace ProdSprint.Hosting;

/// <summary>How the silo is set up, the same for both engines.</summary>
public static class SiloEngine
{
    /// <summary>Where machines keep their state, in PostgreSQL.</summary>
    public const string Machines = "machines";

    private const string Invariant = "Npgsql";

    public static IHostBuilder UseProdSprintOrleans(this IHostBuilder host, Database database) => host.UseOrleans((context, silo) =>
    {
        var cluster = context.Configuration["Cluster:Id"];
        if (cluster is null) silo.UseLocalhostClustering(serviceId: "prodsprint", clusterId: "prodsprint");
        else
        {
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "prodsprint"));
            silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, database.OrleansConnectionString));
        }
        silo.AddAdoNetGrainStorage(Machines, o => (o.Invariant, o.ConnectionString) = (Invariant, database.OrleansConnectionString));
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Invariant, database.OrleansConnectionString));
        silo.AddMemoryStreams(TrafficBell.Provider);
        silo.AddMemoryGrainStorage("PubSubStore");
        var figures = new GrainCallFigures();
        silo.Services.AddSingleton(figures);
        silo.AddIncomingGrainCallFilter(figures);
    });
}
