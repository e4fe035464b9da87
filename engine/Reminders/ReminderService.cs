using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Reminders;

/// <summary>Ticks the stored reminders. The table is the truth: it is read at start and again now and then.</summary>
internal sealed class ReminderService(IReminderStore store, Silo silo, IOptions<ReminderOptions> options)
    : IReminderRegistry, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(GrainId, string), LocalReminder> _local = new();
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _refresh;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<ReminderService>(ServiceLifecycleStage.RuntimeGrainServices, StartAsync, StopAsync);

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        var row = new ReminderRow(callingGrainId, reminderName, (silo.Time.GetUtcNow() + dueTime).UtcDateTime, period, 0);
        row = row with { Version = await store.UpsertAsync(row) };
        Schedule(row);
        return new GrainReminder(row);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        var row = ((GrainReminder)reminder).Row;
        if (!await store.RemoveAsync(row))
        {
            throw new ReminderException(
                $"Could not unregister reminder {row.Name} of {row.Grain}: it was changed or removed since it was read. Get it again with GetReminder.");
        }

        if (_local.TryRemove((row.Grain, row.Name), out var local))
        {
            local.Dispose();
        }
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
        (await store.ReadAsync(callingGrainId)).Where(r => r.Name == reminderName).Select(r => new GrainReminder(r)).FirstOrDefault();

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        [.. (await store.ReadAsync(callingGrainId)).Select(r => new GrainReminder(r))];

    private void Validate(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), "Cannot use InfiniteTimeSpan dueTime to create a reminder");
        }

        if (dueTime < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), "Cannot use negative dueTime to create a reminder");
        }

        if (period == Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(period), "Cannot use InfiniteTimeSpan period to create a reminder");
        }

        if (period < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(period), "Cannot use negative period to create a reminder");
        }

        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException(
                $"Cannot register a reminder with a period of {period}: the shortest is {options.Value.MinimumReminderPeriod}. Use a grain timer for finer waits.");
        }
    }

    private async Task StartAsync(CancellationToken token)
    {
        await LoadAsync(token);
        var period = options.Value.RefreshReminderListPeriod;
        _refresh = silo.Time.CreateTimer(static s => _ = ((ReminderService)s!).RefreshAsync(), this, period, Timeout.InfiniteTimeSpan);
    }

    private Task StopAsync(CancellationToken token)
    {
        _stopping.Cancel();
        _refresh?.Dispose();
        foreach (var local in _local.Values)
        {
            local.Dispose();
        }

        _local.Clear();
        return Task.CompletedTask;
    }

    private async Task RefreshAsync()
    {
        var next = options.Value.RefreshReminderListPeriod;
        try
        {
            await LoadAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception)
        {
            EngineLog.ReminderTableUnreadable(silo.Logger, exception);
            next = RetryAfter;
        }

        if (!_stopping.IsCancellationRequested)
        {
            _refresh?.Change(next, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task LoadAsync(CancellationToken token)
    {
        var known = _local.ToArray();
        var rows = (await store.ReadAllAsync(token)).ToDictionary(r => (r.Grain, r.Name));
        foreach (var row in rows.Values)
        {
            Schedule(row);
        }

        // Only what was there before the read and still is the same: registrations meanwhile must not be dropped.
        foreach (var (key, local) in known)
        {
            if (!rows.ContainsKey(key) && _local.TryRemove(new KeyValuePair<(GrainId, string), LocalReminder>(key, local)))
            {
                local.Dispose();
            }
        }
    }

    private void Schedule(ReminderRow row)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _local.AddOrUpdate(
            (row.Grain, row.Name),
            _ => new LocalReminder(silo, row),
            (_, old) =>
            {
                if (old.Row == row || old.Row.Version > row.Version)
                {
                    return old;
                }

                old.Dispose();
                return new LocalReminder(silo, row);
            });
    }
}

internal sealed class GrainReminder(ReminderRow row) : IGrainReminder
{
    public ReminderRow Row { get; } = row;

    public string ReminderName => Row.Name;

    public override string ToString() => $"<IGrainReminder: GrainId={Row.Grain} ReminderName={Row.Name} Version={Row.Version}>";
}
