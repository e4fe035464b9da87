using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Infrastructure;

/// <param name="Fence">Rises with each run of an environment.</param>
/// <param name="Broken">Terraform's words about the lock that an earlier run left behind; null: it left none.</param>
public sealed record BegunRun(long Fence, string? Broken);

/// <summary>
/// Who works on an environment, and Terraform's lock. The newest run is the right one: the machine asks for one job at a time, so a lock that lies there is of a run that was killed.
/// It is broken knowingly, and the killed run, should any of it still live, can write nothing any more.
/// </summary>
public sealed class RunLedger(Database database)
{
    public async Task<BegunRun> BeginAsync(EnvironmentKey key, string run, CancellationToken cancellation)
    {
        await using var connection = await database.App(key.Workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var look = Command(connection, "SELECT lock_info FROM infrastructure_run WHERE workspace = $1 AND project = $2 AND environment = $3 FOR UPDATE", key);
        var left = await look.ExecuteScalarAsync(cancellation) as string;
        await using var begin = Command(
            connection,
            """
            INSERT INTO infrastructure_run (workspace, project, environment, fence, run) VALUES ($1, $2, $3, 1, $4)
            ON CONFLICT (workspace, project, environment) DO UPDATE SET fence = infrastructure_run.fence + 1, run = $4, lock_id = NULL, lock_info = NULL, begun_at = clock_timestamp()
            RETURNING fence
            """, key, run);
        var fence = (long)(await begin.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(cancellation);
        return new(fence, left);
    }

    /// <summary>Null: it is ours now. Else what the holder said of itself.</summary>
    public async Task<string?> LockAsync(EnvironmentKey key, long fence, string info, CancellationToken cancellation)
    {
        await using var connection = await database.App(key.Workspace, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await HoldAsync(connection, key, fence, cancellation) is { } held) return held;
        await using var take = Command(connection, "UPDATE infrastructure_run SET lock_id = $4, lock_info = $5 WHERE workspace = $1 AND project = $2 AND environment = $3", key, Id(info), info);
        await take.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    public async Task UnlockAsync(EnvironmentKey key, long fence, CancellationToken cancellation)
    {
        await using var connection = await database.App(key.Workspace, cancellation);
        await using var free = Command(connection, "UPDATE infrastructure_run SET lock_id = NULL, lock_info = NULL WHERE workspace = $1 AND project = $2 AND environment = $3 AND fence = $4", key, fence);
        await free.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Within a transaction: nobody else begins until it ends. Returns the lock's words, if there is one.</summary>
    /// <exception cref="InfrastructureException">A newer run has taken over.</exception>
    internal static async Task<string?> HoldAsync(NpgsqlConnection connection, EnvironmentKey key, long fence, CancellationToken cancellation)
    {
        await using var look = Command(connection, "SELECT fence, lock_info FROM infrastructure_run WHERE workspace = $1 AND project = $2 AND environment = $3 FOR UPDATE", key);
        await using var reader = await look.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && reader.GetInt64(0) == fence
            ? reader.IsDBNull(1) ? null : reader.GetString(1)
            : throw new InfrastructureException($"A newer run has taken over {key}; this one may write nothing any more.", "follow the newer one: prodsprint infrastructure show");
    }

    private static string Id(string info)
    {
        try
        {
            return (string?)JsonNode.Parse(info)?["ID"] ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, EnvironmentKey key, params object[] more)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in (object[])[key.Workspace, key.Project, key.Environment, .. more]) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
