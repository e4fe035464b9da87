using System.Collections.Frozen;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>
/// Sessions and tokens, at hand: asked at every request, so kept in memory, on every server, until the database rings that something about them has changed. While the bell
/// is away, what is known is asked again after <see cref="Recalled{TKey, TValue}.Trust"/>.
/// </summary>
public sealed class KnownCredentials : BackgroundService
{
    private const string Channel = "prodsprint_identity";

    /// <summary>Begins the end of a statement that changed something of the session in its column <c>id</c>, or, where that is no session's, of many; see <see cref="Sessions"/>.</summary>
    internal const string Ring = $"SELECT pg_notify('{Channel}', id::text)";

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Recalled<Guid, SessionFacts> _sessions;
    private readonly Recalled<string, TokenFacts> _tokens;
    private readonly Recalled<string, WorkspacePolicy> _policies;

    public KnownCredentials(Database database, TimeProvider time, ILogger<KnownCredentials> logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        _sessions = new(time, SessionFromDatabaseAsync);
        _tokens = new(time, TokenFromDatabaseAsync);
        _policies = new(time, PolicyFromDatabaseAsync);
    }

    /// <summary>Something ended, or may have: live connections look whether they may go on.</summary>
    public event Action? Changed;

    /// <summary>Null: there is none, or it is over.</summary>
    public ValueTask<SessionFacts?> SessionAsync(Guid id, CancellationToken cancellation = default) => SessionAsync(id, _time.GetUtcNow(), cancellation);

    public async ValueTask<SessionFacts?> SessionAsync(Guid id, DateTimeOffset now, CancellationToken cancellation) =>
        await _sessions.GetAsync(id, cancellation) is { Over: false } facts && facts.EndsAt > now ? facts : null;

    /// <summary>Null: there is none, or it is over.</summary>
    public async ValueTask<TokenFacts?> TokenAsync(string token, CancellationToken cancellation = default) => Good(await _tokens.GetAsync(Convert.ToBase64String(TokenFormat.Digest(token)), cancellation));

    private TokenFacts? Good(TokenFacts? token) => token is { Over: false } && token.EndsAt > _time.GetUtcNow() ? token : null;

    /// <summary>What a workspace asks of those who come into it.</summary>
    public ValueTask<WorkspacePolicy> PolicyAsync(string workspace, CancellationToken cancellation = default) =>
        _policies.GetAsync(workspace, cancellation) is var known && known.IsCompletedSuccessfully ? new(known.Result ?? WorkspacePolicy.None) : OrNoneAsync(known);

    private static async ValueTask<WorkspacePolicy> OrNoneAsync(ValueTask<WorkspacePolicy?> asked) => await asked ?? WorkspacePolicy.None;

    private async Task<WorkspacePolicy?> PolicyFromDatabaseAsync(string workspace, CancellationToken cancellation)
    {
        await using var owner = await _database.Worker.OpenConnectionAsync(cancellation);
        var organisation = await owner.OneAsync("SELECT o.id FROM workspace_owner w JOIN organisation o ON o.id = w.organisation WHERE w.name = $1 AND o.second_factor", r => r.GetString(0), cancellation, workspace);
        await using var connection = await _database.Identity.OpenConnectionAsync(cancellation);
        return new(await connection.OneAsync("SELECT second_factor FROM policy WHERE workspace = $1", r => r.GetBoolean(0), cancellation, workspace), organisation);
    }

    /// <summary>Someone who came a while ago as they are known now; null: what they came with is no longer good.</summary>
    public async ValueTask<Caller?> NowAsync(Caller caller, CancellationToken cancellation = default)
    {
        if (caller is { Session: null, Token: null }) return caller;
        var now = caller with
        {
            Session = caller.Session is { } session ? await SessionAsync(session.Id, cancellation) : null,
            Token = caller.Token is { } token ? Good(await TokenByIdAsync(token.Id, cancellation)) : null,
        };
        return now is { Session: null, Token: null } ? null : now;
    }

    /// <summary>Whether someone may see what is pushed: whoever has to show a second factor has done it.</summary>
    public async ValueTask<bool> MaySeeAsync(Caller caller, CancellationToken cancellation = default) =>
        await NowAsync(caller, cancellation) is { } now and not { Session.NeedsFactor: true } && !(now.WithoutFactor && (await PolicyAsync(now.Workspace, cancellation)).AsksForFactor());

    /// <summary>After a change made here, so that the next request already sees it.</summary>
    public void Forget(Guid session)
    {
        _sessions.Forget(session);
        Changed?.Invoke();
    }

    /// <summary>After a change that may be about many.</summary>
    public void ForgetAll()
    {
        _sessions.ForgetAll();
        _tokens.ForgetAll();
        _policies.ForgetAll();
        Changed?.Invoke();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new Listener(_database.IdentityConnectionString, Channel, ForgetAll, Heard, _logger, _time).RunAsync(stoppingToken);

    private void Heard(string payload)
    {
        if (Guid.TryParse(payload, out var session)) Forget(session);
        else ForgetAll();
    }

    private async Task<SessionFacts?> SessionFromDatabaseAsync(Guid id, CancellationToken cancellation)
    {
        await using var connection = await _database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync(
            """
            SELECT s.id, s.account, s.ended_at IS NOT NULL OR a.disabled_at IS NOT NULL, least(s.idle_at, s.ends_at), s.authenticated_at, s.factor_at, a.administrator,
                   array(SELECT l.provider || ':' || l.subject FROM login l WHERE l.account = a.id
                         UNION ALL SELECT l.provider || ':' || l.email FROM login l WHERE l.account = a.id AND l.email_verified AND l.email IS NOT NULL),
                   s.factor_at IS NULL AND EXISTS (SELECT FROM totp t WHERE t.account = a.id AND t.confirmed_at IS NOT NULL)
            FROM session s JOIN account a ON a.id = s.account WHERE s.id = $1
            """,
            r => new SessionFacts(r.GetGuid(0), r.GetString(1), r.GetBoolean(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4), r.Time(5), r.GetBoolean(8), r.GetFieldValue<string[]>(7), r.GetBoolean(6)),
            cancellation, id);
    }

    private const string AccountFactor = "EXISTS (SELECT FROM totp f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL) OR EXISTS (SELECT FROM passkey f WHERE f.account = a.id)";

    private const string TokenColumns =
        $"t.id, t.workspace, t.kind = 'service', t.owner, t.permissions, t.expires_at, t.revoked_at IS NOT NULL OR a.disabled_at IS NOT NULL, {AccountFactor} FROM token t LEFT JOIN account a ON t.kind = 'personal' AND a.id = t.owner";

    private async Task<TokenFacts?> TokenFromDatabaseAsync(string digest, CancellationToken cancellation)
    {
        await using var connection = await _database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync($"SELECT {TokenColumns} WHERE t.digest = $1", Token, cancellation, Convert.FromBase64String(digest));
    }

    private async Task<TokenFacts?> TokenByIdAsync(string id, CancellationToken cancellation)
    {
        await using var connection = await _database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync($"SELECT {TokenColumns} WHERE t.id = $1", Token, cancellation, id);
    }

    private static TokenFacts Token(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetString(3), r.GetFieldValue<string[]>(4).ToFrozenSet(StringComparer.Ordinal), r.GetFieldValue<DateTimeOffset>(5), r.GetBoolean(6), r.GetBoolean(7));
}
