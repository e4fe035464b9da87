using System.Collections.Immutable;

namespace ProdSprint.Traffic;

/// <summary>
/// The absolute desired state of one environment's traffic. Never a difference: applying the same orders twice, or after a crash, ends in the same place.
/// </summary>
/// <param name="Revision">Monotonic per environment. An older one is refused (two owners can never make traffic oscillate); the one in force again is a no-op.</param>
/// <param name="Port">The environment's own listening port. Null: the router chooses a free one the first time and keeps it across restarts.
/// <see cref="NoPort"/>: none, reached by <paramref name="Hosts"/> on the router's shared listener only.</param>
/// <param name="Hosts">Host names (no port; <c>*.example.com</c> matches any name below) answered on the router's shared listener. A host belongs to one environment.</param>
/// <param name="Backends">Weights add up to <see cref="FullWeight"/>, or to 0 when no version is to get traffic (then only the header override reaches one).</param>
[GenerateSerializer, Immutable, Alias("traffic.EnvironmentRoutes")]
public sealed record EnvironmentRoutes(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] long Revision,
    [property: Id(4)] int? Port,
    [property: Id(5)] ImmutableArray<string> Hosts,
    [property: Id(6)] ImmutableArray<BackendRoute> Backends,
    [property: Id(7)] RoutingOptions Options)
{
    /// <summary>100 % of an environment's traffic: weights are parts of ten thousand, so 1 % is 100.</summary>
    public const int FullWeight = 10_000;

    public const int NoPort = 0;
}

/// <summary>One running instance of a version.</summary>
/// <param name="Version">What reports, headers and overrides call it: 1-128 characters of A-Z a-z 0-9 . _ + -. Several backends may share a version.</param>
/// <param name="Address"><c>IPv4:PORT</c> of the process, e.g. <c>127.0.0.1:41234</c>.</param>
/// <param name="Weight">This backend's share in parts of <see cref="EnvironmentRoutes.FullWeight"/>.</param>
/// <param name="Stable">Where requests go when the version chosen for them cannot be reached.</param>
[GenerateSerializer, Immutable, Alias("traffic.BackendRoute")]
public sealed record BackendRoute(
    [property: Id(0)] string Version,
    [property: Id(1)] string Address,
    [property: Id(2)] int Weight,
    [property: Id(3)] bool Stable)
{
    /// <summary>False: the control plane saw its health check fail, so it gets nothing new until it is ordered otherwise.</summary>
    [Id(4)] public bool Healthy { get; init; } = true;
}

/// <summary>How one environment treats its requests.</summary>
/// <param name="Sticky">A visitor keeps a position between 0 and 9,999 in a cookie; the canary serves the positions below its weight. So a visitor
/// moves to the canary once as it grows, back at once when its weight falls, and never flips between steps.</param>
/// <param name="CookieName">Null: <c>prodsprint-position</c>.</param>
/// <param name="Connect">Longest wait for a backend's TCP handshake, then another is tried, then 504.</param>
/// <param name="FirstByte">Longest wait for a response's head after the request was sent, then 504.</param>
/// <param name="Idle">Longest silence in the middle of a body or tunnel in both directions.</param>
/// <param name="HeaderOverride"><c>X-ProdSprint-Version: VERSION</c> reaches that version whatever its weight, and never another in its place.</param>
[GenerateSerializer, Immutable, Alias("traffic.RoutingOptions")]
public sealed record RoutingOptions(
    [property: Id(0)] bool Sticky,
    [property: Id(1)] string? CookieName,
    [property: Id(2)] TimeSpan Connect,
    [property: Id(3)] TimeSpan FirstByte,
    [property: Id(4)] TimeSpan Idle,
    [property: Id(5)] bool HeaderOverride)
{
    /// <summary>A local handshake takes microseconds, so 2 s means a backend that hangs; 60 s is what slow pages and reverse proxies commonly agree on.</summary>
    public static RoutingOptions Default { get; } =
        new(false, null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), true);
}
