using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Streams;

/// <summary>Streams within this process. What was not delivered when it ends is lost: streams are the bell, the database is the log.</summary>
internal sealed class MemoryStreamProvider : IStreamProvider, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<StreamId, StreamHub> _hubs = new();
    private readonly IServiceProvider _services;
    private readonly StreamPubSubType _pubSub;
    private long _sequence = TimeProvider.System.GetUtcNow().UtcTicks;

    public MemoryStreamProvider(string name, IServiceProvider services)
    {
        Name = name;
        _services = services;
        Silo = services.GetRequiredService<Silo>();
        _pubSub = services.GetRequiredService<IOptionsMonitor<StreamPubSubOptions>>().Get(name).PubSubType;
        MaxDeliveryTime = services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name).MaxEventDeliveryTime;
    }

    public string Name { get; }

    public bool IsRewindable => false;

    public Silo Silo { get; }

    public TimeSpan MaxDeliveryTime { get; }

    public CancellationTokenSource Stopping { get; } = new();

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    public StreamHub Hub(StreamId id) => _hubs.GetOrAdd(id, static (key, provider) => new StreamHub(provider, key), this);

    public EventSequenceTokenV2 NextToken() => new(Interlocked.Increment(ref _sequence));

    /// <summary>The grains that receive every event of this stream because their class says so.</summary>
    public IEnumerable<GrainClass> ImplicitConsumers(StreamId id) => _pubSub == StreamPubSubType.ExplicitGrainBasedOnly
        ? []
        : Silo.Classes.All.Where(c => c.ImplicitSubscriptions.Any(s => s.Predicate.IsMatch(id.GetNamespace())));

    /// <summary>Genuine Orleans keeps subscriptions in a storage of this name and cannot subscribe without it, so neither can this.</summary>
    public void RequireSubscriptionStore()
    {
        if (_pubSub == StreamPubSubType.ImplicitOnly)
        {
            throw new InvalidOperationException($"Stream provider \"{Name}\" has implicit subscriptions only.");
        }

        if (_services.GetKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME) is null)
        {
            throw new BadProviderConfigException(
                $"Explicit subscriptions need a storage provider named \"{ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME}\". "
                + $"Add it on the silo builder: AddMemoryGrainStorage(\"{ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME}\").");
        }
    }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<MemoryStreamProvider>(
        ServiceLifecycleStage.RuntimeGrainServices, _ => Task.CompletedTask, _ => Stopping.CancelAsync());
}
