using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <param name="SecondFactor">The workspace itself asks: nobody does anything in it in a session that has not shown one.</param>
/// <param name="Organisation">The organisation that owns the workspace asks the same of everybody in all of its own, and only it can end that; null: none does.</param>
public sealed record WorkspacePolicy(bool SecondFactor, string? Organisation = null)
{
    public static WorkspacePolicy None { get; } = new(false);

    /// <summary>Whoever it is that asks. No property: it is not part of the answer.</summary>
    public bool AsksForFactor() => SecondFactor || Organisation is not null;
}

/// <summary>What workspaces ask of those who come into them.</summary>
public sealed class SecurityPolicies(Database database, KnownCredentials known)
{
    public async Task SetAsync(string workspace, WorkspacePolicy policy, string by, CancellationToken cancellation)
    {
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await connection.ListAsync(
            $"""
             WITH changed AS (INSERT INTO policy (workspace, second_factor, changed_by) VALUES ($1, $2, $3)
               ON CONFLICT (workspace) DO UPDATE SET second_factor = excluded.second_factor, changed_by = excluded.changed_by, changed_at = now() RETURNING 'policy:' || workspace AS id)
             {KnownCredentials.Ring} FROM changed
             """, _ => true, cancellation, workspace, policy.SecondFactor, by);
        known.ForgetAll();
    }
}
