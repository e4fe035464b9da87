using System.Collections.Immutable;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Workspaces' connections: kept and changed as the workspace (row-level security), looked up by those who come to sign in and are in no workspace yet.</summary>
public sealed class Connections(Database database, IDataProtectionProvider protection)
{
    private const string Columns =
        """
        c.workspace, c.id, c.kind, c.name, c.enabled, c.settings::text, c.secret, c.scim_token IS NOT NULL AND c.scim_token_expires > now(), c.version, c.created_at,
        (SELECT coalesce(json_agg(json_build_object('domain', d.domain, 'statedBy', d.stated_by, 'statedAt', d.stated_at,
           'value', 'prodsprint-domain=' || d.challenge, 'provenAt', d.proven_at, 'proof', d.proof, 'missed', d.missed) ORDER BY d.domain), '[]')::text
         FROM prodsprint.sign_in_domain d WHERE d.workspace = c.workspace AND d.connection = c.id),
        c.scim_token_expires, c.scim_token_used
        """;

    /// <summary>How long a directory's token is good.</summary>
    private const int ScimTokenDays = 365;

    private static readonly TimeSpan UsedEvery = TimeSpan.FromSeconds(30);

    private readonly IDataProtector _secrets = protection.CreateProtector("ProdSprint.SignIn.Connection");

    public string Protect(string secret) => _secrets.Protect(secret);

    /// <summary>As whoever signs in sees it; null: no such connection, or switched off.</summary>
    public async Task<IdentityProvider?> ProviderAsync(string id, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync($"SELECT {Columns} FROM prodsprint.sign_in_connection c WHERE c.id = $1 AND c.enabled", Read, cancellation, id) is { } found ? Provider(found) : null;
    }

    public IdentityProvider Provider(Connection c) => new(
        c.Id, c.Kind, c.Name, c.Settings.Oidc is { } o ? new(o.Issuer, o.ClientId, o.Scopes) : null, c.Secret is null ? null : _secrets.Unprotect(c.Secret), c.Settings.Saml, c.Rules);

    /// <summary>Where an address at this domain signs in; null: nowhere in particular.</summary>
    public async Task<(string Id, string Name)?> OfDomainAsync(string domain, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync<(string, string)?>(
            """
            SELECT c.id, c.name FROM prodsprint.sign_in_domain d JOIN prodsprint.sign_in_connection c ON c.workspace = d.workspace AND c.id = d.connection
            WHERE d.domain = lower($1) AND d.proven_at IS NOT NULL AND c.enabled
            """, r => (r.GetString(0), r.GetString(1)), cancellation, domain);
    }

    /// <summary>Whose directory shows this token; null: nobody's.</summary>
    public async Task<Connection?> OfScimTokenAsync(byte[] digest, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.OneAsync($"SELECT {Columns} FROM prodsprint.sign_in_connection c WHERE c.scim_token = $1 AND c.scim_token_expires > now()", Read, cancellation, digest);
    }

    /// <summary>To half a minute: a directory that tells of a thousand people is not to write as many rows.</summary>
    public async Task UsedByDirectoryAsync(Connection c, DateTimeOffset now, CancellationToken cancellation)
    {
        if (now - c.ScimUsedAt < UsedEvery) return;
        await using var connection = await database.App(c.Workspace, cancellation);
        await connection.RunAsync("UPDATE prodsprint.sign_in_connection SET scim_token_used = now() WHERE workspace = $1 AND id = $2", cancellation, c.Workspace, c.Id);
    }

    public async Task<IReadOnlyList<Connection>> ListAsync(string workspace, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await connection.ListAsync($"SELECT {Columns} FROM prodsprint.sign_in_connection c WHERE c.workspace = $1 ORDER BY c.created_at, c.id", Read, cancellation, workspace);
    }

    public async Task<Connection?> FindAsync(string workspace, string id, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await connection.OneAsync($"SELECT {Columns} FROM prodsprint.sign_in_connection c WHERE c.workspace = $1 AND c.id = $2", Read, cancellation, workspace, id);
    }

