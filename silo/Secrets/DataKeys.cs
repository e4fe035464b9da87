using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Secrets;

/// <summary>A workspace's data key: made when it is first needed, kept wrapped, unwrapped once per process, and wrapped anew when the master key is another.</summary>
public sealed class DataKeys(Database database, MasterKeys masters)
{
    private readonly ConcurrentDictionary<string, byte[]> _known = new(StringComparer.Ordinal);

    public async Task<byte[]> OfAsync(string workspace, CancellationToken cancellation)
    {
        if (_known.TryGetValue(workspace, out var known)) return known;
        await using var connection = await database.App(workspace, cancellation);
        var (master, wrapped) = await FindAsync(connection, workspace, cancellation) ?? await MakeAsync(connection, workspace, cancellation);
        var key = await UnwrapAsync(workspace, master, wrapped, cancellation);
        if (master != masters.Current.Id) await WrapAnewAsync(connection, workspace, master, key, cancellation);
        return _known.GetOrAdd(workspace, key);
    }

    private async Task<byte[]> UnwrapAsync(string workspace, string master, byte[] wrapped, CancellationToken cancellation)
    {
        const string next = "give the server the master key it was wrapped with (Secrets__PreviousMasterKeyFiles), or its old database secret";
        var by = masters.Find(master) ?? throw new SecretException($"The secrets of {workspace} are sealed under the master key {master}, which this server does not have.", next);
        try
        {
            return await by.UnwrapAsync(wrapped, Context(workspace), cancellation);
        }
        catch (CryptographicException e)
        {
            throw new SecretException($"The data key of {workspace} cannot be unwrapped with the master key {master}: it was changed by somebody else.", next, inner: e);
        }
    }

    /// <summary>Of two servers that make it at once one does; both go on with what is there.</summary>
    private async Task<(string Master, byte[] Wrapped)> MakeAsync(NpgsqlConnection connection, string workspace, CancellationToken cancellation)
    {
        var wrapped = await masters.Current.WrapAsync(RandomNumberGenerator.GetBytes(LocalMasterKey.Bytes), Context(workspace), cancellation);
        await using var command = new NpgsqlCommand("INSERT INTO secret_key (workspace, master, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = masters.Current.Id }, new() { Value = wrapped } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
        return (await FindAsync(connection, workspace, cancellation))!.Value;
    }

    private async Task WrapAnewAsync(NpgsqlConnection connection, string workspace, string before, byte[] key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("UPDATE secret_key SET master = $2, wrapped = $3 WHERE workspace = $1 AND master = $4", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = masters.Current.Id }, new() { Value = await masters.Current.WrapAsync(key, Context(workspace), cancellation) }, new() { Value = before } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<(string Master, byte[] Wrapped)?> FindAsync(NpgsqlConnection connection, string workspace, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT master, wrapped FROM secret_key WHERE workspace = $1", connection) { Parameters = { new() { Value = workspace } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetString(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    private static string Context(string workspace) => $"secret-key/{workspace}";
}
