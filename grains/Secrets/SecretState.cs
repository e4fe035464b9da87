using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Secrets;

/// <summary>The state of one secret: its versions, which of them work, and the one job that is at work on them. No value is ever in it.</summary>
public sealed record SecretState
{
    public required string Workspace { get; init; }
    public required string Project { get; init; }
    public required string Environment { get; init; }
    public required string Name { get; init; }
    public required SecretKind Kind { get; init; }
    public ApiKeyProvider? Provider { get; init; }

    /// <summary>Newest first; those that ended long ago are left out.</summary>
    public ImmutableArray<SecretVersion> Versions { get; init; } = [];
    public int LastNumber { get; init; }
    public int? EveryDays { get; init; }
    public int OverlapHours { get; init; } = SecretMachine.UsualOverlapHours;

    /// <summary>Of the rotation that is going on.</summary>
    public int RotationOverlapHours { get; init; }

    /// <summary>When the schedule tries again after a rotation that was taken back.</summary>
    public DateTimeOffset? RotateNotBefore { get; init; }
    public DateTimeOffset? RevokeAt { get; init; }
    public string? Waiting { get; init; }

    /// <summary>Ending the previous version was begun: somebody who was taken for dead may still be at it, so it is never made current again.</summary>
    public bool PreviousDoubtful { get; init; }

    /// <summary>When what could not be taken away is tried again.</summary>
    public DateTimeOffset? UndoAt { get; init; }

    /// <summary>It is given to nobody. There is no way back any more, but while <see cref="SecretJobs.Holders"/> is at work: it is seen for the last time whether anything holds it.</summary>
    public bool Removing { get; init; }

    /// <summary>When what could not be ended is tried again.</summary>
    public DateTimeOffset? RemoveAt { get; init; }

    /// <summary>It is gone; its name is free.</summary>
    public DateTimeOffset? RemovedAt { get; init; }
    public DateTimeOffset? CheckedAt { get; init; }
    public string? Drift { get; init; }
    public string? Problem { get; init; }

    /// <summary>The one job at work; an outcome of any other is of the past.</summary>
    public string? Job { get; init; }
    public string? JobKind { get; init; }

    /// <summary>Who asked for it; its outcome is told in their name.</summary>
    public string? JobBy { get; init; }

    [JsonIgnore] public SecretVersion? Current => In(SecretVersionState.Current);
    [JsonIgnore] public SecretVersion? Previous => In(SecretVersionState.Previous);
    [JsonIgnore] public SecretVersion? Making => In(SecretVersionState.Making);
    [JsonIgnore] public SecretVersion? Undoing => In(SecretVersionState.Undoing);

    private SecretVersion? In(SecretVersionState state)
    {
        foreach (var v in Versions) if (v.State == state) return v;
        return null;
    }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "$event")]
[JsonDerivedType(typeof(SecretMade), "made")]
[JsonDerivedType(typeof(SecretValueSet), "set")]
[JsonDerivedType(typeof(SecretRotationBegun), "rotation-begun")]
[JsonDerivedType(typeof(SecretWasPlaced), "placed")]
[JsonDerivedType(typeof(SecretSwitched), "switched")]
[JsonDerivedType(typeof(SecretUndoBegun), "undo-begun")]
[JsonDerivedType(typeof(SecretUndoFailed), "undo-failed")]
[JsonDerivedType(typeof(SecretRolledBack), "rolled-back")]
[JsonDerivedType(typeof(SecretGivenUp), "given-up")]
[JsonDerivedType(typeof(SecretScheduled), "scheduled")]
[JsonDerivedType(typeof(SecretRevokeBegun), "revoke-begun")]
[JsonDerivedType(typeof(SecretRevoked), "revoked")]
[JsonDerivedType(typeof(SecretRevokePutOff), "revoke-put-off")]
[JsonDerivedType(typeof(SecretRestored), "restored")]
[JsonDerivedType(typeof(SecretCheckBegun), "check-begun")]
[JsonDerivedType(typeof(SecretChecked), "checked")]
[JsonDerivedType(typeof(SecretCheckFailed), "check-failed")]
[JsonDerivedType(typeof(SecretRemovalAsked), "removal-asked")]
[JsonDerivedType(typeof(SecretWithheld), "withheld")]
[JsonDerivedType(typeof(SecretRemovalRefused), "removal-refused")]
[JsonDerivedType(typeof(SecretRemovalBegun), "removal-begun")]
[JsonDerivedType(typeof(SecretRemovalPutOff), "removal-put-off")]
[JsonDerivedType(typeof(SecretRemoved), "removed")]
public abstract record SecretEvent(string By, string? Reason);

