using System.Collections.Concurrent;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ProdSprint.Engine;

[GenerateSerializer, Immutable, Alias("engine.Event")]
public sealed record StreamEvent([property: Id(0)] int Number, [property: Id(1)] int FailTimes);

/// <summary>What consumers received, by stream key; consumers and tests share one process on both engines.</summary>
public static class Received
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<int>> All = new();
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Exception>> Failures = new();

    public static ConcurrentQueue<int> By(string key) => All.GetOrAdd(key, _ => new());

    public static ConcurrentQueue<Exception> ErrorsOf(string key) => Failures.GetOrAdd(key, _ => new());

    public static void Add(string key, int number)
    {
        By(key).Enqueue(number);
        Gates.Of(key).Arrived.Release();
    }
}

[Alias("engine.IImplicit")]
public interface IImplicit : IGrainWithStringKey
{
    [Alias("Seen")]
    Task<int> Seen();
}

[ImplicitStreamSubscription("engine-implicit")]
[GrainType("engine-implicit")]
public sealed class ImplicitGrain : Grain, IImplicit, IStreamSubscriptionObserver, IAsyncObserver<StreamEvent>
{
    private readonly Dictionary<int, int> _failures = [];

    public Task<int> Seen() => Task.FromResult(Received.By(this.GetPrimaryKeyString()).Count);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<StreamEvent>().ResumeAsync(this);

    public Task OnNextAsync(StreamEvent item, StreamSequenceToken? token = null)
    {
        token.ShouldNotBeNull();
        _failures.TryGetValue(item.Number, out var failed);
        if (failed < item.FailTimes)
        {
            _failures[item.Number] = failed + 1;
            throw new InvalidOperationException($"not yet: {item.Number}");
        }

        Received.Add(this.GetPrimaryKeyString(), item.Number);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        Received.ErrorsOf(this.GetPrimaryKeyString()).Enqueue(ex);
        Gates.Of(this.GetPrimaryKeyString() + "/error").Arrived.Release();
        return Task.CompletedTask;
    }
}

[Alias("engine.IExplicit")]
public interface IExplicit : IGrainWithStringKey
{
    [Alias("Subscribe")]
    Task Subscribe();

    [Alias("Unsubscribe")]
    Task Unsubscribe();

    [Alias("Publish")]
    Task Publish(int number);
}

[GrainType("engine-explicit")]
public sealed class ExplicitGrain : Grain, IExplicit
{
    private IAsyncStream<StreamEvent> Stream =>
        this.GetStreamProvider("mem").GetStream<StreamEvent>(StreamId.Create("engine-explicit", this.GetPrimaryKeyString()));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in await Stream.GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(OnNext);
        }
    }

    public Task Subscribe() => Stream.SubscribeAsync(OnNext);

    public async Task Unsubscribe()
    {
        foreach (var handle in await Stream.GetAllSubscriptionHandles())
        {
            await handle.UnsubscribeAsync();
        }
    }

    public Task Publish(int number) => Stream.OnNextAsync(new StreamEvent(number, 0));

    private Task OnNext(StreamEvent item, StreamSequenceToken? token)
    {
        Received.Add(this.GetPrimaryKeyString(), item.Number);
        return Task.CompletedTask;
    }
}
