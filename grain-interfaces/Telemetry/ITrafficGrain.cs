using System.Collections.Immutable;
using Orleans.Concurrency;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>
/// What one environment's traffic shows, told to the release that watches it: <c>traffic/{workspace}/{project}/{environment}</c>.
/// Its stream is only the bell; what it tells comes from PostgreSQL whenever it cannot be sure that it heard every ring.
/// </summary>
[Alias("telemetry.ITrafficGrain")]
public interface ITrafficGrain : IGrainWithStringKey
{
    /// <summary>From now on this is watched, in place of anything before. Interleaves: the release that calls may be the one that is just being told.</summary>
    [Alias("Watch"), AlwaysInterleave]
    Task Watch(TrafficWatch watch);

    /// <summary>Ends the watch if it is still this release's.</summary>
    [Alias("Unwatch"), AlwaysInterleave]
    Task Unwatch(string releaseKey);
}

/// <summary>One step of a release, seen from the traffic.</summary>
/// <param name="Since">When the step's weight came into force; whole seconds after it count.</param>
/// <param name="Attempt">Handed back with the evidence, so that a late look cannot be taken for one at another step.</param>
[GenerateSerializer, Immutable, Alias("telemetry.TrafficWatch")]
public sealed record TrafficWatch(
    [property: Id(0)] string ReleaseKey,
    [property: Id(1)] string Canary,
    [property: Id(2)] string Stable,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] int Step,
    [property: Id(5)] int Attempt,
    [property: Id(6)] bool PointLatency);

/// <summary>The bell: what one batch brought for one environment.</summary>
/// <param name="Batch">Number of the batch in the log, rising.</param>
/// <param name="Previous">The batch before it that had something for this environment; -1 when the ringer does not know. Who has not heard that one reads the log.</param>
[GenerateSerializer, Immutable, Alias("telemetry.TrafficBell")]
public sealed record TrafficBell(
    [property: Id(0)] long Batch,
    [property: Id(1)] long Previous,
    [property: Id(2)] ImmutableArray<TrafficSecond> Seconds)
{
    public const string Provider = "live";
    public const string Namespace = "traffic";
}
