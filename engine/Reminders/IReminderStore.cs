using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Reminders;

/// <summary>A row of the reminder table. Times are UTC; the version counts up from 0.</summary>
internal sealed record ReminderRow(GrainId Grain, string Name, DateTime StartAt, TimeSpan Period, int Version);

internal interface IReminderStore
{
    Task<List<ReminderRow>> ReadAllAsync(CancellationToken token);

    Task<List<ReminderRow>> ReadAsync(GrainId grain);

    Task<int> UpsertAsync(ReminderRow row);

    /// <summary>False: the row has another version, or is gone.</summary>
    Task<bool> RemoveAsync(ReminderRow row);
}

internal sealed class MemoryReminderStore : IReminderStore
{
    private readonly ConcurrentDictionary<(GrainId, string), ReminderRow> _rows = new();

    public Task<List<ReminderRow>> ReadAllAsync(CancellationToken token) => Task.FromResult(_rows.Values.ToList());

    public Task<List<ReminderRow>> ReadAsync(GrainId grain) => Task.FromResult(_rows.Values.Where(r => r.Grain == grain).ToList());

    public Task<int> UpsertAsync(ReminderRow row) => Task.FromResult(_rows.AddOrUpdate(
        (row.Grain, row.Name),
        static (_, added) => added with { Version = 0 },
        static (_, old, updated) => updated with { Version = old.Version + 1 },
        row).Version);

    public Task<bool> RemoveAsync(ReminderRow row) => Task.FromResult(
        _rows.TryGetValue((row.Grain, row.Name), out var stored) && stored.Version == row.Version
        && _rows.TryRemove(new KeyValuePair<(GrainId, string), ReminderRow>((row.Grain, row.Name), stored)));
}
