using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
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

    [Fact]
    public async Task GrainClass_TakenOutOfTheOptions_IsHostedByNobody()
    {
        await using var cluster = Cluster.Build(silo => silo.Services.PostConfigure<GrainTypeOptions>(o => o.Classes.Remove(typeof(LifeGrain))));
        await cluster.DeployAsync();
        (await Should.ThrowAsync<ArgumentException>(() => cluster.Client.GetGrain<ILife>("life/nowhere").Add(1))).Message.ShouldContain("implementation");
    }

    [Fact]
    public async Task Dashboard_Mapped_StartsOnBothEngines()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Host.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryGrainStorageAsDefault().UseInMemoryReminderService().AddDashboard(o => o.HideTrace = true));
        await using var app = builder.Build();
        app.MapOrleansDashboard("/orleans");
        await app.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        // Genuine Orleans answers there; the embedded engine has nothing to serve.
        (await http.GetAsync(new Uri(new Uri(app.Urls.First()), "/orleans/version"))).StatusCode.ShouldBe(
            typeof(Grain).Assembly.GetName().Name == "ProdSprint.Engine" ? System.Net.HttpStatusCode.NotFound : System.Net.HttpStatusCode.OK);
        await app.StopAsync();
    }
}
