using System.Globalization;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>Jobs as people see them, as JSON, within one workspace (row-level security).</summary>
public sealed class JobReads(Database database)
{
    /// <summary>What <c>state</c> is called outside.</summary>
    private const string Shape =
        """
        jsonb_strip_nulls(jsonb_build_object('id', id, 'kind', kind,
          'state', (ARRAY['queued', 'running', 'succeeded', 'dead', 'cancelled'])[state + 1],
          'owner', owner_key, 'project', project, 'group', group_key, 'attempt', attempt, 'maxAttempts', max_attempts, 'interruptions', interruptions,
          'priority', priority, 'progress', progress, 'progressText', progress_text, 'error', error, 'createdAt', created_at, 'startedAt', started_at,
          'endedAt', ended_at, 'nextAt', CASE WHEN state = 0 THEN run_at END, 'leasedBy', lease_owner, 'cancelling', CASE WHEN cancel AND state = 1 THEN true END))
        """;

    /// <summary>Newest first.</summary>
    /// <param name="state">queued, running, succeeded, dead (or failed), cancelled; null for all.</param>
    /// <param name="after">The last page's <c>Next</c>.</param>
    public async Task<(IReadOnlyList<string> Items, string? Next)> ListAsync(
        string workspace, string? state = null, string? kind = null, string? project = null, string? owner = null, string? after = null, int limit = 50, CancellationToken cancellation = default)
    {
        var (at, id) = Cursor.Read(after);
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT {Shape}::text, created_at, id FROM job
             WHERE workspace = $8 AND ($1::smallint IS NULL OR state = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR project = $3)
               AND ($4::text IS NULL OR owner_key = $4) AND ($5::timestamptz IS NULL OR (created_at, id) < ($5, $6))
             ORDER BY created_at DESC, id DESC LIMIT $7
             """, connection)
        {
            Parameters =
            {
                new() { Value = State(state) is { } s ? s : DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Smallint },
                Text(kind), Text(project), Text(owner),
                new() { Value = at is { } t ? t : DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
                Text(id), new() { Value = limit + 1 }, new() { Value = workspace },
            },
        };
        var items = new List<string>();
        string? next = null;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        (DateTime At, string Id) last = default;
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == limit)
            {
                next = Cursor.Write(last.At, last.Id!);
                break;
            }
            items.Add(reader.GetString(0));
            last = (reader.GetDateTime(1), reader.GetString(2));
        }
        return (items, next);
    }

    /// <summary>One job with argument, result and the newest <paramref name="lines"/> lines of its log; null: there is none in this workspace.</summary>
    public async Task<string?> GetAsync(string workspace, string id, int lines = 500, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT (({Shape}) || jsonb_strip_nulls(jsonb_build_object('argument', prodsprint.json_or_text(payload), 'result', prodsprint.json_or_text(result)))
               || jsonb_build_object('log', (SELECT coalesce(jsonb_agg(jsonb_build_object('n', n, 'attempt', attempt, 'at', at, 'line', line) ORDER BY n), '[]')
                    FROM (SELECT * FROM job_log WHERE job_id = job.id ORDER BY n DESC LIMIT $2) l)))::text
             FROM job WHERE id = $1
             """, connection)
        {
            Parameters = { new() { Value = id }, new() { Value = lines } },
        };
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Log lines after a number, oldest first, to follow a running job.</summary>
    public async Task<IReadOnlyList<JobLogLine>> LogAsync(string workspace, string id, long after = 0, int limit = 500, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT n, attempt, at, line FROM job_log WHERE job_id = $1 AND n > $2 ORDER BY n LIMIT $3", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = after }, new() { Value = limit } },
        };
        var found = new List<JobLogLine>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) found.Add(new(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3)));
        return found;
    }

    /// <summary>How many are in each state, for the operators' page and <c>/metrics</c>: over all workspaces.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(CancellationToken cancellation = default)
    {
        await using var command = database.Worker.CreateCommand(
            """
            SELECT 'queued', count(*) FROM job WHERE state = 0 UNION ALL SELECT 'running', count(*) FROM job WHERE state = 1
            UNION ALL SELECT 'dead', count(*) FROM job WHERE state = 3 UNION ALL SELECT 'untold', count(*) FROM job WHERE NOT told
            """);
        var counts = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    internal static short? State(string? name) => name switch
    {
        null or "" => null,
        "queued" or "waiting" => 0,
        "running" => 1,
        "succeeded" => 2,
        "dead" or "failed" => 3,
        "cancelled" => 4,
        _ => throw new ArgumentException($"'{name}' is no state of a job. Next: queued, running, succeeded, dead or cancelled.", nameof(name)),
    };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };
}

public sealed record JobLogLine(long N, int Attempt, DateTimeOffset At, string Line);

/// <summary>Where a page ended: a time and an id, since many jobs share a time.</summary>
public static class Cursor
{
    public static string Write(DateTime at, string id) => $"{at.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture)}~{id}";

    public static (DateTime? At, string? Id) Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return (null, null);
        var parts = cursor.Split('~', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTime(ticks, DateTimeKind.Utc), parts[1])
            : throw new ArgumentException($"'{cursor}' is no cursor of this list. Next: leave it out to begin with the newest.", nameof(cursor));
    }
}
