using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;
using ProdSprint.Jobs;

namespace ProdSprint.Webhooks;

/// <param name="Events">Kinds of the timeline's rows (<c>release.step-started</c>), or all of a family (<c>release.*</c>); empty: everything.</param>
/// <param name="PreviousUntil">Until then the secret before signs as well.</param>
public sealed record WebhookView(string Id, string Url, ImmutableArray<string> Events, bool Paused, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? PreviousUntil, long StateVersion);

/// <param name="Status">What the receiver answered last; null: nothing.</param>
/// <param name="State">pending, delivered or failed.</param>
/// <param name="NextAt">When it is tried next; null: it is being tried now, or has ended.</param>
public sealed record DeliveryView(string Id, string Event, string State, int Attempts, int? Status, string? Problem, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, DateTimeOffset? NextAt);

/// <summary>Webhooks and their deliveries within one workspace (row-level security).</summary>
public sealed class WebhookStore(Database database, WebhookOptions options)
{
    private const string Columns = "id, url, events, paused, created_by, created_at, CASE WHEN previous_until > now() THEN previous_until END, version";

    /// <summary>Oldest first.</summary>
    public async Task<(IReadOnlyList<WebhookView> Items, string? Next)> PageAsync(string workspace, string? after, int limit, CancellationToken cancellation)
    {
        var (at, id) = Cursor.Read(after);
        var items = await ReadAsync(workspace, "AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4", [at ?? DateTime.UnixEpoch, id ?? "", limit + 1], cancellation);
        return items.Count <= limit ? (items, null) : ([.. items.Take(limit)], Cursor.Write(items[limit - 1].CreatedAt.UtcDateTime, items[limit - 1].Id));
    }

    public async Task<WebhookView?> FindAsync(string workspace, string id, CancellationToken cancellation) => (await ReadAsync(workspace, "AND id = $2", [id], cancellation)).FirstOrDefault();

    /// <summary>One that is there already by this id is the same, asked for once more.</summary>
    public Task AddAsync(string workspace, string id, string url, ImmutableArray<string> events, byte[] secret, string by, CancellationToken cancellation) => RunAsync(workspace,
        "INSERT INTO webhook (workspace, id, url, events, secret, created_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, id) DO NOTHING", [id, url, events.ToArray(), secret, by], cancellation);

    /// <summary>False: it has changed since <paramref name="version"/>.</summary>
    public async Task<bool> ChangeAsync(string workspace, string id, long version, string url, ImmutableArray<string> events, bool paused, CancellationToken cancellation) => await RunAsync(workspace,
        "UPDATE webhook SET url = $4, events = $5, paused = $6, version = version + 1 WHERE workspace = $1 AND id = $2 AND version = $3", [id, version, url, events.ToArray(), paused], cancellation) == 1;

    public Task RemoveAsync(string workspace, string id, CancellationToken cancellation) => RunAsync(workspace, "DELETE FROM webhook WHERE workspace = $1 AND id = $2", [id], cancellation);

    public async Task<bool> RotateAsync(string workspace, string id, byte[] secret, TimeSpan overlap, CancellationToken cancellation) => await RunAsync(workspace,
        "UPDATE webhook SET previous = secret, previous_until = now() + $4, secret = $3, version = version + 1 WHERE workspace = $1 AND id = $2", [id, secret, overlap], cancellation) == 1;

    /// <summary>Newest first.</summary>
    public async Task<(IReadOnlyList<DeliveryView> Items, string? Next)> DeliveriesAsync(string workspace, string webhook, string? state, string? after, int limit, CancellationToken cancellation)
    {
        var (at, id) = Cursor.Read(after);
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT d.id, d.event, d.state, d.attempts, d.status, d.problem, d.created_at, d.ended_at, j.run_at FROM webhook_delivery d
            LEFT JOIN job j ON d.state = 'pending' AND j.id = 'webhook/' || d.workspace || '/' || d.id || '@' || (d.replays + 1) || '.0' AND j.state = 0 AND j.run_at > now()
            WHERE d.workspace = $1 AND d.webhook = $2 AND ($3 IS NULL OR d.state = $3) AND ($4::timestamptz IS NULL OR (d.created_at, d.id) < ($4, $5)) ORDER BY d.created_at DESC, d.id DESC LIMIT $6
            """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = webhook }, new() { Value = (object?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = limit + 1 },
            },
        };
        var items = new List<DeliveryView>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == limit) return (items, Cursor.Write(items[^1].CreatedAt.UtcDateTime, items[^1].Id));
            items.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetDateTime(6), reader.IsDBNull(7) ? null : reader.GetDateTime(7), reader.IsDBNull(8) ? null : reader.GetDateTime(8)));
        }
        return (items, null);
    }

    /// <summary>A delivery that no event asked for: to see that the receiver is there.</summary>
    public async Task SendAsync(string workspace, string webhook, string delivery, string kind, string body, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = Command(connection, "INSERT INTO webhook_delivery (workspace, id, webhook, event, body) VALUES ($1, $2, $3, $4, $5)", workspace, [delivery, webhook, kind, body]);
        await command.ExecuteNonQueryAsync(cancellation);
        await EnqueueAsync(connection, transaction, WebhookJob.Of(workspace, delivery, 1, options.Attempts), cancellation);
    }

    /// <summary>Sends it again, with the same id and body; null: there is none, or it is still being tried.</summary>
    public async Task<DeliveryView?> ReplayAsync(string workspace, string webhook, string delivery, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = Command(connection,
            """
            UPDATE webhook_delivery SET state = 'pending', replays = replays + 1, problem = NULL, ended_at = NULL WHERE workspace = $1 AND webhook = $2 AND id = $3 AND state <> 'pending'
            RETURNING event, attempts, status, created_at, replays
            """, workspace, [webhook, delivery]);
        DeliveryView view;
        int turn;
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            if (!await reader.ReadAsync(cancellation)) return null;
            (view, turn) = (new DeliveryView(delivery, reader.GetString(0), "pending", reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetInt32(2), null, reader.GetDateTime(3), null, null), reader.GetInt32(4) + 1);
        }
        await EnqueueAsync(connection, transaction, WebhookJob.Of(workspace, delivery, turn, options.Attempts), cancellation);
        return view;
    }

    /// <summary>With what was written before it, or neither: a delivery whose job is missing would be pending for ever.</summary>
    private static async Task EnqueueAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, NewJob job, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        JobQueue.Add(batch, [job]);
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task<IReadOnlyList<WebhookView>> ReadAsync(string workspace, string more, object[] parameters, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection, $"SELECT {Columns} FROM webhook WHERE workspace = $1 {more}", workspace, parameters);
        var found = new List<WebhookView>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(new(reader.GetString(0), reader.GetString(1), [.. reader.GetFieldValue<string[]>(2)], reader.GetBoolean(3), reader.GetString(4), reader.GetDateTime(5), reader.IsDBNull(6) ? null : reader.GetDateTime(6), reader.GetInt64(7)));
        return found;
    }

    private async Task<int> RunAsync(string workspace, string sql, object[] parameters, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = Command(connection, sql, workspace, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string workspace, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = workspace } } };
        foreach (var value in parameters) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
