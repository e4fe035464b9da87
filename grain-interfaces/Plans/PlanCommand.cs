using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

[GenerateSerializer, Immutable, Alias("plans.PlanCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(BeginPlan), "begin")]
[JsonDerivedType(typeof(ApprovePlan), "approve")]
[JsonDerivedType(typeof(WriteBranch), "write-branch")]
public abstract record PlanCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <summary>From the project, once.</summary>
/// <param name="ApprovedDigest">Digest of the plan approved before, or null.</param>
/// <param name="ApprovedBy">Who approved it.</param>
[GenerateSerializer, Immutable, Alias("plans.BeginPlan")]
public sealed record BeginPlan(
    [property: Id(0)] int Number,
    [property: Id(1)] PlanRequest Request,
    [property: Id(2)] int? ApprovedPlan,
    Actor By, string? Reason) : PlanCommand(By, Reason);

/// <param name="Waivers">One per blocker that stays although it stands.</param>
/// <param name="Digest">What the approver saw; refused when the plan is another by now. Null: whatever it is.</param>
[GenerateSerializer, Immutable, Alias("plans.ApprovePlan")]
public sealed record ApprovePlan([property: Id(0)] ImmutableArray<Waiver> Waivers, [property: Id(1)] string? Digest, Actor By, string? Reason) : PlanCommand(By, Reason);

/// <summary>A blocker that is accepted for a while: why, under which ticket, and until when. All three are required of a new one.</summary>
[GenerateSerializer, Immutable, Alias("plans.Waiver")]
public sealed record Waiver([property: Id(0)] string Blocker, [property: Id(1)] string Reason, [property: Id(2)] DateTimeOffset? Expires, [property: Id(3)] string? Ticket = null);
