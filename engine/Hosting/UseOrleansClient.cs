using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>A client in a process without a silo. One process is all the embedded engine has, so this only says what to do instead.</summary>
public static class OrleansClientGenericHostExtensions
{
    public static IHostApplicationBuilder UseOrleansClient(this IHostApplicationBuilder hostAppBuilder, Action<IClientBuilder> configureDelegate)
    {
        configureDelegate(new ClientBuilder(hostAppBuilder.Services, hostAppBuilder.Configuration));
        hostAppBuilder.Services.AddHostedService<NoRemoteSilo>();
        return hostAppBuilder;
    }

    private sealed record ClientBuilder(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;

    private sealed class NoRemoteSilo : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new Orleans.Runtime.OrleansConfigurationException(
            "UseOrleansClient needs silos in other processes, which the embedded engine does not have. Use UseOrleans in this process, or build with Engine=orleans.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
