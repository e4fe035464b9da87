using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Kernel;

namespace ProdSprint.Data;

/// <summary>The timeline as JSON, oldest first, within one workspace (row-level security).</summary>
public sealed class TimelineReads(Database database)
{
    /// <summary>One row as people see it; used by <see cref="LiveFeed"/> as well.</summary>
    internal const string Shape =
        """
        (jsonb_strip_nulls(jsonb_build_object('seq', seq, 'id', id, 'at', at, 'kind', kind, 'actor', actor, 'reason', reason, 'text', text, 'diff', diff,
          'key', grain_key, 'version', version, 'project', project,
          'release', CASE WHEN grain_key LIKE 'release/%' THEN split_part(grain_key, '/', 4)::int END)) || jsonb_build_object('body', body))::text
        """;

    /// <param name="project">Null: the whole workspace.</param>
    /// <param name="release">Only what this release of the project did.</param>
    /// <param name="after">Rows with a greater <c>seq</c>; 0 for all. <c>Next</c> is the last row's when there may be more.</param>
    public async Task<(IReadOnlyList<string> Items, string? Next)> ListAsync(
        string workspace, string? project, int? release, long after, int limit, CancellationToken cancellation = default)
    {
        if (release is not null && project is null) throw new ArgumentException("A release is one of a project. Next: name the project.", nameof(release));
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT {Shape}, seq FROM timeline
             WHERE workspace = $1 AND ($2 IS NULL OR project = $2) AND ($3 IS NULL OR grain_key = $3) AND seq > $4 ORDER BY seq LIMIT $5
             """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = (object?)project ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = release is { } n ? GrainKeys.Release(workspace, project!, n) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = after }, new() { Value = limit + 1 },
            },
        };
        var items = new List<string>();
        var last = 0L;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == limit) return (items, last.ToString(CultureInfo.InvariantCulture));
            items.Add(reader.GetString(0));
            last = reader.GetInt64(1);
        }
        return (items, null);
    }
}
