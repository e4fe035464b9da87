using System.Collections.Concurrent;
using System.Security.Cryptography;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>One stream: who listens, each with a queue of its own, so that a slow or failing consumer holds up nobody else.</summary>
internal sealed class StreamHub
{
    private readonly ConcurrentDictionary<Guid, Subscription> _subscriptions = new();
    private readonly MemoryStreamProvider _provider;
    private readonly Lock _order = new();

    public StreamHub(MemoryStreamProvider provider, StreamId id)
    {
        _provider = provider;
        Id = id;
        foreach (var grainClass in provider.ImplicitConsumers(id))
        {
            var consumer = new GrainId(grainClass.GrainType, new IdSpan(id.Key.ToArray()));
            var subscription = Guid(consumer);
            _subscriptions[subscription] = new Subscription(provider, id, subscription, new GrainConsumer(provider, consumer), isImplicit: true);
        }
    }

    public StreamId Id { get; }

    public void Publish(StreamBatch batch)
    {
        lock (_order)
        {
            foreach (var subscription in _subscriptions.Values)
            {
                subscription.Enqueue(batch);
            }
        }
    }

    /// <summary>Who is subscribing: the grain whose turn this is, or an object outside the grains.</summary>
    public Subscription Subscribe(StreamObserver observer)
    {
        if (RuntimeContext.Current is not Activation activation)
        {
            _provider.RequireSubscriptionStore();
            return Add(new ClientConsumer(observer));
        }

        var subscription = _subscriptions.Values.FirstOrDefault(s => s.IsImplicit && s.Consumer is GrainConsumer c && c.Grain == activation.GrainId);
        if (subscription is null)
        {
            _provider.RequireSubscriptionStore();
            subscription = Add(new GrainConsumer(_provider, activation.GrainId));
        }

        GrainConsumer.Attach(activation, subscription.Id, observer);
        return subscription;
    }

    public void Resume(Guid id, StreamObserver observer)
    {
        if (!_subscriptions.TryGetValue(id, out var subscription))
        {
            throw new InvalidOperationException("Handle is no longer valid. It has been used to unsubscribe or resume.");
        }

        if (subscription.Consumer is ClientConsumer client)
        {
            client.Observer = observer;
        }
        else if (RuntimeContext.Current is Activation activation)
        {
            GrainConsumer.Attach(activation, id, observer);
        }
    }

    public void Unsubscribe(Guid id)
    {
        if (_subscriptions.TryGetValue(id, out var subscription) && !subscription.IsImplicit && _subscriptions.TryRemove(id, out _))
        {
            subscription.Close();
        }

        if (RuntimeContext.Current is Activation activation)
        {
            GrainConsumer.Detach(activation, id);
        }
    }

    public IEnumerable<Subscription> OfCaller() => RuntimeContext.Current is Activation activation
        ? _subscriptions.Values.Where(s => !s.IsImplicit && s.Consumer is GrainConsumer c && c.Grain == activation.GrainId)
        : _subscriptions.Values.Where(s => s.Consumer is ClientConsumer);

    private Subscription Add(IStreamConsumer consumer)
    {
        var subscription = new Subscription(_provider, Id, System.Guid.NewGuid(), consumer, isImplicit: false);
        lock (_order)
        {
            _subscriptions[subscription.Id] = subscription;
        }

        return subscription;
    }

    /// <summary>An implicit subscription is the same in every process and after every restart.</summary>
    private Guid Guid(GrainId consumer) =>
        new(SHA256.HashData([.. consumer.Type.AsSpan(), 0, .. Id.FullKey.Span])[..16]);
}