    /// <summary>One that is there already by this id is the same, asked for once more.</summary>
    public async Task AddAsync(Connection c, CancellationToken cancellation)
    {
        await using var connection = await database.App(c.Workspace, cancellation);
        await connection.RunAsync(
            "INSERT INTO prodsprint.sign_in_connection (workspace, id, kind, name, enabled, settings, secret) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7) ON CONFLICT (workspace, id) DO NOTHING", cancellation,
            c.Workspace, c.Id, c.Kind == ProviderKind.Saml ? "saml" : "oidc", c.Name, c.Enabled, KernelJson.Write(c.Settings), c.Secret);
    }

    /// <returns>False: it is not at that version any more.</returns>
    public async Task<bool> ChangeAsync(Connection c, CancellationToken cancellation)
    {
        await using var connection = await database.App(c.Workspace, cancellation);
        return await connection.RunAsync(
            """
            UPDATE prodsprint.sign_in_connection SET name = $3, enabled = $4, settings = $5::jsonb, secret = $6, version = version + 1
            WHERE workspace = $1 AND id = $2 AND version = $7
            """, cancellation, c.Workspace, c.Id, c.Name, c.Enabled, KernelJson.Write(c.Settings), c.Secret, c.Version) == 1;
    }

    /// <returns>False: there was none.</returns>
    public async Task<bool> RemoveAsync(string workspace, string id, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await connection.RunAsync("DELETE FROM prodsprint.sign_in_connection WHERE workspace = $1 AND id = $2", cancellation, workspace, id) == 1;
    }

    /// <param name="proven">The word alone will do: it leads here from now on.</param>
    /// <returns>False: another connection has the domain.</returns>
    public async Task<bool> StateDomainAsync(string workspace, string id, string domain, string by, bool proven, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await connection.RunAsync(
            """
            INSERT INTO prodsprint.sign_in_domain (workspace, domain, connection, stated_by, proven_at, proof)
            VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() END, CASE WHEN $5 THEN 'stated' END) ON CONFLICT DO NOTHING
            """, cancellation, workspace, domain, id, by, proven) == 1;
    }

    /// <returns>False: another connection has proven it.</returns>
    public async Task<bool> ProvenAsync(string workspace, string id, string domain, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        try
        {
            await connection.RunAsync("UPDATE prodsprint.sign_in_domain SET proven_at = now(), proof = 'dns', looked_at = now(), missed = 0 WHERE workspace = $1 AND connection = $2 AND domain = $3", cancellation, workspace, id, domain);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <returns>False: it was not this connection's.</returns>
    public async Task<bool> DropDomainAsync(string workspace, string id, string domain, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await connection.RunAsync("DELETE FROM prodsprint.sign_in_domain WHERE workspace = $1 AND connection = $2 AND domain = $3", cancellation, workspace, id, domain) == 1;
    }

    /// <param name="digest">Null: the directory may come no more.</param>
    /// <returns>Until when it is good.</returns>
    public async Task<DateTimeOffset?> SetScimTokenAsync(string workspace, string id, byte[]? digest, CancellationToken cancellation)
    {
        await using var connection = await database.App(workspace, cancellation);
        return await connection.OneAsync(
            """
            UPDATE prodsprint.sign_in_connection SET scim_token = decode($3, 'hex'), scim_token_expires = CASE WHEN $3 IS NOT NULL THEN now() + make_interval(days => $4) END, scim_token_used = NULL,
                   version = version + 1
            WHERE workspace = $1 AND id = $2 RETURNING scim_token_expires
            """, r => r.Time(0), cancellation, workspace, id, digest is null ? null : Convert.ToHexString(digest), ScimTokenDays);
    }

    private static Connection Read(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2) == "saml" ? ProviderKind.Saml : ProviderKind.Oidc, r.GetString(3), r.GetBoolean(4), KernelJson.Read<ConnectionSettings>(r.GetString(5)),
        r.Text(6), r.GetBoolean(7), KernelJson.Read<ImmutableArray<ConnectionDomain>>(r.GetString(10)), r.GetInt64(8), r.GetFieldValue<DateTimeOffset>(9))
    {
        ScimExpiresAt = r.Time(11),
        ScimUsedAt = r.Time(12),
    };
}
