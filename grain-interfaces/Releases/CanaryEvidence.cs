using System.Collections.Immutable;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>What one version showed: requests answered, how many of them were errors (each request counts once), and how long they took.</summary>
[GenerateSerializer, Immutable, Alias("releases.VersionEvidence")]
public sealed record VersionEvidence(
    [property: Id(0)] long Requests,
    [property: Id(1)] long Errors,
    [property: Id(2)] LatencyHistogram Latency)
{
    public static VersionEvidence None { get; } = new(0, 0, LatencyHistogram.Empty);

    /// <summary>Errors per request, 0-1; null without requests.</summary>
    public double? ErrorRate => Requests > 0 ? (double)Errors / Requests : null;

    public VersionEvidence Add(VersionEvidence other) =>
        new(Requests + other.Requests, Errors + other.Errors, Latency.Add(other.Latency));
}

/// <summary>What both versions showed in the interval that ended at <paramref name="T"/> seconds since the step began. Not cumulative.</summary>
[GenerateSerializer, Immutable, Alias("releases.EvidencePoint")]
public sealed record EvidencePoint(
    [property: Id(0)] double T,
    [property: Id(1)] VersionEvidence Canary,
    [property: Id(2)] VersionEvidence Stable);

/// <summary>
/// All a judge looks at: what both versions showed since the step began, as totals and as a bounded series of intervals
/// (grown by <c>EvidenceSeries.Add</c>, which merges neighbours when the series is full, so the totals are never less than the points).
/// </summary>
[GenerateSerializer, Immutable, Alias("releases.CanaryEvidence")]
public sealed record CanaryEvidence(
    [property: Id(0)] VersionEvidence Canary,
    [property: Id(1)] VersionEvidence Stable,
    [property: Id(2)] ImmutableArray<EvidencePoint> Points,
    [property: Id(3)] int Looks,
    [property: Id(4)] double ElapsedSeconds)
{
    public static CanaryEvidence None { get; } = new(VersionEvidence.None, VersionEvidence.None, [], 0, 0);

    /// <summary>
    /// What stable showed earlier in the same release. Used only where the step leaves stable no traffic of its own (weight 100); it assumes
    /// that the base rate has not moved since.
    /// </summary>
    [Id(5)] public VersionEvidence StableBefore { get; init; } = VersionEvidence.None;

    /// <summary>The release's attempt and the index of the step that this was seen in: a judge never reads one step's figures as another's.</summary>
    [Id(6)] public int Attempt { get; init; } = 1;

    /// <summary>See <see cref="Attempt"/>; the first step is 0.</summary>
    [Id(7)] public int Step { get; init; }
}
