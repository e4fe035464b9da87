using System.Text.Json.Serialization;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Releases;

/// <summary>Back to the stable version at once, in every state that has not ended: the outcome says rolled back, not aborted.</summary>
[GenerateSerializer, Immutable, Alias("releases.RollBackRelease")]
public sealed record RollBackRelease(Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>Lets a release go on in a freeze window. Takes two different people, the second of whom confirms, and ends by itself.</summary>
/// <param name="Duration">From the confirmation on.</param>
[GenerateSerializer, Immutable, Alias("releases.OverrideFreeze")]
public sealed record OverrideFreeze([property: Id(0)] TimeSpan Duration, Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>Something outside forbids the next step: <see cref="HoldReason.Drift"/>, <see cref="HoldReason.WaiverExpired"/> or <see cref="HoldReason.AttestationMissing"/>.</summary>
[GenerateSerializer, Immutable, Alias("releases.BlockRelease")]
public sealed record BlockRelease([property: Id(0)] HoldReason Why, [property: Id(1)] string Detail, Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>The cause of a block is gone: drift undone, waiver renewed, attestation verified.</summary>
[GenerateSerializer, Immutable, Alias("releases.UnblockRelease")]
public sealed record UnblockRelease([property: Id(0)] HoldReason Why, Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>From the supervisor: a process of a version died or hangs, and is being started again.</summary>
/// <param name="Release">Whose process it is.</param>
[GenerateSerializer, Immutable, Alias("releases.InstanceFailed")]
public sealed record InstanceFailed(
    [property: Id(0)] string Environment, [property: Id(1)] int Release, [property: Id(2)] string Why, Actor By, string? Reason) : ReleaseCommand(By, Reason)
{
    /// <summary>Null for the entry; else the name of the service beside it whose process it is.</summary>
    [Id(3)] public string? Service { get; init; }
}

/// <summary>From the supervisor: a process of a version answers (again), perhaps at another address.</summary>
[GenerateSerializer, Immutable, Alias("releases.InstanceStarted")]
public sealed record InstanceStarted(
    [property: Id(0)] string Environment, [property: Id(1)] int Release, [property: Id(2)] string Address, Actor By, string? Reason) : ReleaseCommand(By, Reason)
{
    /// <summary>Null for the entry; else the name of the service beside it whose process it is.</summary>
    [Id(3)] public string? Service { get; init; }
}

/// <summary>From the project: the attempt that was asked for may begin.</summary>
/// <param name="Stable">What production serves now; it may have changed since the last attempt.</param>
[GenerateSerializer, Immutable, Alias("releases.AllowAttempt")]
public sealed record AllowAttempt([property: Id(0)] StableVersion? Stable, Actor By, string? Reason) : ReleaseCommand(By, Reason)
{
    /// <summary>As the project has them now; null when it has none.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public GateFacts? Gate { get; init; }

    /// <summary>The window that is open for production.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public FreezeWindow? Frozen { get; init; }

    /// <summary>Production is not as it was applied, and nobody has accepted that; null: it is.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Drift { get; init; }
}

/// <summary>From the project: its waivers, or whether it has advisories, changed.</summary>
[GenerateSerializer, Immutable, Alias("releases.TellGateFacts")]
public sealed record TellGateFacts([property: Id(0)] GateFacts Facts, Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>From the project: no new attempt; <see cref="ReleaseCommand.Reason"/> says why.</summary>
[GenerateSerializer, Immutable, Alias("releases.RefuseAttempt")]
public sealed record RefuseAttempt(Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <summary>From a rollback to the release that keeps the wanted version warm: hand its running process over.</summary>
[GenerateSerializer, Immutable, Alias("releases.AskForWarm")]
public sealed record AskForWarm([property: Id(0)] int ForRelease, [property: Id(1)] string ArtifactDigest, Actor By, string? Reason) : ReleaseCommand(By, Reason);

/// <param name="Warm">Running and now the receiver's to stop; null when it does not run any more.</param>
[GenerateSerializer, Immutable, Alias("releases.GiveWarm")]
public sealed record GiveWarm([property: Id(0)] StableVersion? Warm, Actor By, string? Reason) : ReleaseCommand(By, Reason);
