using System.Text.Json.Serialization;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>What may be asked of a secret. No command carries a value: it is sealed before, and named by its reference.</summary>
[GenerateSerializer, Immutable, Alias("secrets.SecretCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(SetSecret), "set")]
[JsonDerivedType(typeof(RotateSecret), "rotate")]
[JsonDerivedType(typeof(ScheduleSecret), "schedule")]
[JsonDerivedType(typeof(RevokeSecret), "revoke")]
[JsonDerivedType(typeof(RestoreSecret), "restore")]
[JsonDerivedType(typeof(CheckSecret), "check")]
[JsonDerivedType(typeof(RemoveSecret), "remove")]
public abstract record SecretCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <summary>A new version of a value; of the other kinds, the first one, which is made at its provider.</summary>
/// <param name="Reference">Of the sealed value, for <see cref="SecretKind.Value"/>; null for the others.</param>
/// <param name="Provider">For <see cref="SecretKind.ApiKey"/>; null for the others, and to leave it as it is.</param>
[GenerateSerializer, Immutable, Alias("secrets.SetSecret")]
public sealed record SetSecret(
    [property: Id(0)] SecretKind Kind, [property: Id(1)] string? Reference, [property: Id(2)] ApiKeyProvider? Provider, Actor By, string? Reason) : SecretCommand(By, Reason);

/// <param name="OverlapHours">How long the one before goes on working; null: as the schedule says.</param>
[GenerateSerializer, Immutable, Alias("secrets.RotateSecret")]
public sealed record RotateSecret([property: Id(0)] int? OverlapHours, Actor By, string? Reason) : SecretCommand(By, Reason);

/// <param name="EveryDays">Null: only when somebody asks.</param>
[GenerateSerializer, Immutable, Alias("secrets.ScheduleSecret")]
public sealed record ScheduleSecret([property: Id(0)] int? EveryDays, [property: Id(1)] int OverlapHours, Actor By, string? Reason) : SecretCommand(By, Reason);

/// <summary>Ends the overlap now, also when running copies still use the previous version.</summary>
[GenerateSerializer, Immutable, Alias("secrets.RevokeSecret")]
public sealed record RevokeSecret(Actor By, string? Reason) : SecretCommand(By, Reason);

/// <summary>The previous version, which still works, is the current one again.</summary>
[GenerateSerializer, Immutable, Alias("secrets.RestoreSecret")]
public sealed record RestoreSecret(Actor By, string? Reason) : SecretCommand(By, Reason);

/// <summary>Looks now whether the current version is let in.</summary>
[GenerateSerializer, Immutable, Alias("secrets.CheckSecret")]
public sealed record CheckSecret(Actor By, string? Reason) : SecretCommand(By, Reason);

/// <summary>Ends all of it: at its provider, and its values. Its record stays, and its name may be used again.</summary>
/// <param name="Force">Also when something holds it, and whatever is going on; needs a reason.</param>
[GenerateSerializer, Immutable, Alias("secrets.RemoveSecret")]
public sealed record RemoveSecret([property: Id(0)] bool Force, Actor By, string? Reason) : SecretCommand(By, Reason);
