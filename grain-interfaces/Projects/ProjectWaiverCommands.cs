using ProdSprint.Gates;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>Answers for something that a gate would stop for. See <see cref="GateWaiver"/> for what the members mean.</summary>
[GenerateSerializer, Immutable, Alias("projects.CreateWaiver")]
public sealed record CreateWaiver(
    [property: Id(0)] WaiverKind Covers,
    [property: Id(1)] string Subject,
    [property: Id(2)] string? Package,
    [property: Id(3)] string Ticket,
    [property: Id(4)] DateTimeOffset Expires,
    Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>Ends a waiver before its day.</summary>
[GenerateSerializer, Immutable, Alias("projects.RevokeWaiver")]
public sealed record RevokeWaiver([property: Id(0)] int Number, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>The workspace has advisories from now on: what is built here is held against them.</summary>
[GenerateSerializer, Immutable, Alias("projects.AdvisoriesImported")]
public sealed record AdvisoriesImported(Actor By, string? Reason) : ProjectCommand(By, Reason);
