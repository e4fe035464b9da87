using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;
using ProdSprint.Identity;

namespace ProdSprint.Kernel;

/// <summary>An answer as it was given.</summary>
public sealed record StoredAnswer(int Status, string? ContentType, string? Location, byte[] Body);

/// <param name="Mine">This request is the one to do the work.</param>
/// <param name="Seed">Of what this request makes; only where it is mine.</param>
/// <param name="Fingerprint">Of the request that had the key first; null when that one is gone.</param>
public sealed record IdempotencyClaim(bool Mine, byte[]? Fingerprint = null, StoredAnswer? Answer = null, Guid Seed = default);

/// <summary>Keys and their answers, in PostgreSQL, so that they hold across restarts and servers. Times are the database's.</summary>
public sealed class IdempotencyStore(Database database, SecretBox box, TimeProvider time)
{
    /// <summary>Answers that were given are never changed, so what was read once need not be read again. Bounded: a retry comes soon or not at all.</summary>
    private readonly ConcurrentDictionary<(string Workspace, string Actor, string Key), (byte[] Fingerprint, StoredAnswer Answer, DateTimeOffset Until)> _given = new();
    private const int MostGiven = 10_000;
    private const int LargestGiven = 4_096;

    /// <summary>Longer than any request may take; after it a claim belongs to a server that is gone.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);

    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly byte[] _fingerprints = database.Key("idempotency fingerprint");

    /// <summary>Of a request that holds a secret only a keyed one: a digest would tell whoever has the database whether they guessed it.</summary>
    public byte[] Fingerprint(byte[] told, bool secret) => secret ? HMACSHA256.HashData(_fingerprints, told) : SHA256.HashData(told);

    private static string Purpose(Caller caller, string key) => $"idempotency/{caller.Workspace}/{caller.Actor.Id}/{key}";

    public async Task<IdempotencyClaim> ClaimAsync(Caller caller, string key, byte[] fingerprint, Guid claim, bool secret, CancellationToken cancellation)
    {
        if (_given.TryGetValue((caller.Workspace, caller.Actor.Id, key), out var given) && given.Until > time.GetUtcNow()) return new(false, given.Fingerprint, given.Answer);
        await using var connection = await database.App(caller.Workspace, cancellation);
        await using var insert = Command(connection,
            """
            WITH old AS (DELETE FROM idempotency_key WHERE workspace = $1 AND expires_at < now() AND NOT (actor = $2 AND key = $3))
            INSERT INTO idempotency_key AS k (workspace, actor, key, fingerprint, claim, claimed_until, expires_at)
            VALUES ($1, $2, $3, $4, $5, now() + $6, now() + $7)
            ON CONFLICT (workspace, actor, key) DO UPDATE
              SET fingerprint = excluded.fingerprint, claim = excluded.claim, claimed_until = excluded.claimed_until, expires_at = excluded.expires_at,
                  seed = CASE WHEN k.expires_at >= now() AND k.fingerprint = excluded.fingerprint THEN k.seed ELSE excluded.seed END,
                  status = NULL, content_type = NULL, location = NULL, body = NULL
              WHERE k.expires_at < now() OR (k.status IS NULL AND (k.claimed_until = '-infinity' OR (k.claimed_until < now() AND k.fingerprint = excluded.fingerprint)))
            RETURNING seed
            """, caller.Workspace, caller.Actor.Id, key, fingerprint, claim, Lease, Kept);
        if (await insert.ExecuteScalarAsync(cancellation) is Guid seed) return new(Mine: true, Seed: seed);
        await using var select = Command(connection,
            "SELECT fingerprint, status, content_type, location, body, expires_at FROM idempotency_key WHERE workspace = $1 AND actor = $2 AND key = $3",
            caller.Workspace, caller.Actor.Id, key);
        await using var reader = await select.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return new(Mine: false);
        var first = reader.GetFieldValue<byte[]>(0);
        if (await reader.IsDBNullAsync(1, cancellation)) return new(false, first);
        var answer = new StoredAnswer(reader.GetInt32(1), Text(reader, 2), Text(reader, 3), reader.GetFieldValue<byte[]>(4));
        // Of another request's key the answer is not looked at, and may not be sealed.
        if (secret) return new(false, first, first.AsSpan().SequenceEqual(fingerprint) ? answer with { Body = Opened(caller, key, answer.Body) } : null);
        if (_given.Count >= MostGiven) _given.Clear();
        if (answer.Body.Length <= LargestGiven) _given[(caller.Workspace, caller.Actor.Id, key)] = (first, answer, reader.GetFieldValue<DateTimeOffset>(5));
        return new(false, first, answer);
    }

    private byte[] Opened(Caller caller, string key, byte[] body)
    {
        try
        {
            return box.Open(Purpose(caller, key), body);
        }
        catch (CryptographicException)
        {
            throw new ProblemException(StatusCodes.Status409Conflict, "idempotency.answer-lost", "The answer cannot be given again",
                "It was sealed with a secret that this server does not have any more.", "See what came of the first request, and use a new key");
        }
    }

    public async Task StoreAsync(Caller caller, string key, Guid claim, StoredAnswer answer, bool secret)
    {
        await using var connection = await database.App(caller.Workspace);
        await using var update = Command(connection,
            "UPDATE idempotency_key SET status = $3, content_type = $4, location = $5, body = $6 WHERE workspace = $1 AND claim = $2",
            caller.Workspace, claim, answer.Status, OrNull(answer.ContentType), OrNull(answer.Location), secret ? box.Seal(Purpose(caller, key), answer.Body) : answer.Body);
        await update.ExecuteNonQueryAsync();
    }

    /// <summary>No answer is kept: whoever asks again may try again, with the same request or another. The same one makes what the first may have made already.</summary>
    public async Task ReleaseAsync(Caller caller, Guid claim)
    {
        await using var connection = await database.App(caller.Workspace);
        await using var release = Command(connection, "UPDATE idempotency_key SET claimed_until = '-infinity' WHERE workspace = $1 AND claim = $2 AND status IS NULL", caller.Workspace, claim);
        await release.ExecuteNonQueryAsync();
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter OrNull(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(parameter as NpgsqlParameter ?? new() { Value = parameter });
        return command;
    }
}
