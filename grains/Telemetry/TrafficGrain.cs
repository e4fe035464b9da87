using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;
using ProdSprint.Releases;

namespace ProdSprint.Telemetry;

/// <summary>Watches one environment for one release; what it has added up is only in memory, because PostgreSQL has the seconds.</summary>
[GrainType("traffic"), ImplicitStreamSubscription(TrafficBell.Namespace)]
public sealed partial class TrafficGrain(
    [PersistentState("traffic-watch", "machines")] IPersistentState<TrafficWatchState> store, IEvidenceLog log, ILogger<TrafficGrain> logger)
    : Grain, ITrafficGrain, IStreamSubscriptionObserver, IAsyncObserver<TrafficBell>
{
    private CanaryEvidence _evidence = CanaryEvidence.None;
    private long _heard = -1;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<TrafficBell>().ResumeAsync(this);

    public async Task Watch(TrafficWatch watch)
    {
        if (store.State.Watch == watch) return;
        store.State = new() { Watch = watch };
        _evidence = CanaryEvidence.None;
        _heard = -1;
        await store.WriteStateAsync();
    }

    public async Task Unwatch(string releaseKey)
    {
        if (store.State.Watch?.ReleaseKey != releaseKey) return;
        store.State = new();
        await store.WriteStateAsync();
    }

    public async Task OnNextAsync(TrafficBell bell, StreamSequenceToken? token = null)
    {
        if (store.State.Watch is not { } watch || bell.Batch <= _heard) return;
        if (_heard >= 0 && bell.Previous == _heard)
        {
            _evidence = EvidenceTally.Add(_evidence, watch, bell.Seconds);
            _heard = bell.Batch;
        }
        else
        {
            await CatchUp(watch);
        }
        if (store.State.Watch != watch) return;
        try
        {
            await GrainFactory.GetGrain<IReleaseGrain>(watch.ReleaseKey).Observe(_evidence);
        }
        catch (Exception e) when (e is not InconsistentStateException)
        {
            // The next second brings the same evidence and more: nothing is lost by not telling this once.
            LogNotTold(logger, e, watch.ReleaseKey);
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        _heard = -1;
        return Task.CompletedTask;
    }

    private async Task CatchUp(TrafficWatch watch)
    {
        var parts = this.GetPrimaryKeyString().Split('/');
        var from = EvidenceTally.FromSecond(watch);
        // The first time also what stable showed before: the only comparison where the step leaves it no traffic (blue/green).
        var logged = await log.ReadAsync(parts[1], parts[2], parts[3], _heard < 0 ? from - EvidenceTally.SecondsBefore : from, _heard, CancellationToken.None);
        if (store.State.Watch != watch) return;
        _evidence = EvidenceTally.Add(EvidenceTally.Before(_evidence, watch, logged.Seconds), watch, logged.Seconds);
        _heard = logged.LastBatch;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Release} could not be told what the traffic shows; it is told again with the next second")]
    private static partial void LogNotTold(ILogger logger, Exception exception, string release);
}

/// <summary>Stored, so that a watch survives the grain.</summary>
public sealed class TrafficWatchState
{
    public TrafficWatch? Watch { get; set; }
}
