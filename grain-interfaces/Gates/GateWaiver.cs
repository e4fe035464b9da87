using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Gates;

/// <summary>Something that a gate would stop for, and that somebody answers for until a day. Never changed but by its end; ended ones stay to be read.</summary>
/// <param name="Number">1, 2, … within its project.</param>
/// <param name="Subject">The advisory's id or one of its aliases (CVE-2026-1234), the licence's SPDX id, or the control's id, by <paramref name="Covers"/>.</param>
/// <param name="Package">Package URL, with a version (that one only) or without (every version). Null: whatever package. A vulnerability needs one.</param>
/// <param name="Ticket">Where the work on it is followed: an id or a URL.</param>
/// <param name="Expires">From then on it covers nothing.</param>
[GenerateSerializer, Immutable, Alias("gates.GateWaiver")]
public sealed record GateWaiver(
    [property: Id(0)] int Number,
    [property: Id(1)] WaiverKind Covers,
    [property: Id(2)] string Subject,
    [property: Id(3)] string? Package,
    [property: Id(4)] string Reason,
    [property: Id(5)] string Ticket,
    [property: Id(6)] DateTimeOffset Expires,
    [property: Id(7)] string By,
    [property: Id(8)] DateTimeOffset At)
{
    [Id(9)] public WaiverState State { get; init; }

    [Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? RevokedBy { get; init; }

    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? RevokedAt { get; init; }

    [Id(12), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? RevokedFor { get; init; }

    public bool HoldsAt(DateTimeOffset now) => State == WaiverState.Valid && now < Expires;
}

[GenerateSerializer, Alias("gates.WaiverKind")]
public enum WaiverKind
{
    /// <summary>A known weakness in a package.</summary>
    Vulnerability,

    /// <summary>A licence that the policy does not allow.</summary>
    Licence,

    /// <summary>A control of the policy profile.</summary>
    Control,
}

[GenerateSerializer, Alias("gates.WaiverState")]
public enum WaiverState { Valid, Expired, Revoked }

/// <summary>A project's waivers, newest first: those that hold, and the last that ended.</summary>
[GenerateSerializer, Immutable, Alias("gates.WaiverList")]
public sealed record WaiverList([property: Id(0)] ImmutableArray<GateWaiver> Items);
