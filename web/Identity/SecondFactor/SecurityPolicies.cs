using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <param name="SecondFactor">Nobody does anything in the workspace in a session that has not shown one.</param>
public sealed record WorkspacePolicy(bool SecondFactor)
{
    public static WorkspacePolicy None { get; } = new(false);
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
               ON CONFLICT (workspace) DO UPDATE SET second_factor = excluded.second_factor, changed_by = excluded.changed_by, changed_at = now() RETURNING workspace AS id)
             {KnownCredentials.Ring} FROM changed
             """, _ => true, cancellation, workspace, policy.SecondFactor, by);
        known.ForgetAll();
    }
}
