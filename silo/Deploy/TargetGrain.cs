using System.Collections.Immutable;
using Orleans.Concurrency;
using ProdSprint.Traffic;

namespace ProdSprint.Deploy;

/// <summary>The door to the target for the rest of the cluster. It keeps nothing, and calls pass each other: reading a log may wait, a rollback must not.</summary>
[GrainType("target"), Reentrant]
public sealed class TargetGrain(ITrafficRouter router, IDeployReads reads) : Grain, ITargetGrain
{
    public Task<RouteAck> Route(EnvironmentRoutes routes) => router.ApplyAsync(routes);

    public Task<RouterStatus> RouterStatus() => router.StatusAsync();

    public Task<ImmutableArray<ArtifactView>> Artifacts(string workspace, string project) => reads.ArtifactsAsync(workspace, project, CancellationToken.None);

    public Task<long> StoredBytes(string workspace) => reads.StoredBytesAsync(workspace, CancellationToken.None);

    public Task<LogPage> RunLog(InstanceKey copy, LogQuery query) => reads.RunLogAsync(copy, query, CancellationToken.None);

    public Task<LogPage> BuildLog(string workspace, string project, string commit, LogQuery query) => reads.BuildLogAsync(workspace, project, commit, query, CancellationToken.None);
}
