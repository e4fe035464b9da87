using Npgsql;

namespace ProdSprint.Data;

/// <summary>
/// Reads of single views, so many at a time as are waiting: while one turn is in the database the next ones gather, so a hundred readers at once cost a few round
/// trips, and a single one waits for nothing. A read is never answered from a turn that began before it, so whoever has changed something sees the change.
/// </summary>
internal sealed class ViewTurns(Database database)
{
    private sealed record Asked(string Key, TaskCompletionSource<StoredView?> Answer);

    private readonly Lock _lock = new();

    /// <summary>By workspace; one that is in here has a turn under way.</summary>
    private readonly Dictionary<string, List<Asked>> _waiting = new(StringComparer.Ordinal);

    public Task<StoredView?> GetAsync(string workspace, string key)
    {
        var asked = new Asked(key, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_waiting.TryGetValue(workspace, out var waiting))
            {
                waiting.Add(asked);
                return asked.Answer.Task;
            }
            _waiting[workspace] = [];
        }
        _ = RunAsync(workspace, [asked]);
        return asked.Answer.Task;
    }

    private async Task RunAsync(string workspace, List<Asked> turn)
    {
        while (true)
        {
            try
            {
                var mark = database.Views.Begin(workspace);
                var found = await ReadAsync(workspace, [.. turn.Select(a => a.Key).Distinct(StringComparer.Ordinal)]);
                foreach (var (key, view) in found) database.Views.Keep(mark, key, view);
                foreach (var asked in turn) asked.Answer.SetResult(found.GetValueOrDefault(asked.Key));
            }
            catch (Exception e)
            {
                foreach (var asked in turn) asked.Answer.TrySetException(e);
            }
            lock (_lock)
            {
                turn = _waiting[workspace];
                if (turn.Count == 0)
                {
                    _waiting.Remove(workspace);
                    return;
                }
                _waiting[workspace] = [];
            }
        }
    }

    private Task<Dictionary<string, StoredView>> ReadAsync(string workspace, string[] keys) => database.ReadAsync(workspace,
        () => new NpgsqlBatchCommand("SELECT v.key, v.body::text FROM unnest($2::text[]) k JOIN resource_view v ON v.workspace = $1 AND v.kind = split_part(k, '/', 1) AND v.key = k")
        {
            Parameters = { new() { Value = workspace }, new() { Value = keys } },
        },
        async reader =>
        {
            var found = new Dictionary<string, StoredView>(StringComparer.Ordinal);
            while (await reader.ReadAsync()) found[reader.GetString(0)] = new(reader.GetFieldValue<byte[]>(1));
            return found;
        });
}
