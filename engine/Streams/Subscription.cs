using System.Threading.Channels;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Events that were published together.</summary>
internal sealed record StreamBatch(IReadOnlyList<(object? Item, StreamSequenceToken Token)> Items);

/// <summary>Delivers one consumer's events in order, each until it succeeds or its time is up.</summary>
internal sealed class Subscription(MemoryStreamProvider provider, StreamId stream, Guid id, IStreamConsumer consumer, bool isImplicit)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromSeconds(5);

    private readonly Channel<StreamBatch> _events = Channel.CreateUnbounded<StreamBatch>(new() { SingleReader = true });
    private readonly CancellationTokenSource _closed = CancellationTokenSource.CreateLinkedTokenSource(provider.Stopping.Token);
    private int _pumping;

    public Guid Id => id;

    public StreamId Stream => stream;

    public IStreamConsumer Consumer => consumer;

    public bool IsImplicit => isImplicit;

    public void Enqueue(StreamBatch batch)
    {
        _events.Writer.TryWrite(batch);
        if (Interlocked.Exchange(ref _pumping, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static s => _ = s.PumpAsync(), this, preferLocal: false);
        }
    }

    public void Close() => _closed.Cancel();

    private async Task PumpAsync()
    {
        try
        {
            do
            {
                while (!_closed.IsCancellationRequested && _events.Reader.TryRead(out var batch))
                {
                    await DeliverAsync(batch);
                }

                Volatile.Write(ref _pumping, 0);
            }
            while (!_closed.IsCancellationRequested && _events.Reader.TryPeek(out _) && Interlocked.Exchange(ref _pumping, 1) == 0);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // Closed while it waited to try again.
        }
    }

    private async Task DeliverAsync(StreamBatch batch)
    {
        if (await consumer.PrefersBatchesAsync(this))
        {
            await DeliverAsync(batch.Items);
            return;
        }

        foreach (var item in batch.Items)
        {
            await DeliverAsync([item]);
        }
    }

    private async Task DeliverAsync(IReadOnlyList<(object? Item, StreamSequenceToken Token)> items)
    {
        var until = provider.Silo.Time.GetUtcNow() + provider.MaxDeliveryTime;
        for (var wait = FirstRetry; ; wait = wait * 2 < LongestRetry ? wait * 2 : LongestRetry)
        {
            try
            {
                await consumer.DeliverAsync(this, items);
                return;
            }
            catch (Exception exception) when (!_closed.IsCancellationRequested)
            {
                if (provider.Silo.Time.GetUtcNow() + wait > until)
                {
                    await GiveUpAsync(exception);
                    return;
                }
            }

            await Task.Delay(wait, provider.Silo.Time, _closed.Token);
        }
    }

    private async Task GiveUpAsync(Exception exception)
    {
        EngineLog.StreamEventLost(provider.Silo.Logger, exception, stream, consumer.ToString()!, provider.MaxDeliveryTime);
        try
        {
            await consumer.ReportAsync(this, new StreamEventDeliveryFailureException(stream, exception));
        }
        catch (Exception failure)
        {
            EngineLog.ObserverFailed(provider.Silo.Logger, failure);
        }
    }
}

/// <summary>An event was given up after its consumer failed on it for the whole delivery time.</summary>
[GenerateSerializer]
public class StreamEventDeliveryFailureException : OrleansException
{
    internal StreamEventDeliveryFailureException(StreamId stream, Exception last) : base($"Delivery of an event of stream {stream} failed.", last)
    {
    }
}
