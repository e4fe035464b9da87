using System.Collections.Immutable;
using ProdSprint.Traffic;

namespace ProdSprint.Deploy;

/// <summary>
/// The deploy target as the other nodes of a cluster reach it: its router and what lies on its disk. There is one, <see cref="Key"/>, and only the
/// node with the role <c>target</c> has it, so a call always ends up there. While that node is away every call fails; all may be repeated.
/// </summary>
[Alias("deploy.ITargetGrain")]
public interface ITargetGrain : IGrainWithStringKey
{
    const string Key = "target/local";

    /// <inheritdoc cref="ITrafficOrders.ApplyAsync"/>
    [Alias("Route")]
    Task<RouteAck> Route(EnvironmentRoutes routes);

    [Alias("RouterStatus")]
    Task<RouterStatus> RouterStatus();

    /// <summary>Newest first.</summary>
    [Alias("Artifacts")]
    Task<ImmutableArray<ArtifactView>> Artifacts(string workspace, string project);

    /// <summary>Bytes of all that is kept of a workspace.</summary>
    [Alias("StoredBytes")]
    Task<long> StoredBytes(string workspace);

    [Alias("RunLog")]
    Task<LogPage> RunLog(InstanceKey copy, LogQuery query);

    [Alias("BuildLog")]
    Task<LogPage> BuildLog(string workspace, string project, string commit, LogQuery query);
}
