using Microsoft.AspNetCore.Identity;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>What ASP.NET Core Identity's handling of passkeys needs to know of accounts, and where it keeps theirs. Accounts themselves are not made through it.</summary>
internal sealed class PasskeyStore(Database database, Accounts accounts) : IUserPasskeyStore<Account>
{
    private const string Columns = "id, public_key, created_at, sign_count, transports, user_verified, backup_eligible, backed_up, attestation, client_data, name";

    public async Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync(
            """
            INSERT INTO passkey AS p (id, account, name, public_key, sign_count, transports, user_verified, backup_eligible, backed_up, attestation, client_data, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE SET sign_count = excluded.sign_count, user_verified = excluded.user_verified, backed_up = excluded.backed_up, used_at = now() WHERE p.account = excluded.account
            """, cancellationToken, passkey.CredentialId, user.Id, passkey.Name ?? "Passkey", passkey.PublicKey, (long)passkey.SignCount, passkey.Transports ?? [], passkey.IsUserVerified,
            passkey.IsBackupEligible, passkey.IsBackedUp, passkey.AttestationObject, passkey.ClientDataJson, passkey.CreatedAt);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellationToken);
        return await connection.ListAsync($"SELECT {Columns} FROM passkey WHERE account = $1 ORDER BY created_at", Read, cancellationToken, user.Id);
    }

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellationToken);
        return await connection.OneAsync("SELECT account FROM passkey WHERE id = $1", r => r.GetString(0), cancellationToken, credentialId) is { } id ? await accounts.FindAsync(id, cancellationToken) : null;
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellationToken);
        return await connection.OneAsync($"SELECT {Columns} FROM passkey WHERE account = $1 AND id = $2", Read, cancellationToken, user.Id, credentialId);
    }

    public async Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("DELETE FROM passkey WHERE account = $1 AND id = $2", cancellationToken, user.Id, credentialId);
    }

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id);

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id);

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => accounts.FindAsync(userId, cancellationToken);

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => accounts.FindAsync(normalizedUserName, cancellationToken);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw Elsewhere();

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => throw Elsewhere();

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw Elsewhere();

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw Elsewhere();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw Elsewhere();

    public void Dispose()
    {
    }

    private static NotSupportedException Elsewhere() => new("Accounts are made and changed by Accounts.");

    private static UserPasskeyInfo Read(NpgsqlDataReader r) => new(
        r.GetFieldValue<byte[]>(0), r.GetFieldValue<byte[]>(1), r.GetFieldValue<DateTimeOffset>(2), (uint)r.GetInt64(3), r.GetFieldValue<string[]>(4), r.GetBoolean(5), r.GetBoolean(6), r.GetBoolean(7),
        r.GetFieldValue<byte[]>(8), r.GetFieldValue<byte[]>(9))
    { Name = r.GetString(10) };
}
