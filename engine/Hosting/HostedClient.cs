using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>The client that lives in the silo's own process.</summary>
internal sealed class HostedClient(Silo silo, IServiceProvider services) : ForwardingGrainFactory(silo.GrainFactory), IClusterClient
{
    public IServiceProvider ServiceProvider { get; } = services;
}
