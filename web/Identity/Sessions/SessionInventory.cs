using System.Collections.Immutable;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>Where somebody is signed in.</summary>
public sealed class SessionInventory(Database database, LastUse lastUse)
{
    /// <summary>Nobody has so many; whoever has forgotten them can end all at once.</summary>
    private const int Most = 200;

    public async Task<ImmutableArray<SessionRow>> OfAsync(string account, Guid? current, CancellationToken cancellation)
    {
        // So that what was done here a second ago is seen.
        await lastUse.WriteAsync(cancellation);
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        return [.. await connection.ListAsync(
            """
            SELECT id, how, created_at, used_at, least(idle_at, ends_at), origin, agent FROM session
            WHERE account = $1 AND ended_at IS NULL AND least(idle_at, ends_at) > now() ORDER BY used_at DESC LIMIT $2
            """,
            r => new SessionRow(r.GetGuid(0), r.GetString(1), r.GetFieldValue<DateTimeOffset>(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4), r.Text(5), r.Text(6), r.GetGuid(0) == current),
            cancellation, account, Most)];
    }
}