public sealed record SecretMade(string Workspace, string Project, string Environment, string Name, SecretKind Kind, ApiKeyProvider? Provider, string By, string? Reason) : SecretEvent(By, Reason);

/// <summary>A value from outside is current at once; there is nobody to put it in place at.</summary>
/// <param name="Ended">The version that was the previous one until now, and is forgotten; null: there was none.</param>
public sealed record SecretValueSet(int Number, string Reference, int? Ended, DateTimeOffset At, DateTimeOffset RevokeAt, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRotationBegun(int Number, string Reference, int Slot, ApiKeyProvider? Provider, int OverlapHours, DateTimeOffset At, string Job, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretWasPlaced(int Number, string ProviderId, string Job, string By, string? Reason) : SecretEvent(By, Reason);

/// <param name="RevokeAt">Of the one before; null: there was none.</param>
public sealed record SecretSwitched(int Number, int? Before, DateTimeOffset At, DateTimeOffset? RevokeAt, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretUndoBegun(int Number, string Problem, string Job, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretUndoFailed(int Number, string Problem, DateTimeOffset Again, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRolledBack(int Number, DateTimeOffset At, DateTimeOffset NotBefore, string By, string? Reason) : SecretEvent(By, Reason);

/// <summary>It could not be taken away, and somebody wants to go on: what may be left of it at its provider is theirs to see to.</summary>
public sealed record SecretGivenUp(int Number, string? ProviderId, DateTimeOffset At, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretScheduled(int? EveryDays, int OverlapHours, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRevokeBegun(int Number, string Job, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRevoked(int Number, DateTimeOffset At, string By, string? Reason) : SecretEvent(By, Reason);

/// <param name="Waiting">It is in use: until that is over it works. Null: it could not be ended, see the problem.</param>
public sealed record SecretRevokePutOff(int Number, string? Waiting, string? Problem, DateTimeOffset Again, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRestored(int Number, int Instead, DateTimeOffset At, DateTimeOffset RevokeAt, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretCheckBegun(string Job, string By, string? Reason) : SecretEvent(By, Reason);

/// <param name="Drift">Null: it is let in.</param>
public sealed record SecretChecked(string? Drift, DateTimeOffset At, string By, string? Reason) : SecretEvent(By, Reason);

/// <summary>Whether it is let in could not be seen: that says nothing about the secret.</summary>
public sealed record SecretCheckFailed(string Problem, DateTimeOffset At, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRemovalAsked(string Job, string By, string? Reason) : SecretEvent(By, Reason);

/// <summary>Nothing held it. From here on nothing that starts gets it, until it is seen that this is still so.</summary>
public sealed record SecretWithheld(string Job, string By, string? Reason) : SecretEvent(By, Reason);

/// <summary>Something holds it.</summary>
public sealed record SecretRemovalRefused(string Problem, string By, string? Reason) : SecretEvent(By, Reason);

/// <summary>From here on there is no way back.</summary>
public sealed record SecretRemovalBegun(string Job, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRemovalPutOff(string Problem, DateTimeOffset Again, string By, string? Reason) : SecretEvent(By, Reason);

public sealed record SecretRemoved(DateTimeOffset At, string By, string? Reason) : SecretEvent(By, Reason);
