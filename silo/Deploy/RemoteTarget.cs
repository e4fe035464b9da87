using System.Collections.Immutable;
using ProdSprint.Traffic;

namespace ProdSprint.Deploy;

/// <summary>The target, on a node that does not have it: through <see cref="ITargetGrain"/>.</summary>
internal sealed class RemoteTarget(IGrainFactory grains) : ITrafficOrders, IDeployReads
{
    private ITargetGrain Target => grains.GetGrain<ITargetGrain>(ITargetGrain.Key);

    public Task<RouteAck> ApplyAsync(EnvironmentRoutes routes, CancellationToken cancellation = default) => Ask(t => t.Route(routes), cancellation);

    public Task<RouterStatus> StatusAsync(CancellationToken cancellation = default) => Ask(t => t.RouterStatus(), cancellation);

    public Task<ImmutableArray<ArtifactView>> ArtifactsAsync(string workspace, string project, CancellationToken cancellation) =>
        Ask(t => t.Artifacts(workspace, project), cancellation);

    public Task<long> StoredBytesAsync(string workspace, CancellationToken cancellation) => Ask(t => t.StoredBytes(workspace), cancellation);

    public Task<LogPage> RunLogAsync(InstanceKey copy, LogQuery query, CancellationToken cancellation) => Ask(t => t.RunLog(copy, query), cancellation);

    public Task<LogPage> BuildLogAsync(string workspace, string project, string commit, LogQuery query, CancellationToken cancellation) =>
        Ask(t => t.BuildLog(workspace, project, commit, query), cancellation);

    private async Task<T> Ask<T>(Func<ITargetGrain, Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask(Target).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not (RouterUnavailableException or OperationCanceledException))
        {
            throw new RouterUnavailableException($"The node with the role target does not answer ({e.Message}). Start it; what is deployed there goes on serving.", e);
        }
    }
}
