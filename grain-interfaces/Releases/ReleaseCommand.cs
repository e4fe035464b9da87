using System.Text.Json.Serialization;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>What may be asked of a release. <see cref="By"/> and <see cref="Reason"/> go into the timeline.</summary>
[GenerateSerializer, Immutable, Alias("releases.ReleaseCommand")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$command")]
[JsonDerivedType(typeof(BeginRelease), "begin")]
[JsonDerivedType(typeof(ApproveRelease), "approve")]
[JsonDerivedType(typeof(PromoteRelease), "promote")]
[JsonDerivedType(typeof(PauseRelease), "pause")]
[JsonDerivedType(typeof(ResumeRelease), "resume")]
[JsonDerivedType(typeof(AbortRelease), "abort")]
[JsonDerivedType(typeof(RetryRelease), "retry")]
[JsonDerivedType(typeof(SupersedeRelease), "supersede")]
[JsonDerivedType(typeof(FreezeRelease), "freeze")]
[JsonDerivedType(typeof(RollBackRelease), "roll-back")]
[JsonDerivedType(typeof(OverrideFreeze), "override-freeze")]
[JsonDerivedType(typeof(BlockRelease), "block")]
[JsonDerivedType(typeof(UnblockRelease), "unblock")]
[JsonDerivedType(typeof(InstanceFailed), "instance-failed")]
[JsonDerivedType(typeof(InstanceStarted), "instance-started")]
[JsonDerivedType(typeof(AllowAttempt), "allow-attempt")]
[JsonDerivedType(typeof(RefuseAttempt), "refuse-attempt")]
[JsonDerivedType(typeof(AskForWarm), "ask-for-warm")]
[JsonDerivedType(typeof(GiveWarm), "give-warm")]
[JsonDerivedType(typeof(TellGateFacts), "gate-facts")]
public abstract record ReleaseCommand([property: Id(0)] Actor By, [property: Id(1)] string? Reason);

/// <summary>From the project, once.</summary>
[GenerateSerializer, Immutable, Alias("releases.BeginRelease")]
public sealed record BeginRelease([property: Id(0)] ReleaseSpec Spec, Actor By, string? Reason) : ReleaseCommand(By, Reason)
{
    /// <summary>The window that is open for production.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public FreezeWindow? Frozen { get; init; }

    /// <summary>Production is not as it was applied, and nobody has accepted that; null: it is.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Drift { get; init; }
}

/// <summary>At an approval gate; never by the one who started the release.</summary>
[GenerateSerializer, Immutable, Alias("releases.ApproveRelease")]
public sealed record ApproveRelease(Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <param name="Full">Skip every remaining step and analysis.</param>
[GenerateSerializer, Immutable, Alias("releases.PromoteRelease")]
public sealed record PromoteRelease([property: Id(0)] bool Full, Actor By, string? Reason) : ReleaseCommand(By, Reason);

[GenerateSerializer, Immutable, Alias("releases.PauseRelease")]
public sealed record PauseRelease(Actor By, string? Reason) : ReleaseCommand(By, Reason);

[GenerateSerializer, Immutable, Alias("releases.ResumeRelease")]
public sealed record ResumeRelease(Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>Wins in every state that has not ended.</summary>
[GenerateSerializer, Immutable, Alias("releases.AbortRelease")]
public sealed record AbortRelease(Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>
/// A new attempt from the first step, after an abort, a failure or a rollback. The release asks its project, which knows whether a newer release
/// owns production by now, and begins when the project allows it.
/// </summary>
[GenerateSerializer, Immutable, Alias("releases.RetryRelease")]
public sealed record RetryRelease(Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>A newer release takes its place: traffic back to stable, then ended.</summary>
[GenerateSerializer, Immutable, Alias("releases.SupersedeRelease")]
public sealed record SupersedeRelease([property: Id(0)] int ByRelease, Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>The project's freeze state changed.</summary>
/// <param name="Until">Null when the window has closed.</param>
[GenerateSerializer, Immutable, Alias("releases.FreezeRelease")]
public sealed record FreezeRelease([property: Id(0)] DateTimeOffset? Until, Actor By, string? Reason) : ReleaseCommand(By, Reason);
