using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Tenants;

/// <param name="Organisation">Which owns it; null: whoever is its Admin.</param>
/// <param name="Roles">The asker's; empty for an Admin of the organisation who is no member.</param>
public sealed record WorkspaceItem(string Name, string? Organisation, string Title, ImmutableArray<string> Roles);

/// <summary>Which workspaces there are for somebody. Reads above all workspaces, so every question names the actor it is asked for.</summary>
public sealed class WorkspaceDirectory(Database database)
{
    /// <summary>By name: those the actor is a member of, and those of the organisations they are an Admin of.</summary>
    public async Task<(IReadOnlyList<WorkspaceItem> Items, string? Next)> ListAsync(string actor, string? after, int limit, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            SELECT n.name, o.organisation, coalesce(o.title, n.name), coalesce(n.roles, '{}') FROM (
              SELECT name, max(roles) AS roles FROM (
                SELECT v.workspace AS name, (SELECT array(SELECT jsonb_array_elements_text(m -> 'roles')) FROM jsonb_array_elements(v.body -> 'members') m WHERE m ->> 'actor' = $1 AND m ->> 'suspendedAt' IS NULL) AS roles
                FROM resource_view v WHERE v.kind = 'workspace' AND v.body -> 'members' @> jsonb_build_array(jsonb_build_object('actor', $1::text))
                UNION ALL
                SELECT w.name, NULL FROM workspace_owner w JOIN organisation_admin a ON a.organisation = w.organisation WHERE a.actor = $1) both_ways
              GROUP BY name) n LEFT JOIN workspace_owner o ON o.name = n.name
            WHERE $2 IS NULL OR n.name > $2 ORDER BY n.name LIMIT $3
            """);
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit + 1 });
        var items = new List<WorkspaceItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (items.Count == limit) return (items, items[^1].Name);
            items.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), [.. reader.GetFieldValue<string[]>(3)]));
        }
        return (items, null);
    }

    /// <summary>False: the name is taken. Who was cut off before becoming its Admin may try again.</summary>
    public async Task<bool> ClaimAsync(string name, string? organisation, string title, string actor, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            WITH made AS (INSERT INTO workspace_owner (name, organisation, title, created_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT EXISTS (SELECT 1 FROM made) OR EXISTS (SELECT 1 FROM workspace_owner WHERE name = $1 AND created_by = $4 AND organisation IS NOT DISTINCT FROM $2)
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = (object?)organisation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = title });
        command.Parameters.Add(new() { Value = actor });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }
}
