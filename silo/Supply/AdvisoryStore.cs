using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Supply;

/// <summary>A workspace's advisories in the database. Importing the same ones again changes nothing; of two texts of one advisory the later one stays.</summary>
public sealed class AdvisoryStore(Database database)
{
    /// <summary>Packages asked for at once.</summary>
    private const int Chunk = 2000;

    /// <returns>How many were new or newer.</returns>
    public async Task<int> PutAsync(string workspace, IReadOnlyCollection<Advisory> advisories, CancellationToken cancellation)
    {
        // the newest of each, in one order for every caller, so that two imports at once do not wait for each other in a circle
        var batch = advisories.GroupBy(a => a.Id, StringComparer.Ordinal).Select(g => g.MaxBy(a => a.Modified ?? default)!).OrderBy(a => a.Id, StringComparer.Ordinal).ToList();
        await using var connection = await database.App(workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await ChangedAsync(connection, workspace, batch, cancellation);
        var (ids, packages) = (new List<string>(), new List<string>());
        foreach (var advisory in batch.Where(a => changed.Contains(a.Id)))
            foreach (var package in advisory.Affected.Where(a => a.Package is not null).Select(a => Findings.Key(a.Package!.Ecosystem, a.Package.Name)).Distinct(StringComparer.Ordinal))
            {
                ids.Add(advisory.Id);
                packages.Add(package);
            }
        await using (var gone = new NpgsqlCommand("DELETE FROM advisory_package WHERE workspace = $1 AND id = ANY($2)", connection) { Parameters = { new() { Value = workspace }, new() { Value = changed.ToArray() } } })
            await gone.ExecuteNonQueryAsync(cancellation);
        await using (var about = new NpgsqlCommand("INSERT INTO advisory_package (workspace, package, id) SELECT $1, p, i FROM unnest($2, $3) AS x (p, i)", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = packages.ToArray() }, new() { Value = ids.ToArray() } },
        })
            await about.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return changed.Count;
    }

    public async Task<bool> AnyAsync(string workspace, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("SELECT EXISTS (SELECT FROM advisory WHERE workspace = $1)");
        command.Parameters.Add(new() { Value = workspace });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<long> CountAsync(string workspace, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM advisory WHERE workspace = $1", connection) { Parameters = { new() { Value = workspace } } };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Those about these packages (keys of <see cref="Findings.Key"/>), and how many they are.</summary>
    public async Task<(ILookup<string, Advisory> About, int Read)> AboutAsync(string workspace, IReadOnlyCollection<string> packages, CancellationToken cancellation)
    {
        var found = new List<(string Key, Advisory Advisory)>();
        foreach (var some in packages.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Chunk(Chunk))
        {
            await using var command = database.Worker.CreateCommand(
                "SELECT p.package, a.body FROM advisory_package p JOIN advisory a USING (workspace, id) WHERE p.workspace = $1 AND p.package = ANY($2) ORDER BY p.package, p.id");
            command.Parameters.Add(new() { Value = workspace });
            command.Parameters.Add(new() { Value = some });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) found.Add((reader.GetString(0), Advisory.Read(reader.GetString(1))));
        }
        return (found.ToLookup(f => f.Key, f => f.Advisory, StringComparer.Ordinal), found.Select(f => f.Advisory.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<HashSet<string>> ChangedAsync(NpgsqlConnection connection, string workspace, List<Advisory> batch, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO advisory (workspace, id, modified, body) SELECT $1, i, m, b FROM unnest($2, $3, $4) AS x (i, m, b)
            ON CONFLICT (workspace, id) DO UPDATE SET modified = excluded.modified, body = excluded.body, imported_at = clock_timestamp()
            WHERE advisory.modified < excluded.modified OR (advisory.modified = excluded.modified AND advisory.body <> excluded.body)
            RETURNING id
            """, connection)
        {
            Parameters =
            {
                new() { Value = workspace }, new() { Value = batch.Select(a => a.Id).ToArray() },
                new() { Value = batch.Select(a => (a.Modified ?? DateTimeOffset.UnixEpoch).UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                new() { Value = batch.Select(a => a.Write()).ToArray() },
            },
        };
        var changed = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) changed.Add(reader.GetString(0));
        return changed;
    }
}
