using Orleans.Hosting;
using Orleans.TestingHost;

namespace ProdSprint.Engine;

/// <summary>A deployed test cluster with memory storage, memory streams and memory reminders, shared by the tests of a class.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster = Build(silo => { });

    public IClusterClient Client => _cluster.Client;

    public InProcessTestCluster Host => _cluster;

    public T Grain<T>(string key) where T : IGrainWithStringKey => Client.GetGrain<T>(key);

    public static InProcessTestCluster Build(Action<ISiloBuilder> configure, Action<InProcessTestClusterOptions>? options = null)
    {
        var builder = new InProcessTestClusterBuilder(1);
        options?.Invoke(builder.Options);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSystemTextJsonGrainStorageSerializer()
                .AddMemoryGrainStorageAsDefault()
                .AddMemoryGrainStorage("PubSubStore")
                .AddMemoryStreams("mem", m => m.ConfigurePullingAgent(o => o.Configure(a => a.MaxEventDeliveryTime = TimeSpan.FromSeconds(2))))
                .UseInMemoryReminderService();
            configure(silo);
        });
        return builder.Build();
    }

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
