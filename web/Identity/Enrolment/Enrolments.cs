using System.Security.Cryptography;
using System.Text;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>
/// Codes that let one person in once. They are made by whoever has the machine and its database (<c>prodsprint accounts enrol</c>), so the first administrator of an installation is
/// somebody whom its operator knows, and never simply whoever comes first.
/// </summary>
public sealed class Enrolments(Database database)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <param name="account">Made if it is not there.</param>
    /// <param name="administrator">May make the first Admin of a workspace.</param>
    public async Task<string> MakeAsync(string account, bool administrator, CancellationToken cancellation)
    {
        var code = $"pse_{RandomNumberGenerator.GetHexString(40, lowercase: true)}";
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync(
            "WITH old AS (DELETE FROM enrolment WHERE expires_at < now()) INSERT INTO enrolment (digest, account, administrator, expires_at) VALUES ($1, $2, $3, now() + $4)",
            cancellation, Digest(code), account, administrator, Life);
        return code;
    }

    /// <returns>The account's id; null: never made, used or too old.</returns>
    public async Task<string?> TakeAsync(string code, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (account, administrator) = await connection.OneAsync(
            "UPDATE enrolment SET used_at = now() WHERE digest = $1 AND used_at IS NULL AND expires_at > now() RETURNING account, administrator", r => (r.GetString(0), r.GetBoolean(1)), cancellation, Digest(code));
        if (account is null) return null;
        await connection.RunAsync(
            "INSERT INTO account AS a (id, administrator) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET administrator = a.administrator OR excluded.administrator", cancellation, account, administrator);
        await transaction.CommitAsync(cancellation);
        return account;
    }

    private static byte[] Digest(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
