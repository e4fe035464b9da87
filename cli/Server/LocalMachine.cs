using Microsoft.Extensions.Configuration;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Traffic;

namespace ProdSprint.Server;

/// <summary>Everything a server started on this machine and left running: applications, router, database.</summary>
internal static class LocalMachine
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<string>> StopAllAsync(string home, CancellationToken cancellation)
    {
        var said = new List<string>();
        var applications = await LocalTargetStop.AllAsync(Path.Combine(home, "deploy"), Grace, cancellation);
        said.Add($"{applications} applications are stopped");
        var router = new RouterLauncher(SiloServices.RouterOptionsOf(home), RouterCommandLine.OfThisProgram(), TimeProvider.System);
        said.Add(await router.StopAsync(Grace, cancellation) ? "the router is stopped" : "the router is still finishing requests");
        if (await HaProxyStop.StopAsync(SiloServices.HaProxyOptionsOf(home), Grace, TimeProvider.System, cancellation)) said.Add("HAProxy is stopped");
        await SiloServices.Cluster(home, new ConfigurationBuilder().Build()).StopAsync(cancellation);
        said.Add("the database is stopped");
        return said;
    }
}
