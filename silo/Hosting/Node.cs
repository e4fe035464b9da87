using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProdSprint.Hosting;

/// <summary>What this process is: its roles (<c>Server:Roles</c>) and its place in a cluster.</summary>
public sealed record Node(NodeRoles Roles, ClusterSettings Cluster)
{
    /// <summary>Everything in one process, alone.</summary>
    public static Node Single { get; } = new(NodeRoles.All, new());

    public bool Is(NodeRoles role) => (Roles & role) == role;

    /// <exception cref="OptionsValidationException">Names every setting that cannot stand, with what to do.</exception>
    public static Node Read(IConfiguration configuration, string engine)
    {
        var errors = new List<string>();
        var roles = Parse(configuration["Server:Roles"], errors);
        var cluster = new ClusterSettings();
        configuration.GetSection("Cluster").Bind(cluster);
        if (string.IsNullOrWhiteSpace(cluster.Id)) cluster.Id = null;

        if (roles.HasFlag(NodeRoles.Target) && !roles.HasFlag(NodeRoles.Silo))
            errors.Add("Server:Roles has target without silo, and the target is one of the silos. Set Server__Roles=silo,target.");
        if (engine == SiloEngine.Embedded && (roles is not (NodeRoles.All or NodeRoles.None) || cluster.Id is not null))
            errors.Add("This program was built with Engine=embedded, which is one process. Leave Server__Roles and Cluster__Id out, or build with -p:Engine=orleans.");
        else if (roles is not (NodeRoles.All or NodeRoles.None))
        {
            if (cluster.Id is null) errors.Add("Server:Roles leaves something to other nodes, but Cluster:Id is not set. Set Cluster__Id to the same name on every node.");
            if (string.IsNullOrEmpty(configuration.GetConnectionString("prodsprint")))
                errors.Add("Server:Roles leaves something to other nodes, but ConnectionStrings:prodsprint is not set. Name the PostgreSQL they share.");
        }
        if (cluster.Address is { } address && !(IPAddress.TryParse(address, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork))
            errors.Add($"Cluster:Address is '{address}', which is no IPv4 address. Leave it out to take this host's own.");
        foreach (var (name, port) in new[] { ("SiloPort", cluster.SiloPort), ("GatewayPort", cluster.GatewayPort) })
            if (port is < 1 or > 65535) errors.Add($"Cluster:{name} is {port}, which is no port.");
        return errors.Count == 0 ? new(roles, cluster) : throw new OptionsValidationException("Server", typeof(Node), errors);
    }

    private static NodeRoles Parse(string? given, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(given)) return NodeRoles.All;
        var roles = NodeRoles.None;
        foreach (var word in given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            NodeRoles? role = word.ToLowerInvariant() switch { "web" => NodeRoles.Web, "silo" => NodeRoles.Silo, "target" => NodeRoles.Target, _ => null };
            if (role is null) errors.Add($"Server:Roles names '{word}'. There are web, silo and target.");
            roles |= role ?? NodeRoles.None;
        }
        return roles;
    }
}
