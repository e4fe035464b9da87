using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>
/// Sign-ins that were begun, in PostgreSQL, so that they go on after a restart and on another server. Each is finished once, within ten minutes, by the browser
/// that began it: its cookie holds a secret whose digest is here, as the state's is. Whoever reads the table can finish nobody's.
/// </summary>
public sealed class PendingSignIns(Database database)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Kept for as long again, so that a late or second try is told apart from one nobody asked for.</summary>
    private static readonly TimeSpan Kept = Life + Life;

    private const int SecretBytes = 32;

    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public async Task<PendingSignIn> BeginAsync(string provider, string browser, string returnTo, LinkRequest? link, CancellationToken cancellation)
    {
        var pending = new PendingSignIn(NewSecret(), provider, NewSecret(), NewSecret(), returnTo, link);
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync("DELETE FROM pending_sign_in WHERE expires_at < now() - $1", cancellation, Kept - Life);
        await connection.RunAsync(
            "INSERT INTO pending_sign_in (state, browser, provider, nonce, verifier, return_to, link_to, link_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9)",
            cancellation, Digest(pending.State), Digest(browser), provider, pending.Nonce, pending.Verifier, returnTo, link?.Account, (object?)link?.Session ?? DBNull.Value, Life);
        return pending;
    }

    /// <summary>Keeps what a provider posted across sites, where the browser sends no cookie, until the browser comes with its own.</summary>
    /// <returns>False: nobody waits for it.</returns>
    public async Task<bool> KeepAnswerAsync(string provider, string state, ProviderAnswer answer, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.RunAsync(
            "UPDATE pending_sign_in SET answer = $3::jsonb WHERE state = $1 AND provider = $2 AND answer IS NULL AND used_at IS NULL AND expires_at > now()",
            cancellation, Digest(state), provider, JsonSerializer.Serialize(answer.Fields)) == 1;
    }

    /// <summary>Takes it: of two who try, one gets it.</summary>
    /// <exception cref="SignInException">Not asked for, another browser's, too late, or done already.</exception>
    public async Task<(PendingSignIn Pending, ProviderAnswer? Answer)> TakeAsync(string provider, string state, string? browser, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var taken = await connection.OneAsync(
            """
            UPDATE pending_sign_in SET used_at = now() WHERE state = $1 AND provider = $2 AND browser = $3 AND used_at IS NULL AND expires_at > now()
            RETURNING nonce, verifier, return_to, answer, link_to, link_by
            """,
            r => (new PendingSignIn(state, provider, r.GetString(0), r.GetString(1), r.GetString(2), r.Text(4) is { } to ? new(to, r.GetGuid(5)) : null), Answer(r.Text(3))),
            cancellation, Digest(state), provider, Digest(browser ?? ""));
        if (taken.Item1 is not null) return taken;
        var why = await connection.OneAsync(
            "SELECT CASE WHEN used_at IS NOT NULL THEN 'used' WHEN expires_at <= now() THEN 'late' ELSE 'browser' END FROM pending_sign_in WHERE state = $1 AND provider = $2",
            r => r.GetString(0), cancellation, Digest(state), provider);
        throw why switch
        {
            "used" => new SignInException(SignInFault.Replayed, "The state was used before"),
            "late" => new SignInException(SignInFault.Expired, "The state has run out"),
            "browser" => new SignInException(SignInFault.OtherBrowser, "The browser's cookie is not of this sign-in"),
            _ => new SignInException(SignInFault.NotAsked, "There is no such state"),
        };
    }

    /// <returns>False: the assertion was used before.</returns>
    public async Task<bool> UseAssertionAsync(string provider, string id, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync("DELETE FROM used_assertion WHERE expires_at < now()", cancellation);
        return await connection.RunAsync("INSERT INTO used_assertion (provider, id, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", cancellation, provider, id, until) == 1;
    }

    private static ProviderAnswer? Answer(string? json) => json is null ? null : new(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!);

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
