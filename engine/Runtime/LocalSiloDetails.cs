using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Who this silo is.</summary>
public interface ILocalSiloDetails
{
    string Name { get; }

    string ClusterId { get; }

    string DnsHostName { get; }

    SiloAddress SiloAddress { get; }

    SiloAddress? GatewayAddress { get; }
}

internal sealed class LocalSiloDetails(Silo silo, IOptions<SiloOptions> siloOptions, IOptions<ClusterOptions> cluster) : ILocalSiloDetails
{
    public string Name => siloOptions.Value.SiloName ?? "embedded";

    public string ClusterId => cluster.Value.ClusterId;

    public string DnsHostName => Environment.MachineName;

    public SiloAddress SiloAddress => silo.Address;

    public SiloAddress? GatewayAddress => null;
}
