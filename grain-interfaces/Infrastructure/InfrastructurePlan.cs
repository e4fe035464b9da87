using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Infrastructure;

/// <summary>What would happen to an environment, pinned: the very files, the very plan file, and the very state it was made from.</summary>
/// <param name="ConfigurationDigest">Of the Terraform files as JSON, kept with the plan files.</param>
/// <param name="PlanFileDigest">Of the plan file's bytes: what is applied is this file and no other.</param>
/// <param name="StateVersion">The version of the state it was made from; 0: there was none.</param>
/// <param name="Digest">Over all of it: what an approver names.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructurePlan")]
public sealed record InfrastructurePlan(
    [property: Id(0)] int Number,
    [property: Id(1)] bool Destroy,
    [property: Id(2)] ImmutableArray<InfrastructureChange> Changes,
    [property: Id(3)] string ConfigurationDigest,
    [property: Id(4)] string PlanFileDigest,
    [property: Id(5)] long StateVersion,
    [property: Id(6)] string Tool,
    [property: Id(7)] string Digest)
{
    /// <summary>What it changes in what a month costs; null for one that was made before that was looked at.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CostDifference? Cost { get; init; }
}

/// <param name="Address">As Terraform names it: <c>terraform_data.database</c>.</param>
/// <param name="Before">JSON of what was asked for before; null: it was not there.</param>
/// <param name="After">JSON of what is asked for; null: it goes away.</param>
/// <param name="Why">For a repair: what was found. Else null.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureChange")]
public sealed record InfrastructureChange(
    [property: Id(0)] string Address,
    [property: Id(1)] InfrastructureAction Action,
    [property: Id(2)] string? Before,
    [property: Id(3)] string? After,
    [property: Id(4)] string? Why);

[GenerateSerializer, Alias("infrastructure.InfrastructureAction")]
public enum InfrastructureAction
{
    Create = 0,
    Update = 1,

    /// <summary>Taken away and made anew, because what it is made from has changed.</summary>
    Replace = 2,
    Delete = 3,

    /// <summary>It is as it was asked for in the state and not in the world: put right in place, nothing of it is taken away.</summary>
    Repair = 4,
}

/// <summary>What is there is not what was applied.</summary>
/// <param name="Digest">Over the differences: another drift is another digest.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureDrift")]
public sealed record InfrastructureDrift(
    [property: Id(0)] string Digest,
    [property: Id(1)] ImmutableArray<InfrastructureChange> Changes,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] string? AcceptedBy,
    [property: Id(4)] DateTimeOffset? AcceptedAt,
    [property: Id(5)] string? AcceptedFor);

/// <summary>What was applied last, and the state it left: what drift is measured against.</summary>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureBaseline")]
public sealed record InfrastructureBaseline(
    [property: Id(0)] int Plan,
    [property: Id(1)] string PlanDigest,
    [property: Id(2)] string ConfigurationDigest,
    [property: Id(3)] string ApprovedBy,
    [property: Id(4)] long StateVersion,
    [property: Id(5)] string StateDigest,
    [property: Id(6)] DateTimeOffset AppliedAt);
