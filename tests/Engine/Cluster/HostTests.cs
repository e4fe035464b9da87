using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace ProdSprint.Engine;

/// <summary>The host builder as an application uses it, without the test cluster.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task UseOrleans_HostStarts_GrainsAnswer()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault().UseInMemoryReminderService());
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var life = grains.GetGrain<ILife>("life/host");
        (await life.Add(2)).ShouldBe(2);
        (await life.Add(3)).ShouldBe(5);
        (await host.Services.GetRequiredService<IClusterClient>().GetGrain<ILife>("life/host").Add(1)).ShouldBe(6);
        await host.StopAsync();
    }
}
