using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>What may be asked of a project. <see cref="By"/> and <see cref="Reason"/> go into the timeline.</summary>
[GenerateSerializer, Immutable, Alias("projects.ProjectCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(ImportProject), "import")]
[JsonDerivedType(typeof(RequestPlan), "plan")]
[JsonDerivedType(typeof(PlanSettled), "plan-settled")]
[JsonDerivedType(typeof(RequestRelease), "release")]
[JsonDerivedType(typeof(RollBackTo), "rollback")]
[JsonDerivedType(typeof(ReleaseEnded), "release-ended")]
[JsonDerivedType(typeof(AttemptWanted), "attempt-wanted")]
[JsonDerivedType(typeof(StableProcessChanged), "stable-process-changed")]
[JsonDerivedType(typeof(SetFreezeWindows), "freeze")]
[JsonDerivedType(typeof(WorkspaceFreezeChanged), "workspace-freeze")]
[JsonDerivedType(typeof(SetVariables), "variables")]
[JsonDerivedType(typeof(CreateWaiver), "create-waiver")]
[JsonDerivedType(typeof(RevokeWaiver), "revoke-waiver")]
[JsonDerivedType(typeof(AdvisoriesImported), "advisories-imported")]
[JsonDerivedType(typeof(RequestInfrastructurePlan), "infrastructure-plan")]
[JsonDerivedType(typeof(InfrastructureDrifted), "infrastructure-drifted")]
public abstract record ProjectCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <param name="Source">A path on this machine or a git URL.</param>
[GenerateSerializer, Immutable, Alias("projects.ImportProject")]
public sealed record ImportProject([property: Id(0)] string Source, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <param name="Ref">Branch, tag or commit; null for the default branch.</param>
/// <param name="Profile">The policy profile by name; null for <c>default</c>.</param>
[GenerateSerializer, Immutable, Alias("projects.RequestPlan")]
public sealed record RequestPlan([property: Id(0)] string? Ref, [property: Id(1)] string? Profile, Actor By, string? Reason) : ProjectCommand(By, Reason)
{
    /// <summary>A level of risk (low, medium, high) that the plan is to be as careful for; null: as its profile has it.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Care { get; init; }
}

/// <summary>Told by the plan: it was approved (then <see cref="Document"/> is set) or it failed.</summary>
[GenerateSerializer, Immutable, Alias("projects.PlanSettled")]
public sealed record PlanSettled(
    [property: Id(0)] int Number, [property: Id(1)] string? Version, [property: Id(2)] PlanDocument? Document, Actor By, string? Reason) : ProjectCommand(By, Reason)
{
    /// <summary>When the first of the waivers ends that it was approved with; null: with none.</summary>
    [Id(3)] public DateTimeOffset? WaivedUntil { get; init; }
}

/// <summary>Plans the ref, waits for the plan's approval if nothing carries it over, then releases. Supersedes a release in flight.</summary>
/// <param name="PlanNumber">An approved plan to carry out as it is; null to plan <paramref name="Ref"/> anew.</param>
[GenerateSerializer, Immutable, Alias("projects.RequestRelease")]
public sealed record RequestRelease(
    [property: Id(0)] string? Ref, [property: Id(1)] int? PlanNumber, [property: Id(2)] bool SkipAnalysis, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <param name="Version">null: to the version before the stable one.</param>
[GenerateSerializer, Immutable, Alias("projects.RollBackTo")]
public sealed record RollBackTo([property: Id(0)] string? Version, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>Told by the release when it has ended.</summary>
/// <param name="Stable">What production serves from now on; null if it serves nothing.</param>
[GenerateSerializer, Immutable, Alias("projects.ReleaseEnded")]
public sealed record ReleaseEnded(
    [property: Id(0)] int Number, [property: Id(1)] ReleaseOutcome Outcome, [property: Id(2)] StableVersion? Stable, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>Replaces the project's freeze windows.</summary>
[GenerateSerializer, Immutable, Alias("projects.SetFreezeWindows")]
public sealed record SetFreezeWindows([property: Id(0)] ImmutableArray<FreezeWindow> Windows, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>Told by the workspace: the windows that hold for all of its projects. A revision that is known, or older, changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("projects.WorkspaceFreezeChanged")]
public sealed record WorkspaceFreezeChanged([property: Id(0)] long Revision, [property: Id(1)] ImmutableArray<FreezeWindow> Windows, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>Values for variables that a service reads and the repository does not give. Null removes one. Takes effect with the next plan.</summary>
[GenerateSerializer, Immutable, Alias("projects.SetVariables")]
public sealed record SetVariables([property: Id(0)] ImmutableDictionary<string, string?> Values, Actor By, string? Reason) : ProjectCommand(By, Reason);

/// <summary>No release begins or advances from <paramref name="From"/> until <paramref name="Until"/>; a rollback is always allowed.</summary>
[GenerateSerializer, Immutable, Alias("projects.FreezeWindow")]
public sealed record FreezeWindow([property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset Until, [property: Id(2)] string Reason)
{
    /// <summary>An IANA time zone (Europe/Berlin): it comes again every week, at the same time of the clocks there. Null: once.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? WeeklyIn { get; init; }

    /// <summary>Of a weekly one: when it was open for the first time, which the server keeps; <see cref="From"/> and <see cref="Until"/> are the running or next time.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public FirstFreeze? First { get; init; }

    /// <summary>staging or production: only what goes there waits. Null: no release begins at all.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Environment { get; init; }

    public bool Covers(DateTimeOffset t) => From <= t && t < Until;
}

[GenerateSerializer, Immutable, Alias("projects.FirstFreeze")]
public sealed record FirstFreeze([property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset Until);
