using Orleans.Calls;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>The typed face of a stream.</summary>
internal sealed class MemoryStream<T>(MemoryStreamProvider provider, StreamId id) : IAsyncStream<T>
{
    public bool IsRewindable => provider.IsRewindable;

    public string ProviderName => provider.Name;

    public StreamId StreamId => id;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        provider.Hub(id).Publish(new StreamBatch([(DeepCopy<T>.Copy(item), provider.NextToken())]));
        return Task.CompletedTask;
    }

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        var first = provider.NextToken();
        provider.Hub(id).Publish(new StreamBatch(
            [.. batch.Select((item, i) => ((object?)DeepCopy<T>.Copy(item), (StreamSequenceToken)new EventSequenceTokenV2(first.SequenceNumber, i)))]));
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => throw new NotSupportedException("A producer cannot complete a memory stream: it has no end.");

    public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("A producer cannot fail a memory stream; send an event that says so.");

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => Subscribe(new ItemObserver<T>(observer));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) =>
        token is null ? SubscribeAsync(observer) : throw NotRewindable();

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) => Subscribe(new BatchObserver<T>(observer));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token) =>
        token is null ? SubscribeAsync(observer) : throw NotRewindable();

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles() => Task.FromResult<IList<StreamSubscriptionHandle<T>>>(
        [.. provider.Hub(id).OfCaller().Select(s => new MemoryStreamHandle<T>(provider, id, s.Id))]);

    public bool Equals(IAsyncStream<T>? other) => other is not null && other.StreamId == id && other.ProviderName == ProviderName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => HashCode.Combine(id, ProviderName);

    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : id.CompareTo(other.StreamId);

    private Task<StreamSubscriptionHandle<T>> Subscribe(StreamObserver observer) =>
        Task.FromResult<StreamSubscriptionHandle<T>>(new MemoryStreamHandle<T>(provider, id, provider.Hub(id).Subscribe(observer).Id));

    private static ArgumentException NotRewindable() => new("The stream is not rewindable: subscribe without a token.");
}

internal sealed class MemoryStreamHandle<T>(MemoryStreamProvider provider, StreamId stream, Guid id) : StreamSubscriptionHandle<T>
{
    public override StreamId StreamId => stream;

    public override string ProviderName => provider.Name;

    public override Guid HandleId => id;

    public override Task UnsubscribeAsync()
    {
        provider.Hub(stream).Unsubscribe(id);
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null) =>
        Resume(new ItemObserver<T>(observer));

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null) =>
        Resume(new BatchObserver<T>(observer));

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == id;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => id.GetHashCode();

    private Task<StreamSubscriptionHandle<T>> Resume(StreamObserver observer)
    {
        provider.Hub(stream).Resume(id, observer);
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }
}
