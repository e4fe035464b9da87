using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>A proven domain that was not looked at for a day.</summary>
/// <param name="Missed">At how many looks in a row the record was not there.</param>
public sealed record DueDomain(string Workspace, string Connection, string Domain, string Value, int Missed, DateTimeOffset LookedAt)
{
    public ConnectionDomain Stated => new(Domain, "", default, Value);
}

/// <summary>Which domains are to be looked up again: read above all workspaces, kept as each of them.</summary>
public sealed class DueDomains(Database database)
{
    public async Task<IReadOnlyList<DueDomain>> ListAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return await connection.ListAsync(
            """
            SELECT workspace, connection, domain, 'prodsprint-domain=' || challenge, missed, coalesce(looked_at, proven_at) FROM prodsprint.sign_in_domain
            WHERE proof = 'dns' AND coalesce(looked_at, proven_at) < now() - interval '1 day' ORDER BY 6 LIMIT 1000
            """, r => new DueDomain(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetInt32(4), r.GetFieldValue<DateTimeOffset>(5)), cancellation);
    }

    /// <returns>False: another server is at it, or it is not proven any more.</returns>
    public async Task<bool> TakeAsync(DueDomain due, CancellationToken cancellation)
    {
        await using var connection = await database.App(due.Workspace, cancellation);
        return await connection.RunAsync(
            """
            UPDATE prodsprint.sign_in_domain SET looked_at = now()
            WHERE workspace = $1 AND connection = $2 AND domain = $3 AND proof = 'dns' AND coalesce(looked_at, proven_at) = $4
            """, cancellation, due.Workspace, due.Connection, due.Domain, due.LookedAt) == 1;
    }

    /// <returns>False: somebody has proven it anew, or let it go, meanwhile.</returns>
    public async Task<bool> KeepAsync(DueDomain due, int missed, bool lapsed, CancellationToken cancellation)
    {
        await using var connection = await database.App(due.Workspace, cancellation);
        return await connection.RunAsync(
            """
            UPDATE prodsprint.sign_in_domain SET missed = $5, proven_at = CASE WHEN NOT $6 THEN proven_at END, proof = CASE WHEN NOT $6 THEN proof END
            WHERE workspace = $1 AND connection = $2 AND domain = $3 AND proof = 'dns' AND missed = $4
            """, cancellation, due.Workspace, due.Connection, due.Domain, due.Missed, missed, lapsed) == 1;
    }
}
