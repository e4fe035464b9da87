namespace ProdSprint.Hosting;

/// <summary>How this node meets the others: section <c>Cluster</c>.</summary>
public sealed class ClusterSettings
{
    /// <summary>The same on every node of a cluster, which then finds itself through PostgreSQL; null: this process is alone.</summary>
    public string? Id { get; set; }

    /// <summary>Where other nodes reach this one, an IPv4 address; null: the first of this host that is not loopback.</summary>
    public string? Address { get; set; }

    /// <summary>Silos talk to each other here; null: 11111, or any free one for a process that is alone. It has no sign-in of its own: a private network only.</summary>
    public int? SiloPort { get; set; }

    /// <summary>Nodes without a silo (<c>web</c>) come in here; null: 30000, or any free one for a process that is alone.</summary>
    public int? GatewayPort { get; set; }
}
