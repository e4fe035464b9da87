using System.Security.Cryptography;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Supply;

/// <param name="Active">It signs what is attested now; the others only verify what they signed.</param>
public sealed record KnownKey(AttestationKey Key, bool Active, string MadeBy, DateTimeOffset MadeAt);

/// <summary>
/// A workspace's keys. The private one is made when it is first needed and lies sealed in the database; the public ones stay for good. What is trusted is
/// what this server's secret vouches for: a key that somebody wrote into the table verifies nothing.
/// </summary>
public sealed class AttestationKeys(Database database, SecretBox box)
{
    /// <summary>Two that need the first key at the same moment: one makes it, the other finds it.</summary>
    private const int Attempts = 3;

    public const string Maker = "system:attestations";

    /// <summary>Newest first; those that this server's secret does not vouch for are left out.</summary>
    public async Task<IReadOnlyList<KnownKey>> TrustedAsync(string workspace, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT k.public_key, k.proof, s.key_id IS NOT NULL, k.made_by, k.made_at FROM attestation_key k
            LEFT JOIN attestation_signer s ON s.workspace = k.workspace AND s.key_id = k.id WHERE k.workspace = $1 ORDER BY k.made_at DESC, k.id
            """, connection)
        { Parameters = { new() { Value = workspace } } };
        var found = new List<KnownKey>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            if (Vouched(workspace, reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)) is { } key)
                found.Add(new(key, reader.GetBoolean(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4)));
        return found;
    }

    /// <summary>What signs now. Dispose it soon. One that cannot be opened (the server's secret was changed) is replaced: nothing could sign with it.</summary>
    public async Task<AttestationSigner> SignerAsync(string workspace, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(workspace, cancellation) is not { } row)
            {
                if (await MakeAsync(workspace, Maker, replace: null, cancellation) is { } made) return made;
            }
            else if (Open(workspace, row.KeyId, row.Sealed) is { } signer) return signer;
            else if (await MakeAsync(workspace, Maker, replace: row.KeyId, cancellation) is { } renewed) return renewed;
            if (attempt == Attempts) throw new AttestationException("the workspace's signing key is being replaced by others again and again");
        }
    }

    /// <summary>A new key signs from now on; the one before is forgotten, and what it signed still verifies. Null: somebody else has just done the same.</summary>
    public async Task<AttestationKey?> RotateAsync(string workspace, string by, CancellationToken cancellation)
    {
        using var made = await MakeAsync(workspace, by, (await FindAsync(workspace, cancellation))?.KeyId, cancellation);
        return made?.Key;
    }

    private async Task<(string KeyId, byte[] Sealed)?> FindAsync(string workspace, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        await using var command = new NpgsqlCommand("SELECT key_id, private_key FROM attestation_signer WHERE workspace = $1", connection) { Parameters = { new() { Value = workspace } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetString(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <param name="replace">The key that signs now, or null when there is none; null is returned when that is not so any more.</param>
    private async Task<AttestationSigner?> MakeAsync(string workspace, string by, string? replace, CancellationToken cancellation)
    {
        var made = AttestationSigner.New();
        try
        {
            var secret = made.Export();
            var sealedKey = box.Seal(PrivatePurpose(workspace, made.Key.Id), secret);
            CryptographicOperations.ZeroMemory(secret);
            await using var connection = await database.App(workspace, cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await RunAsync(connection, "INSERT INTO attestation_key (workspace, id, public_key, proof, made_by) VALUES ($1, $2, $3, $4, $5)", cancellation,
                workspace, made.Key.Id, made.Key.PublicKey.AsSpan().ToArray(), box.Seal(PublicPurpose(workspace), made.Key.PublicKey.AsSpan()), by);
            var taken = replace is null
                ? await RunAsync(connection, "INSERT INTO attestation_signer (workspace, key_id, private_key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", cancellation, workspace, made.Key.Id, sealedKey)
                : await RunAsync(connection, "UPDATE attestation_signer SET key_id = $2, private_key = $3 WHERE workspace = $1 AND key_id = $4", cancellation, workspace, made.Key.Id, sealedKey, replace);
            if (taken == 1)
            {
                await transaction.CommitAsync(cancellation);
                return made;
            }
        }
        catch
        {
            made.Dispose();
            throw;
        }
        made.Dispose();
        return null;
    }

    private AttestationKey? Vouched(string workspace, byte[] publicKey, byte[] proof)
    {
        try
        {
            return box.Open(PublicPurpose(workspace), proof).AsSpan().SequenceEqual(publicKey) ? AttestationKey.Of(publicKey) : null;
        }
        catch (Exception e) when (e is CryptographicException or AttestationException)
        {
            return null;
        }
    }

    private AttestationSigner? Open(string workspace, string keyId, byte[] sealedKey)
    {
        try
        {
            var secret = box.Open(PrivatePurpose(workspace, keyId), sealedKey);
            var signer = AttestationSigner.Open(secret);
            CryptographicOperations.ZeroMemory(secret);
            return signer;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string PrivatePurpose(string workspace, string keyId) => $"attestation/{workspace}/{keyId}";

    private static string PublicPurpose(string workspace) => $"attestation-key/{workspace}";

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
