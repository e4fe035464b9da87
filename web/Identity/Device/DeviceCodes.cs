using System.Security.Cryptography;
using System.Text;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>Programs without a browser, waiting for somebody to let them in (RFC 8628): they show a short code, and the person enters it where they are signed in.</summary>
public sealed class DeviceCodes(Database database, IdentityOptions options)
{
    /// <summary>Long enough to find the other window.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>No vowels, so no words; nothing that is mistaken for something else. 20^8 of them, good for ten minutes, for somebody who is signed in: not to be guessed.</summary>
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    private const int Half = 4;

    public async Task<(string DeviceCode, string UserCode)> StartAsync(string client, string? origin, CancellationToken cancellation)
    {
        var device = $"psd_{RandomNumberGenerator.GetHexString(48, lowercase: true)}";
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        while (true)
        {
            var user = RandomNumberGenerator.GetString(Letters, 2 * Half).Insert(Half, "-");
            if (await connection.RunAsync(
                "INSERT INTO device_code (digest, user_code, client, origin, expires_at) VALUES ($1, $2, $3, $4, now() + $5) ON CONFLICT (user_code) DO NOTHING",
                cancellation, Digest(device), user, client, origin, Life) == 1) return (device, user);
        }
    }

    /// <summary>What waits behind a code; null: nothing, or no longer.</summary>
    public async Task<DeviceView?> FindAsync(string userCode, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync(
            "SELECT user_code, client, origin, created_at, expires_at FROM device_code WHERE user_code = $1 AND expires_at > now() AND account IS NULL AND denied_at IS NULL",
            r => new DeviceView(r.GetString(0), r.GetString(1), r.Text(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4)), cancellation, Plain(userCode));
    }

    /// <param name="account">Who lets it in; null: it is sent away.</param>
    /// <param name="factor">They have shown a second factor, and so has it.</param>
    /// <returns>False: nothing waits there any more.</returns>
    public async Task<bool> AnswerAsync(string userCode, string? account, bool factor, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.RunAsync(
            """
            UPDATE device_code SET account = $2, factor = $3, denied_at = CASE WHEN $2 IS NULL THEN now() END
            WHERE user_code = $1 AND expires_at > now() AND account IS NULL AND denied_at IS NULL
            """, cancellation, Plain(userCode), account, factor) == 1;
    }

    /// <summary>What became of it. Let in is told once: whoever asks second gets nothing.</summary>
    public async Task<(DeviceAnswer Answer, string? Account, bool Factor)> PollAsync(string deviceCode, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var found = await connection.OneAsync(
            """
            UPDATE device_code d SET polled_at = now(), used_at = CASE WHEN d.account IS NOT NULL THEN now() END
            FROM (SELECT digest, polled_at FROM device_code WHERE digest = $1 AND used_at IS NULL AND expires_at > now() FOR UPDATE) before
            WHERE d.digest = before.digest RETURNING d.account, d.factor, d.denied_at IS NOT NULL, before.polled_at IS NOT NULL AND before.polled_at > now() - $2
            """,
            r => (Answer: r.GetBoolean(2) ? DeviceAnswer.Denied : !r.IsDBNull(0) ? DeviceAnswer.LetIn : r.GetBoolean(3) ? DeviceAnswer.SlowDown : DeviceAnswer.Pending, Account: r.Text(0), Factor: r.GetBoolean(1)),
            cancellation, Digest(deviceCode), TimeSpan.FromSeconds(options.DevicePollSeconds * 0.8));
        return found == default ? (DeviceAnswer.Expired, null, false) : found;
    }

    /// <summary>As people type it.</summary>
    private static string Plain(string userCode)
    {
        var letters = string.Concat(userCode.ToUpperInvariant().Where(char.IsAsciiLetter));
        return letters.Length == 2 * Half ? letters.Insert(Half, "-") : "";
    }

    private static byte[] Digest(string deviceCode) => SHA256.HashData(Encoding.UTF8.GetBytes(deviceCode));
}

public enum DeviceAnswer { Expired, Pending, SlowDown, Denied, LetIn }

/// <param name="Client">What it says it is: not to be believed without thinking where one started it.</param>
/// <param name="Origin">The address it asked from.</param>
public sealed record DeviceView(string UserCode, string Client, string? Origin, DateTimeOffset RequestedAt, DateTimeOffset Expires);
