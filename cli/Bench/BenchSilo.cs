using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Data;
using ProdSprint.Hosting;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Telemetry;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>A silo as the server has it (grains, storage, sink, job queue, a PostgreSQL of its own) with a deploy target that is only pretended.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly string _directory;
    private readonly PrivateCluster _cluster;
    private readonly Database _database;
    private readonly IHost _host;

    private BenchSilo(string directory, PrivateCluster cluster, Database database, IHost host) =>
        (_directory, _cluster, _database, _host) = (directory, cluster, database, host);

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<BenchSilo> StartAsync(ITrafficRouter router, IEnumerable<IJobHandler> target, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("prodsprint-bench-silo-").FullName;
        var cluster = new PrivateCluster(new PrivateClusterOptions { Directory = Path.Combine(directory, "pg") }, NullLogger<PrivateCluster>.Instance);
        var database = new Database(new DatabaseOptions { ConnectionString = await cluster.StartAsync(cancellation) });
        await database.StartAsync(cancellation);
        var host = new HostBuilder()
            .ConfigureLogging(l => l.ClearProviders())
            .UseProdSprintOrleans(database)
            .ConfigureServices(services =>
            {
                services.AddSingleton(TimeProvider.System).AddSingleton(database).AddSingleton<ITrafficOrders>(router);
                services.AddSingleton<IMachineSink, MachineSink>();
                services.AddSingleton<TrafficLog>().AddSingleton<IEvidenceLog>(s => s.GetRequiredService<TrafficLog>());
                services.AddSingleton<IJobHandler, TellHandler>();
                foreach (var handler in target) services.AddSingleton(handler);
                services.AddProdSprintJobs(o => o.KindLimits.Clear());
            })
            .Build();
        await host.StartAsync(cancellation);
        return new(directory, cluster, database, host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        await _database.DisposeAsync();
        await _cluster.StopAsync(CancellationToken.None);
        Directory.Delete(_directory, recursive: true);
    }
}
