using System.Security.Cryptography;
using System.Text;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <param name="Id">To unlink it by.</param>
public sealed record LoginView(string Id, string Provider, string? Name, string? Email, bool EmailVerified, DateTimeOffset LinkedAt, DateTimeOffset UsedAt);

/// <summary>The ways into one account.</summary>
public sealed class Logins(Database database, KnownCredentials known)
{
    public enum Unlinked
    {
        Done,
        NotFound,
        LastWay,
    }

    public async Task<IReadOnlyList<LoginView>> ListAsync(string account, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.ListAsync("SELECT provider, subject, name, email, email_verified, linked_at, used_at FROM login WHERE account = $1 ORDER BY linked_at, provider", r => new LoginView(
            IdOf(r.GetString(0), r.GetString(1)), r.GetString(0), r.Text(2), r.Text(3), r.GetBoolean(4), r.GetFieldValue<DateTimeOffset>(5), r.GetFieldValue<DateTimeOffset>(6)), cancellation, account);
    }

    /// <summary>Of two who unlink the last two at the same moment one is refused: the account's row is held.</summary>
    public async Task<Unlinked> UnlinkAsync(string account, string id, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.RunAsync("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", cancellation, account);
        var all = await connection.ListAsync("SELECT provider, subject FROM login WHERE account = $1", r => (Provider: r.GetString(0), Subject: r.GetString(1)), cancellation, account);
        var found = all.Find(l => IdOf(l.Provider, l.Subject) == id);
        if (found.Provider is null) return Unlinked.NotFound;
        // What a directory provided opens nothing by itself.
        if (all.Count(l => !l.Subject.StartsWith("scim:", StringComparison.Ordinal) && l != found) == 0) return Unlinked.LastWay;
        await connection.RunAsync("DELETE FROM login WHERE provider = $1 AND subject = $2", cancellation, found.Provider, found.Subject);
        await transaction.CommitAsync(cancellation);
        known.ForgetAll();
        return Unlinked.Done;
    }

    private static string IdOf(string provider, string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}\n{subject}")))[..16];
}
