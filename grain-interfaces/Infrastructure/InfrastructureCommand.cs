using System.Text.Json.Serialization;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Infrastructure;

/// <summary>What may be asked of an environment's infrastructure. <see cref="By"/> and <see cref="Reason"/> go into the timeline.</summary>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(PlanInfrastructure), "plan")]
[JsonDerivedType(typeof(ApproveInfrastructure), "approve")]
[JsonDerivedType(typeof(ApplyInfrastructure), "apply")]
[JsonDerivedType(typeof(CheckDrift), "check-drift")]
[JsonDerivedType(typeof(AcceptDrift), "accept-drift")]
[JsonDerivedType(typeof(ReapplyInfrastructure), "reapply")]
[JsonDerivedType(typeof(RestoreInfrastructureState), "restore")]
public abstract record InfrastructureCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <summary>From the project, which knows its policy. Takes the place of a plan that nobody has applied.</summary>
/// <param name="Destroy">A plan that takes everything of the environment away.</param>
/// <param name="Approval">Who may approve it: the project's policy.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.PlanInfrastructure")]
public sealed record PlanInfrastructure(
    [property: Id(0)] bool Destroy, [property: Id(1)] ApprovalMode Approval, Actor By, string? Reason) : InfrastructureCommand(By, Reason);

/// <param name="Digest">What the approver saw; refused when the plan is another by now.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.ApproveInfrastructure")]
public sealed record ApproveInfrastructure([property: Id(0)] string Digest, Actor By, string? Reason) : InfrastructureCommand(By, Reason);

/// <summary>Carries out what was approved; after a failure, what is left of it.</summary>
[GenerateSerializer, Immutable, Alias("infrastructure.ApplyInfrastructure")]
public sealed record ApplyInfrastructure(Actor By, string? Reason) : InfrastructureCommand(By, Reason);

/// <summary>Looks now whether what is there is what was applied.</summary>
[GenerateSerializer, Immutable, Alias("infrastructure.CheckDrift")]
public sealed record CheckDrift(Actor By, string? Reason) : InfrastructureCommand(By, Reason);

/// <summary>The drift stays, and somebody answers for it: nothing waits for it any more. Another drift is another decision.</summary>
/// <param name="Digest">Of the drift that was seen.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.AcceptDrift")]
public sealed record AcceptDrift([property: Id(0)] string Digest, Actor By, string? Reason) : InfrastructureCommand(By, Reason);

/// <summary>Puts back what was approved and applied before; anything beyond the drift that was seen is refused.</summary>
/// <param name="Digest">Of the drift that was seen.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.ReapplyInfrastructure")]
public sealed record ReapplyInfrastructure([property: Id(0)] string Digest, Actor By, string? Reason) : InfrastructureCommand(By, Reason);

/// <summary>Makes an earlier version of the state the newest, after one that cannot be believed.</summary>
[GenerateSerializer, Immutable, Alias("infrastructure.RestoreInfrastructureState")]
public sealed record RestoreInfrastructureState([property: Id(0)] long StateVersion, Actor By, string? Reason) : InfrastructureCommand(By, Reason);
