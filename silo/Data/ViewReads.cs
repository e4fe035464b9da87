using Npgsql;
using NpgsqlTypes;

namespace ProdSprint.Data;

/// <summary>The read model: views as the grains wrote them, JSON, within one workspace (row-level security).</summary>
public sealed class ViewReads(Database database)
{
    private readonly ViewTurns _turns = new(database);

    /// <summary>The view of a grain key, as UTF-8; null: there is none in this workspace.</summary>
    public async ValueTask<byte[]?> GetAsync(string workspace, string key, CancellationToken cancellation = default) => (await FindAsync(workspace, key, cancellation))?.Utf8;

    /// <summary>The same, with what was computed from it before; see <see cref="ViewMemory"/> for why it may come from memory.</summary>
    public ValueTask<StoredView?> FindAsync(string workspace, string key, CancellationToken cancellation = default) =>
        database.Views.Find(workspace, key) is { } known ? new(known) : new(_turns.GetAsync(workspace, key).WaitAsync(cancellation));

    /// <summary>Something there was changed by whoever asks next, perhaps in another process.</summary>
    public void Forget(string workspace) => database.Views.Forget(workspace);

    /// <exception cref="ArgumentException">The cursor is not one of this list.</exception>
    public async Task<(IReadOnlyList<string> Items, string? Next)> ListAsync(string workspace, ViewQuery query, CancellationToken cancellation = default)
    {
        var (at, key) = query.Position();
        await using var connection = await database.App(workspace, cancellation);
        // texteq is "=" by its function's name: of "=" PostgreSQL would assume one hit in 200, and sort everything instead of reading the list's index until the page is full.
        await using var command = new NpgsqlCommand(
            $"""
             SELECT body::text, key, created_at FROM resource_view
             WHERE workspace = $1 AND kind = $2 AND ($3 IS NULL OR project = $3) AND ($7 IS NULL OR (body ? 'outcome') = $7) AND ($8 IS NULL OR texteq(body ->> $9, $8)) AND {Order(query.Order)}
             LIMIT $6
             """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = query.Kind }, Text(query.Project), new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, Text(key),
                new() { Value = query.Limit + 1 }, new() { Value = (object?)query.Ended ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean }, Text(query.Value), new() { Value = query.Field },
            },
        };
        var items = new List<string>();
        (string Key, DateTime At) last = default;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == query.Limit) return (items, query.Cursor(last.At, last.Key!));
            items.Add(reader.GetString(0));
            last = (reader.GetString(1), reader.GetDateTime(2));
        }
        return (items, null);
    }

    /// <summary>From $4 and $5 on, exclusive.</summary>
    private static string Order(ViewOrder order) => order switch
    {
        ViewOrder.Name => "($5 IS NULL OR key > $5) AND $4::timestamptz IS NULL ORDER BY key",
        ViewOrder.NameBackwards => "($5 IS NULL OR key < $5) AND $4::timestamptz IS NULL ORDER BY key DESC",
        ViewOrder.Oldest => "($4 IS NULL OR (created_at, key) > ($4, $5)) ORDER BY created_at, key",
        _ => "($4 IS NULL OR (created_at, key) < ($4, $5)) ORDER BY created_at DESC, key DESC",
    };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
