using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>What a release has to know of its project to judge what it is built from. Told anew whenever it changes.</summary>
/// <param name="Revision">Rising: what is told later and is older changes nothing.</param>
/// <param name="Advisories">Advisories were imported, so there is something to hold a bill of materials against.</param>
/// <param name="Waivers">Those that hold; whether their day has come is for whoever asks.</param>
[GenerateSerializer, Immutable, Alias("gates.GateFacts")]
public sealed record GateFacts([property: Id(0)] long Revision, [property: Id(1)] bool Advisories, [property: Id(2)] ImmutableArray<GateWaiver> Waivers);

/// <summary>Something in what a release is built from that needs a waiver.</summary>
/// <param name="Id">The advisory's id, or the licence's SPDX expression.</param>
/// <param name="Aliases">Other names of the advisory; empty for a licence.</param>
/// <param name="Package">Package URL with its version.</param>
/// <param name="Level">critical or high; <c>denied</c> for a licence.</param>
/// <param name="FixedIn">The next version without it; null when none is named.</param>
[GenerateSerializer, Immutable, Alias("gates.GateFinding")]
public sealed record GateFinding(
    [property: Id(0)] WaiverKind Kind,
    [property: Id(1)] string Id,
    [property: Id(2)] ImmutableArray<string> Aliases,
    [property: Id(3)] string Package,
    [property: Id(4)] string Level,
    [property: Id(5)] string? FixedIn,
    [property: Id(6)] string? Summary);
