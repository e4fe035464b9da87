using System.Collections.Immutable;

namespace ProdSprint.Traffic;

/// <param name="Instance">New at each start of the router; report sequences count within it.</param>
/// <param name="Kind"><c>prodsprint</c> or <c>haproxy</c>.</param>
/// <param name="SharedPort">The listener that tells environments apart by Host; null when there is none.</param>
/// <param name="BufferedSeconds">Rows of reports waiting for the server.</param>
/// <param name="DroppedRequests">Requests whose report had to be dropped since the start, because no server came for it.</param>
[GenerateSerializer, Immutable, Alias("traffic.RouterStatus")]
public sealed record RouterStatus(
    [property: Id(0)] string Instance,
    [property: Id(1)] string Kind,
    [property: Id(2)] int ProcessId,
    [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] int? SharedPort,
    [property: Id(5)] ImmutableArray<EnvironmentStatus> Environments,
    [property: Id(6)] int BufferedSeconds,
    [property: Id(7)] long DroppedRequests);

[GenerateSerializer, Immutable, Alias("traffic.EnvironmentStatus")]
public sealed record EnvironmentStatus(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] long Revision,
    [property: Id(4)] int? Port,
    [property: Id(5)] ImmutableArray<VersionStatus> Versions);

/// <param name="Weight">Sum over the version's backends, in parts of <see cref="EnvironmentRoutes.FullWeight"/>; 0 for one that was taken out and still drains.</param>
/// <param name="InFlight">Requests and tunnels (WebSocket) that this version is serving now.</param>
/// <param name="Reachable">Backends that new requests may be sent to.</param>
[GenerateSerializer, Immutable, Alias("traffic.VersionStatus")]
public sealed record VersionStatus(
    [property: Id(0)] string Version,
    [property: Id(1)] int Weight,
    [property: Id(2)] long InFlight,
    [property: Id(3)] int Backends,
    [property: Id(4)] int Reachable);
