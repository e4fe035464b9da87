using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Traffic;

/// <summary>
/// What a router saw, as it delivers it. (<paramref name="Router"/>, <paramref name="Sequence"/>) names a batch for ever: a batch that comes again
/// (its acknowledgement was lost) holds the same rows and is to be counted once.
/// </summary>
/// <param name="Router">The router's instance id, new at each of its starts.</param>
/// <param name="Sequence">1, 2, 3 … within the instance. A gap means that batches were dropped because nobody came for them.</param>
/// <param name="DroppedRequests">Requests in all batches dropped so far.</param>
[GenerateSerializer, Immutable, Alias("traffic.TrafficReportBatch")]
public sealed record TrafficReportBatch(
    [property: Id(0)] string Router,
    [property: Id(1)] long Sequence,
    [property: Id(2)] ImmutableArray<TrafficSecond> Seconds,
    [property: Id(3)] long DroppedRequests);

/// <summary>Where a reader of reports stands: everything up to and including <paramref name="Sequence"/> of this router is safe in its hands.</summary>
[GenerateSerializer, Immutable, Alias("traffic.ReportCursor")]
public sealed record ReportCursor([property: Id(0)] string Router, [property: Id(1)] long Sequence);

/// <summary>
/// The requests of one version that ended within one second. Several rows may name the same second (a later batch): add them up.
/// </summary>
/// <param name="Version">Empty for requests that never got as far as a version: malformed, unknown host, no version with traffic.</param>
/// <param name="UnixSecond">When they ended.</param>
/// <param name="Requests">All of them; the sum of <see cref="Classes"/>.</param>
/// <param name="Errors">5xx answers, and what the version failed to do: refused, reset, cut short, timed out, also where another backend then stepped in and the
/// client got a good answer (the request stays on the account of the version it was meant for). Not: what clients broke off.</param>
/// <param name="RouterFaults">Those of the 5xx that the router itself is to blame for: no version with traffic, no descriptors left, a defect.</param>
/// <param name="Latency">From the request's head being read to the last byte of the answer handed to the kernel; for a tunnel, to its 101.</param>
[GenerateSerializer, Immutable, Alias("traffic.TrafficSecond")]
public sealed record TrafficSecond(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] string Version,
    [property: Id(4)] long UnixSecond,
    [property: Id(5)] long Requests,
    [property: Id(6)] long Errors,
    [property: Id(7)] StatusClasses Classes,
    [property: Id(8)] long RouterFaults,
    [property: Id(9)] LatencyHistogram Latency)
{
    /// <summary>
    /// A few of the routes that were asked for and answered well, one a line, <c>GET /items/{id}</c>: what varies is not in them. Null: none, or a router that does
    /// not look.
    /// </summary>
    [Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Routes { get; init; }
}

/// <param name="Informational">101: the beginning of a tunnel. (100 and 103 are not ends of a request.)</param>
/// <param name="Aborted">The client went away before the answer was complete, whatever its status.</param>
[GenerateSerializer, Immutable, Alias("traffic.StatusClasses")]
public sealed record StatusClasses(
    [property: Id(0)] long Informational,
    [property: Id(1)] long Success,
    [property: Id(2)] long Redirect,
    [property: Id(3)] long ClientError,
    [property: Id(4)] long ServerError,
    [property: Id(5)] long Aborted)
{
    public static StatusClasses None { get; } = new(0, 0, 0, 0, 0, 0);

    public long Total => Informational + Success + Redirect + ClientError + ServerError + Aborted;
}
