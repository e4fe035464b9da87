namespace ProdSprint.Data;

/// <summary>How ProdSprint reaches its one database.</summary>
public sealed class DatabaseOptions
{
    /// <summary>
    /// Of the owner: the role that migrates and may create roles. <c>ConnectionStrings__prodsprint</c>; set by <see cref="PrivateCluster"/> when
    /// nobody gives one. Must reach PostgreSQL itself, not a pooler in transaction mode: the workspace is a setting of the session.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// What the passwords of the roles and the workspace key are derived from. Null: the owner's password. Every server of one PostgreSQL
    /// cluster must have the same, because roles belong to the cluster.
    /// </summary>
    public string? RoleSecret { get; set; }

    /// <summary>Pooled connections of one role. PostgreSQL allows 100 in all by default, and three roles and the engine share them.</summary>
    public int MaxConnectionsPerRole { get; set; } = 24;

    /// <summary>Seconds one statement may take. Longer means a lock or a missing index, and waiting on makes neither better.</summary>
    public int CommandTimeoutSeconds { get; set; } = 30;
}
