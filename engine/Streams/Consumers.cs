using System.Collections.Concurrent;
using Orleans.Calls;
using Orleans.Runtime;
using Orleans.Streams.Core;

namespace Orleans.Streams;

internal interface IStreamConsumer
{
    ValueTask<bool> PrefersBatchesAsync(Subscription subscription);

    Task DeliverAsync(Subscription subscription, IReadOnlyList<(object? Item, StreamSequenceToken Token)> items);

    Task ReportAsync(Subscription subscription, Exception exception);
}

/// <summary>An observer without its type: what consumers hold.</summary>
internal abstract class StreamObserver
{
    public abstract bool PrefersBatches { get; }

    public abstract Task NextAsync(IReadOnlyList<(object? Item, StreamSequenceToken Token)> items);

    public abstract Task ErrorAsync(Exception exception);
}

internal sealed class ItemObserver<T>(IAsyncObserver<T> observer) : StreamObserver
{
    public override bool PrefersBatches => false;

    public override async Task NextAsync(IReadOnlyList<(object? Item, StreamSequenceToken Token)> items)
    {
        foreach (var (item, token) in items)
        {
            await observer.OnNextAsync(DeepCopy<T>.Copy((T)item!), token);
        }
    }

    public override Task ErrorAsync(Exception exception) => observer.OnErrorAsync(exception);
}

internal sealed class BatchObserver<T>(IAsyncBatchObserver<T> observer) : StreamObserver
{
    public override bool PrefersBatches => true;

    public override Task NextAsync(IReadOnlyList<(object? Item, StreamSequenceToken Token)> items) =>
        observer.OnNextAsync([.. items.Select(i => new SequentialItem<T>(DeepCopy<T>.Copy((T)i.Item!), i.Token))]);

    public override Task ErrorAsync(Exception exception) => observer.OnErrorAsync(exception);
}

/// <summary>An object outside the grains.</summary>
internal sealed class ClientConsumer(StreamObserver observer) : IStreamConsumer
{
    public StreamObserver Observer { get; set; } = observer;

    public ValueTask<bool> PrefersBatchesAsync(Subscription subscription) => new(Observer.PrefersBatches);

    public Task DeliverAsync(Subscription subscription, IReadOnlyList<(object? Item, StreamSequenceToken Token)> items) => Observer.NextAsync(items);

    public Task ReportAsync(Subscription subscription, Exception exception) => Observer.ErrorAsync(exception);

    public override string ToString() => "a client";
}

/// <summary>A grain: events reach it as turns and activate it.</summary>
internal sealed class GrainConsumer(MemoryStreamProvider provider, GrainId grain) : IStreamConsumer
{
    private readonly GrainReference _reference = provider.Silo.GrainFactory.CreateReference(typeof(IAddressable), grain);

    public GrainId Grain => grain;

    public static void Attach(Activation activation, Guid subscription, StreamObserver observer) =>
        activation.GetOrAddComponent(static _ => new Attached()).Observers[subscription] = observer;

    public static void Detach(Activation activation, Guid subscription) =>
        activation.GetOrAddComponent(static _ => new Attached()).Observers.TryRemove(subscription, out _);

    /// <summary>Whether the grain wants batches is known once its observer is; until then events go one by one.</summary>
    public ValueTask<bool> PrefersBatchesAsync(Subscription subscription) => new(
        provider.Silo.Catalog.FindActive(grain)?.GetOrAddComponent(static _ => new Attached()).Observers
            .GetValueOrDefault(subscription.Id)?.PrefersBatches == true);

    public Task DeliverAsync(Subscription subscription, IReadOnlyList<(object? Item, StreamSequenceToken Token)> items) =>
        OnGrain(subscription, observer => observer.NextAsync(items));

    public Task ReportAsync(Subscription subscription, Exception exception) => OnGrain(subscription, observer => observer.ErrorAsync(exception));

    public override string ToString() => grain.ToString();

    private Task OnGrain(Subscription subscription, Func<StreamObserver, Task> deliver)
    {
        var call = new DelegateCall(_reference, async activation =>
        {
            if (await FindObserverAsync(activation, subscription) is { } observer)
            {
                await deliver(observer);
            }
        }, isUse: true, provider.Silo.ResponseTimeoutMs);
        provider.Silo.Dispatcher.Deliver(call);
        return call.Task;
    }

    private async Task<StreamObserver?> FindObserverAsync(Activation activation, Subscription subscription)
    {
        var attached = activation.GetOrAddComponent(static _ => new Attached());
        if (!attached.Observers.TryGetValue(subscription.Id, out var observer) && activation.GrainInstance is IStreamSubscriptionObserver told)
        {
            await told.OnSubscribed(new HandleFactory(provider, subscription));
            attached.Observers.TryGetValue(subscription.Id, out observer);
        }

        return observer;
    }

    private sealed class Attached
    {
        public ConcurrentDictionary<Guid, StreamObserver> Observers { get; } = new();
    }
}

internal sealed class HandleFactory(MemoryStreamProvider provider, Subscription subscription) : IStreamSubscriptionHandleFactory
{
    public StreamId StreamId => subscription.Stream;

    public string ProviderName => provider.Name;

    public GuidId SubscriptionId => GuidId.GetGuidId(subscription.Id);

    public StreamSubscriptionHandle<T> Create<T>() => new MemoryStreamHandle<T>(provider, subscription.Stream, subscription.Id);
}
