using System.Collections.Immutable;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Identity;

namespace ProdSprint.Tenants;

/// <param name="SecondFactor">Nobody comes into a workspace of it without one.</param>
public sealed record OrganisationItem(string Id, string Title, DateTimeOffset CreatedAt, bool SecondFactor);

/// <param name="Admins">Actors who create its workspaces and say who else does.</param>
/// <param name="SecondFactor">Nobody comes into a workspace of it without one.</param>
public sealed record OrganisationView(string Id, string Title, DateTimeOffset CreatedAt, ImmutableArray<string> Admins, ImmutableArray<string> Workspaces, bool SecondFactor);

/// <summary>Organisations as stored. For whoever is no Admin of one it is not there.</summary>
public sealed class Organisations(Database database, KnownCredentials known)
{
    public async Task<IReadOnlyList<OrganisationItem>> ListAsync(string actor, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("SELECT o.id, o.title, o.created_at, o.second_factor FROM organisation o JOIN organisation_admin a ON a.organisation = o.id WHERE a.actor = $1 ORDER BY o.id LIMIT 500");
        command.Parameters.Add(new() { Value = actor });
        var items = new List<OrganisationItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) items.Add(new(reader.GetString(0), reader.GetString(1), reader.GetDateTime(2), reader.GetBoolean(3)));
        return items;
    }

    /// <summary>Null: there is none, or not for this actor.</summary>
    public async Task<OrganisationView?> FindAsync(string id, string actor, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            SELECT o.id, o.title, o.created_at, array(SELECT actor FROM organisation_admin WHERE organisation = o.id ORDER BY 1), array(SELECT name FROM workspace_owner WHERE organisation = o.id ORDER BY 1), o.second_factor
            FROM organisation o WHERE o.id = $1 AND EXISTS (SELECT 1 FROM organisation_admin a WHERE a.organisation = o.id AND a.actor = $2)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = actor });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new(reader.GetString(0), reader.GetString(1), reader.GetDateTime(2), [.. reader.GetFieldValue<string[]>(3)], [.. reader.GetFieldValue<string[]>(4)], reader.GetBoolean(5))
            : null;
    }

    /// <summary>False: the id is taken.</summary>
    public async Task<bool> CreateAsync(string id, string title, string actor, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            WITH made AS (INSERT INTO organisation (id, title, created_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id)
            INSERT INTO organisation_admin (organisation, actor, added_by) SELECT id, $3, $3 FROM made
            """);
        foreach (var text in (string[])[id, title, actor]) command.Parameters.Add(new() { Value = text });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Rings, so that every server asks again what the organisation's workspaces ask for, and live connections of those who have none are cut.</summary>
    public async Task AskForFactorAsync(string id, bool asked, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await connection.RunAsync($"WITH changed AS (UPDATE organisation SET second_factor = $2 WHERE id = $1 RETURNING 'organisation:' || id AS id) {KnownCredentials.Ring} FROM changed", cancellation, id, asked);
        known.ForgetAll();
    }

    public async Task AddAdminAsync(string id, string admin, string by, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("INSERT INTO organisation_admin (organisation, actor, added_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        foreach (var text in (string[])[id, admin, by]) command.Parameters.Add(new() { Value = text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>False: it is the last one. Removals of one organisation come one after the other, or two could remove each other.</summary>
    public async Task<bool> RemoveAdminAsync(string id, string admin, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM organisation WHERE id = $1 FOR UPDATE", connection) { Parameters = { new() { Value = id } } }) await hold.ExecuteScalarAsync(cancellation);
        await using var remove = new NpgsqlCommand(
            "DELETE FROM organisation_admin WHERE organisation = $1 AND actor = $2 AND EXISTS (SELECT 1 FROM organisation_admin WHERE organisation = $1 AND actor <> $2)", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = admin } },
        };
        var removed = await remove.ExecuteNonQueryAsync(cancellation) == 1;
        await transaction.CommitAsync(cancellation);
        return removed;
    }
}
