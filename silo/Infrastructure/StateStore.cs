using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Projects;

namespace ProdSprint.Infrastructure;

/// <param name="Sound">It is as ProdSprint wrote it.</param>
public sealed record StateVersion(long Version, string Lineage, long Serial, string Digest, string Body, string Run, DateTimeOffset MadeAt, bool Sound)
{
    public KnownState Known => new(Version, Digest);
}

/// <summary>
/// Terraform's state, version by version, under the workspace's row-level security. Each version is sealed with a key that is not in the database: what somebody else wrote, changed
/// or put back is refused before Terraform sees it. Writing takes the fence of the run (<see cref="RunLedger"/>) in the same transaction.
/// </summary>
public sealed class StateStore(Database database)
{
    /// <summary>Of a state: a thousand times what an environment here needs.</summary>
    public const int LargestBytes = 16 << 20;

    private readonly byte[] _key = database.Key("infrastructure state");

    /// <summary>Null: nothing was ever applied.</summary>
    /// <param name="known">What is known to have been there; an older state, or another of the same version, is refused.</param>
    /// <exception cref="InfrastructureException">It cannot be believed.</exception>
    public async Task<StateVersion?> NewestAsync(EnvironmentKey key, KnownState? known, CancellationToken cancellation)
    {
        var newest = (await ReadAsync(key, 1, null, cancellation)).FirstOrDefault();
        if (newest is { Sound: false }) throw Refused($"Version {newest.Version} of the state of {key} is not as ProdSprint wrote it");
        if (known is null || known.Version == 0) return newest;
        if (newest is null || newest.Version < known.Version)
            throw Refused($"The newest state of {key} in the database is version {newest?.Version ?? 0}, and version {known.Version} had been written");
        return newest.Version == known.Version && newest.Digest != known.Digest
            ? throw Refused($"Version {known.Version} of the state of {key} is another than the one that was applied")
            : newest;
    }

    /// <summary>Newest first, without telling a sound one from another by more than its mark.</summary>
    public Task<IReadOnlyList<StateVersion>> HistoryAsync(EnvironmentKey key, int limit, CancellationToken cancellation) => ReadAsync(key, limit, null, cancellation);

    /// <summary>Keeps a state as the next version, if the run still is the one that works here. The same bytes again change nothing.</summary>
    public async Task<StateVersion> WriteAsync(EnvironmentKey key, long fence, string run, string body, long above, CancellationToken cancellation)
    {
        var (lineage, serial) = Read(body);
        await using var connection = await database.App(key.Workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunLedger.HoldAsync(connection, key, fence, cancellation);
        var newest = await OneAsync(connection, key, null, cancellation);
        var digest = DocumentStore.Digest(body);
        if (newest is { Sound: true } && newest.Digest == digest) return newest;
        var version = Math.Max(newest?.Version ?? 0, above) + 1;
        await using var insert = new NpgsqlCommand(
            "INSERT INTO infrastructure_state (workspace, project, environment, version, lineage, serial, digest, body, seal, run) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING made_at", connection);
        foreach (var value in new object[] { key.Workspace, key.Project, key.Environment, version, lineage, serial, digest, body, Seal(key, version, lineage, serial, digest), run }) insert.Parameters.Add(new() { Value = value });
        var made = (DateTime)(await insert.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(cancellation);
        return new(version, lineage, serial, digest, body, run, made, true);
    }

    /// <summary>An earlier version becomes the newest, with a serial above all others: Terraform takes it for what it is, the state as of now.</summary>
    public async Task<StateVersion> RestoreAsync(EnvironmentKey key, long fence, string run, long version, KnownState? known, CancellationToken cancellation)
    {
        var wanted = (await ReadAsync(key, 1, version, cancellation)).FirstOrDefault()
            ?? throw new InfrastructureException($"The state of {key} has no version {version}.", "see which there are: prodsprint infrastructure states");
        if (!wanted.Sound) throw Refused($"Version {version} of the state of {key} is not as ProdSprint wrote it");
        var state = JsonNode.Parse(wanted.Body)!;
        state["serial"] = await HighestSerialAsync(key, cancellation) + 1;
        return await WriteAsync(key, fence, run, state.ToJsonString(), known?.Version ?? 0, cancellation);
    }

    /// <summary>Which history a state belongs to, and its number there.</summary>
    /// <exception cref="InfrastructureException">It is no state.</exception>
    public static (string Lineage, long Serial) Read(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is JsonObject state && state["lineage"] is { } lineage && state["serial"] is { } serial && (int)state["version"]! == 4) return ((string)lineage!, (long)serial);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
        }
        throw new InfrastructureException("What was to be kept is no state of Terraform's format 4.", "use Terraform or OpenTofu 1.6 or newer");
    }

    private async Task<IReadOnlyList<StateVersion>> ReadAsync(EnvironmentKey key, int limit, long? version, CancellationToken cancellation)
    {
        await using var connection = await database.App(key.Workspace, cancellation);
        return await ReadAsync(connection, key, limit, version, cancellation);
    }

    private async Task<StateVersion?> OneAsync(NpgsqlConnection connection, EnvironmentKey key, long? version, CancellationToken cancellation) =>
        (await ReadAsync(connection, key, 1, version, cancellation)).FirstOrDefault();

    private async Task<IReadOnlyList<StateVersion>> ReadAsync(NpgsqlConnection connection, EnvironmentKey key, int limit, long? version, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT version, lineage, serial, digest, body, seal, run, made_at FROM infrastructure_state
            WHERE workspace = $1 AND project = $2 AND environment = $3 AND ($4::bigint IS NULL OR version = $4) ORDER BY version DESC LIMIT $5
            """, connection);
        foreach (var value in new object[] { key.Workspace, key.Project, key.Environment, (object?)version ?? DBNull.Value, limit }) command.Parameters.Add(new() { Value = value });
        command.Parameters[3].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint;
        var found = new List<StateVersion>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (number, lineage, serial, digest, body) = (reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4));
            var sound = DocumentStore.Digest(body) == digest && CryptographicOperations.FixedTimeEquals(Seal(key, number, lineage, serial, digest), reader.GetFieldValue<byte[]>(5));
            found.Add(new(number, lineage, serial, digest, body, reader.GetString(6), reader.GetFieldValue<DateTimeOffset>(7), sound));
        }
        return found;
    }

    private async Task<long> HighestSerialAsync(EnvironmentKey key, CancellationToken cancellation)
    {
        await using var connection = await database.App(key.Workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT max(serial) FROM infrastructure_state WHERE workspace = $1 AND project = $2 AND environment = $3", connection)
        {
            Parameters = { new() { Value = key.Workspace }, new() { Value = key.Project }, new() { Value = key.Environment } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private byte[] Seal(EnvironmentKey key, long version, string lineage, long serial, string digest) =>
        HMACSHA256.HashData(_key, CanonicalJson.Canonical(new { Environment = key.ToString(), version, lineage, serial, digest }));

    private static InfrastructureException Refused(string what) => new(
        $"{what}: it was changed by somebody else, or another server's secret sealed it. Nothing was done.",
        "look at the versions (prodsprint infrastructure states) and make a sound one the newest: prodsprint infrastructure restore --version N");
}
