using System.Collections.Immutable;
using ProdSprint.Gates;

namespace ProdSprint.Releases;

/// <summary>Where what a release's bill of materials showed is kept, and who may not answer for it.</summary>
/// <param name="Checked">The gate has looked in this attempt.</param>
/// <param name="Report"><c>sha256:…</c> of the whole list; null: it has not looked, or did so before lists were kept.</param>
/// <param name="Known">What needed a waiver, as far as the release keeps it itself.</param>
/// <param name="Authors">Whose waivers do not count for it.</param>
[GenerateSerializer, Immutable, Alias("releases.ReleaseFindings")]
public sealed record ReleaseFindings(
    [property: Id(0)] string Commit,
    [property: Id(1)] bool Checked,
    [property: Id(2)] string? Report,
    [property: Id(3)] ImmutableArray<GateFinding> Known,
    [property: Id(4)] ImmutableArray<string> Authors);
