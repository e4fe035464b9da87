using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProdSprint.Data;

/// <summary>
/// The roles ProdSprint works as. None owns a table or may bypass row-level security; only the owner, which migrates, does.
/// <c>prodsprint_app</c> reads for people, one workspace at a time · <c>prodsprint_worker</c> is the silo: sink, jobs, ingestion ·
/// <c>prodsprint_orleans</c> keeps the engine's tables in schema <c>orleans</c> · <c>prodsprint_identity</c> keeps accounts, sessions and tokens in schema <c>identity</c>.
/// </summary>
public static class Roles
{
    public const string App = "prodsprint_app";
    public const string Worker = "prodsprint_worker";
    public const string Orleans = "prodsprint_orleans";
    public const string Identity = "prodsprint_identity";

    public static IReadOnlyList<string> All { get; } = [App, Worker, Orleans, Identity];

    /// <summary>Derived, never stored: whoever has the secret has the password, and nothing else needs to be kept in step.</summary>
    public static string Password(string secret, string role) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"prodsprint role {role}")));

    /// <summary>Of 32 bytes, for what else has to be the same on every server.</summary>
    public static byte[] Key(string secret, string purpose) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"prodsprint key {purpose}"));

    /// <summary>Signs the workspace of a session; see <c>current_workspace()</c> in migration 0002.</summary>
    public static byte[] WorkspaceKey(string secret) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "prodsprint workspace key"u8);

    public static string WorkspaceProof(byte[] key, string workspace) =>
        Convert.ToHexStringLower(SHA256.HashData([.. key, .. SHA256.HashData([.. key, .. Encoding.UTF8.GetBytes(workspace)])]));

    /// <summary>Creates what is missing and sets the passwords if the secret has changed. Safe to run from several servers at once.</summary>
    public static async Task EnsureAsync(NpgsqlConnection owner, string secret, CancellationToken cancellation)
    {
        foreach (var role in All)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await EnsureAsync(owner, role, secret, cancellation);
                    break;
                }
                catch (PostgresException e) when (attempt < 10 && e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.InternalError)
                {
                    // Roles belong to the cluster, advisory locks to a database: a server of another database may be doing the same right now.
                    await Task.Delay(20 * attempt, cancellation);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
                {
                    throw new DatabaseException(
                        $"The owner of the database may not create the role {role}. Next: give it CREATEROLE (ALTER ROLE … CREATEROLE), or have an administrator create {string.Join(", ", All)}.", e);
                }
            }
        }
    }

    private static async Task EnsureAsync(NpgsqlConnection owner, string role, string secret, CancellationToken cancellation)
    {
        // The comment says which secret the password was derived from, so that a start that changes nothing writes nothing.
        var password = Password(secret, role);
        var fingerprint = "prodsprint:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)))[..16];
        await using var look = new NpgsqlCommand("SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = $1", owner) { Parameters = { new() { Value = role } } };
        var found = (string?)await look.ExecuteScalarAsync(cancellation);
        if (found == fingerprint) return;
        var verb = found is null ? "CREATE" : "ALTER";
        await using var make = new NpgsqlCommand(
            $"""
             {verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD '{ScramVerifier(password)}';
             COMMENT ON ROLE {role} IS '{fingerprint}'
             """, owner);
        await make.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>RFC 5803, so that a password never appears in PostgreSQL's log.</summary>
    private static string ScramVerifier(string password)
    {
        const int iterations = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
