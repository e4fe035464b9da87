namespace Orleans.Runtime;

/// <summary>Observers by stage: started in order, stopped in reverse, and only those that started are stopped.</summary>
internal class StagedLifecycle : ILifecycleObservable
{
    private readonly List<Entry> _entries = [];
    private readonly Lock _gate = new();

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        var entry = new Entry(this, stage, observer);
        lock (_gate)
        {
            _entries.Add(entry);
        }

        return entry;
    }

    public async Task StartAsync(CancellationToken token)
    {
        foreach (var stage in Snapshot().GroupBy(e => e.Stage).OrderBy(g => g.Key))
        {
            token.ThrowIfCancellationRequested();
            await Task.WhenAll(stage.Select(e => e.Observer.OnStart(token)));
            foreach (var entry in stage)
            {
                entry.Started = true;
            }

            HighestCompletedStage = stage.Key;
        }
    }

    public async Task StopAsync(CancellationToken token)
    {
        List<Exception>? failures = null;
        foreach (var stage in Snapshot().Where(e => e.Started).GroupBy(e => e.Stage).OrderByDescending(g => g.Key))
        {
            try
            {
                await Task.WhenAll(stage.Select(e => e.Observer.OnStop(token)));
            }
            catch (Exception exception)
            {
                (failures ??= []).Add(exception);
            }

            LowestStoppedStage = stage.Key;
        }

        if (failures is not null)
        {
            throw new AggregateException(failures);
        }
    }

    private Entry[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries];
        }
    }

    private sealed class Entry(StagedLifecycle owner, int stage, ILifecycleObserver observer) : IDisposable
    {
        public int Stage => stage;

        public ILifecycleObserver Observer => observer;

        public bool Started { get; set; }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._entries.Remove(this);
            }
        }
    }
}

internal sealed class GrainLifecycle : StagedLifecycle, IGrainLifecycle;

internal sealed class SiloLifecycle : StagedLifecycle, ISiloLifecycle;
