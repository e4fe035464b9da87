using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>One-time passwords and recovery codes: set up, taken once, limited over all servers together.</summary>
public sealed class SecondFactors(Database database, IDataProtectionProvider protection, SessionTokens tokens, KnownCredentials known, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector("prodsprint totp secret");

    public async Task<(bool On, int RecoveryCodes)> OfAsync(string account, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync(
            "SELECT EXISTS (SELECT FROM totp WHERE account = $1 AND confirmed_at IS NOT NULL), (SELECT count(*)::int FROM recovery_code WHERE account = $1 AND used_at IS NULL)",
            r => (r.GetBoolean(0), r.GetInt32(1)), cancellation, account);
    }

    /// <summary>A new secret, which counts for nothing before <see cref="ConfirmAsync"/>.</summary>
    /// <exception cref="ProblemException">409 <c>factor.totp-on</c>.</exception>
    public async Task<byte[]> StartAsync(string account, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var kept = await connection.RunAsync(
            "INSERT INTO totp AS t (account, secret) VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, created_at = now() WHERE t.confirmed_at IS NULL",
            cancellation, account, _protector.Protect(Convert.ToBase64String(secret)));
        return kept == 1 ? secret : throw new ProblemException(StatusCodes.Status409Conflict, "factor.totp-on", "There is one already", "One-time passwords are on for this account.", "Remove them first");
    }

    /// <summary>The first code proves that the secret has arrived; from now on the account has a second factor.</summary>
    /// <returns>The recovery codes, told this once.</returns>
    public async Task<IReadOnlyList<string>> ConfirmAsync(string account, string code, CancellationToken cancellation)
    {
        await TakeAsync(account, code, confirmed: false, cancellation);
        return await NewRecoveryCodesAsync(account, cancellation);
    }

    /// <exception cref="ProblemException">422 <c>factor.wrong-code</c>, 429 <c>factor.locked</c>.</exception>
    public Task CheckAsync(string account, string code, CancellationToken cancellation) => TakeAsync(account, code, confirmed: true, cancellation);

    /// <returns>False: there was none.</returns>
    public async Task<bool> RemoveAsync(string account, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var removed = await connection.RunAsync("DELETE FROM totp WHERE account = $1", cancellation, account);
        await connection.RunAsync("DELETE FROM recovery_code WHERE account = $1", cancellation, account);
        await Sessions.FactorGoneAsync(connection, account, cancellation);
        await connection.RunAsync($"{KnownCredentials.Ring} FROM account WHERE id = $1", cancellation, account);
        await transaction.CommitAsync(cancellation);
        known.ForgetAll();
        return removed == 1;
    }

    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(string account, CancellationToken cancellation)
    {
        var codes = RecoveryCodes.New();
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.RunAsync("DELETE FROM recovery_code WHERE account = $1", cancellation, account);
        await connection.RunAsync("INSERT INTO recovery_code (account, digest) SELECT $1, unnest($2::bytea[])", cancellation, account, codes.Select(c => tokens.RecoveryDigest(account, c)).ToArray());
        await transaction.CommitAsync(cancellation);
        return codes;
    }

    /// <summary>One at a time for one account: of two requests with the same code one is too late.</summary>
    private async Task TakeAsync(string account, string code, bool confirmed, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.RunAsync("INSERT INTO factor_attempt (account) VALUES ($1) ON CONFLICT (account) DO NOTHING", cancellation, account);
        var (failures, wait) = await connection.OneAsync(
            "SELECT failures, greatest(extract(epoch FROM locked_until - clock_timestamp()), 0)::float8 FROM factor_attempt WHERE account = $1 FOR UPDATE", r => (r.GetInt32(0), r.GetDouble(1)), cancellation, account);
        if (wait > 0)
            throw new ProblemException(StatusCodes.Status429TooManyRequests, "factor.locked", "Too many wrong codes", "Nobody may try another code just now.", $"Try again in {Math.Ceiling(wait)} s") { RetryAfter = TimeSpan.FromSeconds(wait) };
        var taken = await TakeTotpAsync(connection, account, code, confirmed, cancellation) || (confirmed && await TakeRecoveryAsync(connection, account, code, cancellation));
        failures = taken ? 0 : failures + 1;
        await connection.RunAsync("UPDATE factor_attempt SET failures = $2, locked_until = clock_timestamp() + $3 WHERE account = $1", cancellation, account, failures, FactorLock.After(failures));
        if (taken && !confirmed) await RingAsync(connection, account, cancellation);
        await transaction.CommitAsync(cancellation);
        if (!taken) throw ProblemException.Invalid("factor.wrong-code", "This is not the code of the present half minute, nor a recovery code, or it was used before.", "Wait for the next code; look at the clock of the telephone");
    }

    private async Task<bool> TakeTotpAsync(NpgsqlConnection connection, string account, string code, bool confirmed, CancellationToken cancellation)
    {
        var (secret, last) = await connection.OneAsync(
            $"SELECT secret, last_step FROM totp WHERE account = $1 AND confirmed_at IS {(confirmed ? "NOT NULL" : "NULL")}", r => (r.GetString(0), r.GetInt64(1)), cancellation, account);
        if (secret is null || Totp.Check(Convert.FromBase64String(_protector.Unprotect(secret)), code.Trim(), time.GetUtcNow(), last) is not { } step) return false;
        await connection.RunAsync("UPDATE totp SET last_step = $2, confirmed_at = coalesce(confirmed_at, now()) WHERE account = $1", cancellation, account, step);
        return true;
    }

    private async Task<bool> TakeRecoveryAsync(NpgsqlConnection connection, string account, string code, CancellationToken cancellation) =>
        RecoveryCodes.Plain(code) is { } plain
        && await connection.RunAsync("UPDATE recovery_code SET used_at = now() WHERE account = $1 AND digest = $2 AND used_at IS NULL", cancellation, account, tokens.RecoveryDigest(account, plain)) == 1;

    private async Task RingAsync(NpgsqlConnection connection, string account, CancellationToken cancellation)
    {
        await connection.RunAsync($"{KnownCredentials.Ring} FROM account WHERE id = $1", cancellation, account);
        known.ForgetAll();
    }
}
