using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

public enum JobAnswer
{
    Done,

    /// <summary>There is no such job in this workspace.</summary>
    NotFound,

    /// <summary>The job is in a state in which this means nothing: it runs, or it succeeded, or it has ended already.</summary>
    Refused,
}

/// <summary>What people may do to jobs, within their workspace.</summary>
public sealed class JobCommands(Database database)
{
    /// <summary>Now instead of later: a waiting one starts, one that failed for good or was cancelled gets all its attempts again.</summary>
    public Task<JobAnswer> RetryAsync(string workspace, string id, CancellationToken cancellation = default) =>
        ChangeAsync(workspace, id,
            """
            UPDATE job SET run_at = now(), cancel = false, ended_at = NULL, told = true, interruptions = 0,
              attempt = CASE WHEN state = 0 THEN attempt ELSE 0 END, state = 0
            WHERE id = $1 AND state IN (0, 3, 4)
            """, "", cancellation);

    /// <summary>A dead letter runs again from the first attempt, under the same id: what it did before is not done twice.</summary>
    public Task<JobAnswer> ReplayAsync(string workspace, string id, CancellationToken cancellation = default) =>
        ChangeAsync(workspace, id,
            "UPDATE job SET run_at = now(), cancel = false, ended_at = NULL, told = true, interruptions = 0, attempt = 0, state = 0 WHERE id = $1 AND state = 3", "", cancellation);

    /// <summary>All dead letters of a kind and project (null: any); how many.</summary>
    public async Task<int> ReplayAllAsync(string workspace, string? kind = null, string? project = null, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            UPDATE job SET run_at = now(), cancel = false, ended_at = NULL, told = true, interruptions = 0, attempt = 0, state = 0
            WHERE state = 3 AND ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR project = $2)
            """, connection)
        {
            Parameters =
            {
                new() { Value = (object?)kind ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
                new() { Value = (object?)project ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
            },
        };
        var replayed = await command.ExecuteNonQueryAsync(cancellation);
        if (replayed > 0) await RingAsync(connection, "", cancellation);
        return replayed;
    }

    /// <summary>A queued one ends at once; a running one is told to, and ends when its handler does. Its owner is told either way.</summary>
    public Task<JobAnswer> CancelAsync(string workspace, string id, CancellationToken cancellation = default) =>
        ChangeAsync(workspace, id,
            """
            UPDATE job SET cancel = true, error = CASE WHEN state = 0 THEN 'Cancelled.' ELSE error END, ended_at = CASE WHEN state = 0 THEN now() END,
              told = told AND (state <> 0 OR owner_key IS NULL), state = CASE WHEN state = 0 THEN 4 ELSE state END
            WHERE id = $1 AND state < 2
            """, "cancel", cancellation);

    private async Task<JobAnswer> ChangeAsync(string workspace, string id, string sql, string bell, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var change = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } } };
        if (await change.ExecuteNonQueryAsync(cancellation) == 1)
        {
            await RingAsync(connection, bell, cancellation);
            return JobAnswer.Done;
        }
        await using var look = new NpgsqlCommand("SELECT 1 FROM job WHERE id = $1", connection) { Parameters = { new() { Value = id } } };
        return await look.ExecuteScalarAsync(cancellation) is null ? JobAnswer.NotFound : JobAnswer.Refused;
    }

    private static async Task RingAsync(NpgsqlConnection connection, string bell, CancellationToken cancellation)
    {
        await using var ring = new NpgsqlCommand(JobSql.Ring, connection) { Parameters = { new() { Value = bell } } };
        await ring.ExecuteNonQueryAsync(cancellation);
    }
}
