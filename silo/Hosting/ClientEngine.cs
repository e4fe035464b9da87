using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using ProdSprint.Data;

namespace ProdSprint.Hosting;

/// <summary>How a node without a silo reaches the grains of its cluster.</summary>
public static class ClientEngine
{
    public static IHostApplicationBuilder UseProdSprintClient(this IHostApplicationBuilder host, Database database, Node node) => host.UseOrleansClient(client =>
    {
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (node.Cluster.Id!, SiloEngine.ServiceId));
        client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (SiloEngine.Invariant, database.OrleansConnectionString));
        // A silo that died or came is known after this; 1 minute otherwise.
        client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        client.UseConnectionRetryFilter<UntilASiloIsThere>();
        client.AddDashboard(o => o.HideTrace = true);
    });
}

/// <summary>Nodes start in any order: without a silo there is nothing to show yet, and no reason to give up.</summary>
internal sealed partial class UntilASiloIsThere(TimeProvider time, ILogger<UntilASiloIsThere> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogWaiting(logger, exception.Message);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No silo of the cluster answers yet ({Error}); trying again")]
    private static partial void LogWaiting(ILogger logger, string error);
}
