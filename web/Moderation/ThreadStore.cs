using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;
using ProdSprint.Jobs;

namespace ProdSprint.Moderation;

/// <param name="Status">One of the kind's words, or <c>unknown</c>: written by something that knows more.</param>
public sealed record ThreadView(string Id, string Title, string Body, string Status, string Author, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long StateVersion);

/// <summary>Tickets and posts within one workspace (row-level security).</summary>
public sealed class ThreadStore(Database database)
{
    private const string Columns = "id, title, body, status, author, created_at, updated_at, version";

    /// <param name="viewer">Who is not shown what is hidden, save what they wrote; null: who sees all.</param>
    /// <param name="status">Null: any; <c>unknown</c>: whatever is none of the kind's words.</param>
    public async Task<(IReadOnlyList<ThreadView> Items, string? Next)> ListAsync(
        string workspace, ThreadKind kind, string? viewer, string? status, ViewOrder order, string? after, int limit, CancellationToken cancellation)
    {
        var (at, id) = Cursor.Read(after);
        var (than, way) = order == ViewOrder.Oldest ? (">", "") : ("<", " DESC");
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT {Columns} FROM thread
             WHERE workspace = $1 AND kind = $2 AND ($3 IS NULL OR status = $3 OR ($3 = 'unknown' AND NOT status = ANY($4))) AND ($5::timestamptz IS NULL OR (created_at, id) {than} ($5, $6))
               AND ($8 IS NULL OR status <> '{ThreadKind.Hidden}' OR author = $8)
             ORDER BY created_at{way}, id{way} LIMIT $7
             """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = kind.Name }, Null(status, NpgsqlDbType.Text), new() { Value = kind.Statuses.ToArray() }, Null(at, NpgsqlDbType.TimestampTz), Null(id, NpgsqlDbType.Text),
                new() { Value = limit + 1 }, Null(viewer, NpgsqlDbType.Text),
            },
        };
        var items = new List<ThreadView>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == limit) return (items, Cursor.Write(items[^1].CreatedAt.UtcDateTime, items[^1].Id));
            items.Add(Read(reader, kind));
        }
        return (items, null);
    }

    public Task<ThreadView?> FindAsync(string workspace, ThreadKind kind, string id, CancellationToken cancellation) =>
        OneAsync(workspace, kind, $"SELECT {Columns} FROM thread WHERE workspace = $1 AND kind = $2 AND id = $3", [id], cancellation);

    /// <summary>One that is there already by this id is the same, asked for once more.</summary>
    public async Task<ThreadView> AddAsync(string workspace, ThreadKind kind, string id, string title, string body, string author, CancellationToken cancellation) => (await OneAsync(workspace, kind,
        $"INSERT INTO thread (workspace, kind, id, title, body, status, author) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace, kind, id) DO UPDATE SET version = thread.version RETURNING {Columns}", [id, title, body, kind.Statuses[0], author], cancellation))!;

    /// <summary>Null: it is not there, or has changed since <paramref name="version"/>.</summary>
    public Task<ThreadView?> ChangeAsync(string workspace, ThreadKind kind, string id, long version, string title, string body, string status, CancellationToken cancellation) => OneAsync(workspace, kind,
        $"UPDATE thread SET title = $5, body = $6, status = $7, updated_at = clock_timestamp(), version = version + 1 WHERE workspace = $1 AND kind = $2 AND id = $3 AND version = $4 RETURNING {Columns}",
        [id, version, title, body, status], cancellation);

    private async Task<ThreadView?> OneAsync(string workspace, ThreadKind kind, string sql, object[] parameters, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = workspace }, new() { Value = kind.Name } } };
        foreach (var value in parameters) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, kind) : null;
    }

    private static ThreadView Read(NpgsqlDataReader r, ThreadKind kind) =>
        new(r.GetString(0), r.GetString(1), r.GetString(2), kind.Shown(r.GetString(3)), r.GetString(4), r.GetDateTime(5), r.GetDateTime(6), r.GetInt64(7));

    private static NpgsqlParameter Null(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
