using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Begins, refreshes and ends sessions. Times are the database's, so servers whose clocks differ agree.</summary>
public sealed class Sessions(Database database, SessionTokens tokens, SessionCookies cookies, KnownCredentials known, IdentityOptions options, AuditTrail trail, TimeProvider time)
{
    private const int SeedBytes = 32;
    private const int LongestAgent = 200;

    /// <summary>Signs a browser in: a session, its cookies on the answer, a row in the audit log.</summary>
    /// <param name="how">By what: <c>github</c>, <c>passkey</c>, a connection's id.</param>
    /// <param name="secondFactor">That way is two factors in one (a passkey with the person verified), or the provider vouches for two.</param>
    /// <exception cref="ProblemException">403 <c>account.disabled</c>.</exception>
    public async Task<SessionStarted> StartAsync(HttpContext http, Account account, string how, bool secondFactor = false, CancellationToken cancellation = default)
    {
        var started = await OpenAsync(http, account, how, secondFactor, cancellation);
        // Whoever signs in again as the same is not two visitors; whoever signs in as another leaves the first.
        if (http.SignedIn()?.Session is { } before) await EndAsync(before.Account, before.Id, "replaced", cancellation);
        cookies.Set(http.Response, started);
        return started;
    }

    /// <summary>The same without cookies: for a tool, which gets the tokens in the answer.</summary>
    public async Task<SessionStarted> OpenAsync(HttpContext http, Account account, string how, bool secondFactor = false, CancellationToken cancellation = default)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (account.Disabled)
        {
            await trail.SignedInAsync(http, account.Id, SessionFacts.CredentialOf(id), how, "refused: account.disabled");
            throw new ProblemException(StatusCodes.Status403Forbidden, "account.disabled", "This account is disabled", $"{account.Id} may not sign in.", "Ask an Admin of your workspace");
        }
        var seed = RandomNumberGenerator.GetBytes(SeedBytes);
        // First the record, then the deed: nobody is signed in unseen.
        await trail.SignedInAsync(http, account.Id, SessionFacts.CredentialOf(id), how, "accepted");
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var ends = await connection.OneAsync(
            """
            INSERT INTO session (id, account, how, seed, factor_at, origin, agent, idle_at, ends_at)
            VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() END, $6, $7, now() + $8, now() + $9) RETURNING least(idle_at, ends_at)
            """,
            r => r.GetFieldValue<DateTimeOffset>(0), cancellation,
            id, account.Id, how, seed, secondFactor, Origin(http), Agent(http), TimeSpan.FromDays(options.IdleDays), TimeSpan.FromDays(options.LongestDays));
        return Tokens(id, account.Id, 1, seed, ends);
    }

    /// <summary>Spends a refresh token. However many ask with the same one at the same time, on however many servers, there is one successor.</summary>
    /// <exception cref="ProblemException">401 <c>session.over</c>, <c>session.reused</c>.</exception>
    public async Task<SessionStarted> RefreshAsync(HttpContext http, string refresh, CancellationToken cancellation = default)
    {
        var came = time.GetTimestamp();
        if (SessionTokens.SessionOf(refresh) is not { } id) throw Over();
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var row = await connection.OneAsync(
            """
            SELECT s.account, s.seed, s.generation, clock_timestamp() - s.rotated_at, least(s.idle_at, s.ends_at),
                   s.ended_at IS NOT NULL OR a.disabled_at IS NOT NULL OR least(s.idle_at, s.ends_at) < now()
            FROM session s JOIN account a ON a.id = s.account WHERE s.id = $1 FOR UPDATE OF s
            """,
            r => new Family(r.GetString(0), r.GetFieldValue<byte[]>(1), r.GetInt32(2), r.GetTimeSpan(3), r.GetFieldValue<DateTimeOffset>(4), r.GetBoolean(5)), cancellation, id);
        if (row is null || tokens.IsRefresh(refresh, row.Seed) is not { } shown) throw Over();
        // What waited for the row or for a connection came earlier than now.
        var decision = SessionFamily.Decide(new(row.Generation, row.SinceRotated - time.GetElapsedTime(came), row.Over), shown);
        switch (decision)
        {
            case Refreshing.Rotate:
                var ends = await connection.OneAsync(
                    """
                    UPDATE session SET generation = generation + 1, rotated_at = clock_timestamp(), used_at = now(), idle_at = now() + $2, origin = $3, agent = $4
                    WHERE id = $1 RETURNING least(idle_at, ends_at)
                    """,
                    r => r.GetFieldValue<DateTimeOffset>(0), cancellation, id, TimeSpan.FromDays(options.IdleDays), Origin(http), Agent(http));
                await transaction.CommitAsync(cancellation);
                return Tokens(id, row.Account, row.Generation + 1, row.Seed, ends);
            case Refreshing.Again:
                return Tokens(id, row.Account, row.Generation, row.Seed, row.EndsAt);
            case Refreshing.Reused:
                await trail.SignedInAsync(http, row.Account, SessionFacts.CredentialOf(id), "refresh", "refused: session.reused");
                await EndAsync(connection, "id = $1", "reused", cancellation, id);
                await transaction.CommitAsync(cancellation);
                known.Forget(id);
                throw new ProblemException(StatusCodes.Status401Unauthorized, "session.reused", "This session was ended",
                    "Its refresh token had been used before, so there are two copies of it, and nobody knows which is yours.", "Sign in again, and look at your sessions: one of them may not have been you");
            default:
                throw Over();
        }
    }

    /// <summary>The person has shown a second factor in this session.</summary>
    public async Task ProvedAsync(Guid session, CancellationToken cancellation = default)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.RunAsync($"WITH changed AS (UPDATE session SET factor_at = now() WHERE id = $1 AND ended_at IS NULL RETURNING id) {KnownCredentials.Ring} FROM changed", cancellation, session);
        known.Forget(session);
    }

    /// <summary>
    /// After one of a person's second factors has been taken away: when it was the last, what their sessions have shown with it counts no longer where one is asked for. That they
    /// have proved lately to be themselves stays true.
    /// </summary>
    internal static Task FactorGoneAsync(NpgsqlConnection connection, string account, CancellationToken cancellation) => connection.ListAsync(
        $"""
        WITH changed AS (UPDATE session SET authenticated_at = greatest(authenticated_at, factor_at), factor_at = NULL
          WHERE account = $1 AND factor_at IS NOT NULL AND ended_at IS NULL
            AND NOT EXISTS (SELECT FROM totp f WHERE f.account = $1 AND f.confirmed_at IS NOT NULL) AND NOT EXISTS (SELECT FROM passkey f WHERE f.account = $1) RETURNING id)
        {KnownCredentials.Ring} FROM changed
        """, _ => true, cancellation, account);

    /// <returns>False: this account has no such session, or it is over already.</returns>
    public async Task<bool> EndAsync(string account, Guid session, string why, CancellationToken cancellation = default) =>
        await EndAsync("account = $1 AND id = $2", why, cancellation, account, session) > 0;

    /// <summary>All of an account's, save the one it is done from where that is given.</summary>
    public Task<int> EndAllAsync(string account, string why, Guid? save = null, CancellationToken cancellation = default) =>
        EndAsync("account = $1 AND id <> $2", why, cancellation, account, save ?? Guid.Empty);

    private async Task<int> EndAsync(string which, string why, CancellationToken cancellation, params object?[] values)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var ended = await EndAsync(connection, which, why, cancellation, values);
        if (ended > 0) known.ForgetAll();
        return ended;
    }

    /// <summary>Rings for each, so that every server knows before it has answered the next request.</summary>
    private static async Task<int> EndAsync(NpgsqlConnection connection, string which, string why, CancellationToken cancellation, params object?[] values) =>
        (await connection.ListAsync(
            $"""
            WITH changed AS (UPDATE session SET ended_at = now(), ended_why = ${values.Length + 1} WHERE {which} AND ended_at IS NULL RETURNING id)
            {KnownCredentials.Ring} FROM changed
            """, _ => true, cancellation, [.. values, why])).Count;

    private SessionStarted Tokens(Guid id, string account, int generation, byte[] seed, DateTimeOffset ends)
    {
        var expires = time.GetUtcNow().AddMinutes(options.AccessMinutes);
        return new(id, account, tokens.Access(id, expires), expires, tokens.Refresh(id, generation, seed), ends, tokens.Forgery(id));
    }

    private static string? Origin(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    private static string? Agent(HttpContext http) => http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, LongestAgent)] : null;

    private static ProblemException Over() => new(
        StatusCodes.Status401Unauthorized, "session.over", "This session is over", "It was ended, or not used for too long.", "Sign in again");

    private sealed record Family(string Account, byte[] Seed, int Generation, TimeSpan SinceRotated, DateTimeOffset EndsAt, bool Over);
}
