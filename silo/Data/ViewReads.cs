using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Kernel;

namespace ProdSprint.Data;

/// <summary>The read model: views as the grains wrote them, JSON, within one workspace (row-level security).</summary>
public sealed class ViewReads(Database database)
{
    /// <summary>The view of a grain key; null: there is none in this workspace.</summary>
    public async Task<string?> GetAsync(string workspace, string key, CancellationToken cancellation = default)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT body::text FROM resource_view WHERE workspace = $1 AND kind = $2 AND key = $3", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = GrainKeys.Kind(key) }, new() { Value = key } },
        };
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Newest first; projects by name.</summary>
    /// <param name="kind"><c>project</c>, <c>plan</c>, <c>release</c>.</param>
    /// <param name="project">Null: of all projects.</param>
    /// <param name="after">The last page's <c>Next</c>.</param>
    /// <param name="ended">Releases: only those that have an outcome, or none yet. Null: all.</param>
    /// <exception cref="ArgumentException">The cursor is not one of this list.</exception>
    public async Task<(IReadOnlyList<string> Items, string? Next)> ListAsync(
        string workspace, string kind, string? project, string? after, int limit, bool? ended = null, CancellationToken cancellation = default)
    {
        var byName = kind == "project";
        var (at, key) = byName ? (null, after) : Read(after);
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT body::text, key, created_at FROM resource_view
             WHERE workspace = $1 AND kind = $2 AND ($3 IS NULL OR project = $3) AND ($7 IS NULL OR (body ? 'outcome') = $7)
               AND {(byName ? "($5 IS NULL OR key > $5) AND $4::timestamptz IS NULL ORDER BY key" : "($4 IS NULL OR (created_at, key) < ($4, $5)) ORDER BY created_at DESC, key DESC")}
             LIMIT $6
             """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = kind }, new() { Value = (object?)project ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = limit + 1 },
                new() { Value = (object?)ended ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean },
            },
        };
        var items = new List<string>();
        (string Key, DateTime At) last = default;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == limit) return (items, byName ? last.Key : $"{last.At.Ticks.ToString(CultureInfo.InvariantCulture)}~{last.Key}");
            items.Add(reader.GetString(0));
            last = (reader.GetString(1), reader.GetDateTime(2));
        }
        return (items, null);
    }

    private static (DateTime? At, string? Key) Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return (null, null);
        var parts = cursor.Split('~', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTime(ticks, DateTimeKind.Utc), parts[1])
            : throw new ArgumentException($"'{cursor}' is no cursor of this list. Next: leave it out to begin with the newest.", nameof(cursor));
    }
}
