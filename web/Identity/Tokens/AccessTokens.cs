using System.Collections.Immutable;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Personal and service tokens of a workspace. The token itself is told once and kept nowhere.</summary>
public sealed class AccessTokens(Database database, KnownCredentials known, LastUse lastUse)
{
    private const string Columns = "id, name, owner, permissions, created_at, created_by, expires_at, used_at, origin";

    /// <summary>Shown at once, so no more are made: one that is not seen is not ended either.</summary>
    private const int Most = 500;

    /// <param name="id">Of one that is there already: asked for once more, and what was told of it never reached anybody.</param>
    public async Task<TokenMade> MakeAsync(string id, string workspace, bool service, string owner, string name, IReadOnlyList<string> permissions, TimeSpan life, string by, CancellationToken cancellation)
    {
        if ((await ListAsync(workspace, service, service ? null : owner, cancellation)) is { Length: >= Most } many && many.All(t => t.Id != id))
            throw new ProblemException(StatusCodes.Status409Conflict, "token.too-many", "Too many tokens", $"There are {Most} that are still good, and more could not be seen.", "End those that nobody uses");
        var token = TokenFormat.New(service ? TokenFormat.Service : TokenFormat.Personal);
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var expires = await connection.OneAsync(
            """
            INSERT INTO token (id, workspace, kind, owner, name, digest, permissions, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9)
            ON CONFLICT (id) DO UPDATE SET digest = excluded.digest RETURNING expires_at
            """,
            r => r.GetFieldValue<DateTimeOffset>(0), cancellation, id, workspace, Kind(service), owner, name, TokenFormat.Digest(token), permissions.ToArray(), by, life);
        return new(id, token, expires);
    }

    /// <param name="owner">Null: of all.</param>
    public async Task<ImmutableArray<TokenRow>> ListAsync(string workspace, bool service, string? owner, CancellationToken cancellation)
    {
        await lastUse.WriteAsync(cancellation);
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return [.. await connection.ListAsync(
            $"SELECT {Columns} FROM token WHERE workspace = $1 AND kind = $2 AND ($3::text IS NULL OR owner = $3) AND revoked_at IS NULL AND expires_at > now() ORDER BY created_at DESC LIMIT $4",
            Read, cancellation, workspace, Kind(service), owner, Most)];
    }

    /// <returns>False: there is none that is still good.</returns>
    public async Task<bool> RevokeAsync(string workspace, bool service, string? owner, string id, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        var revoked = await connection.ListAsync(
            $"""
             WITH changed AS (UPDATE token SET revoked_at = now() WHERE workspace = $1 AND kind = $2 AND ($3::text IS NULL OR owner = $3) AND id = $4 AND revoked_at IS NULL AND expires_at > now() RETURNING id)
             {KnownCredentials.Ring} FROM changed
             """, _ => true, cancellation, workspace, Kind(service), owner, id);
        known.ForgetAll();
        return revoked.Count > 0;
    }

    /// <summary>All that somebody has in a workspace.</summary>
    public async Task RevokeAllAsync(string workspace, string account, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.ListAsync(
            $"""
             WITH changed AS (UPDATE token SET revoked_at = now() WHERE workspace = $1 AND kind = 'personal' AND owner = $2 AND revoked_at IS NULL RETURNING id)
             {KnownCredentials.Ring} FROM changed
             """, _ => true, cancellation, workspace, account);
        known.ForgetAll();
    }

    private static string Kind(bool service) => service ? "service" : "personal";

    private static TokenRow Read(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), [.. r.GetFieldValue<string[]>(3)], r.GetFieldValue<DateTimeOffset>(4), r.GetString(5), r.GetFieldValue<DateTimeOffset>(6), r.Time(7), r.Text(8));
}

/// <param name="Token">Told this once.</param>
public sealed record TokenMade(string Id, string Token, DateTimeOffset Expires);

/// <param name="Owner">The account, or the service's name.</param>
/// <param name="UsedAt">To half a minute; null: never.</param>
/// <param name="Origin">The address it was last used from.</param>
public sealed record TokenRow(
    string Id, string Name, string Owner, ImmutableArray<string> Permissions, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset Expires, DateTimeOffset? UsedAt, string? Origin);
