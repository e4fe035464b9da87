using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>How a secret and what happens to it read to people.</summary>
internal static class SecretViews
{
    public static SecretView View(SecretState s, string key, long version) => new(
        key, s.Workspace, s.Project, s.Environment, s.Name, s.Kind, Phase(s), s.Versions, s.Provider, s.EveryDays, s.OverlapHours, SecretMachine.RotateAt(s), s.RevokeAt, s.Waiting, s.CheckedAt, s.Drift, s.Problem, s.Job, version)
    {
        RemovedAt = s.RemovedAt,
    };

    public static TimelineFact Fact(SecretEvent happened, SecretState s)
    {
        var name = $"{s.Name} of {s.Environment}";
        TimelineFact Fact(string kind, string text) => new($"secret.{kind}", happened.By, happened.Reason, text);
        return happened switch
        {
            SecretMade e => Fact("made", $"Secret {name} of the kind {SecretRejections.Word(e.Kind)}"),
            SecretValueSet e => Fact("set", $"Version {e.Number} of {name} set; it is given to whatever starts from now on"),
            SecretRotationBegun e => Fact("rotation-begun", $"Rotation of {name}: version {e.Number} is put in place beside the current one"),
            SecretWasPlaced e => Fact("placed", $"Version {e.Number} of {name} is in place as {e.ProviderId}; it is tried before anybody gets it"),
            SecretSwitched { RevokeAt: { } until } e => Fact("rotated", $"Version {e.Number} of {name} is current; version {e.Before} works until {until:yyyy-MM-dd HH:mm} UTC, and longer while it is used"),
            SecretSwitched e => Fact("rotated", $"Version {e.Number} of {name} is current"),
            SecretUndoBegun e => Fact("rolling-back", $"Version {e.Number} of {name} is taken away again. {e.Problem}"),
            SecretUndoFailed e => Fact("rollback-put-off", e.Problem),
            SecretRolledBack e => Fact("rolled-back", $"Version {e.Number} of {name} is gone, and never was current"),
            SecretGivenUp e => Fact("given-up", $"Version {e.Number} of {name} could not be taken away and is given up; it never was current. At its provider {(e.ProviderId is { } id ? $"{id} may be left" : "something may be left")}, to be taken away there"),
            SecretScheduled { EveryDays: { } days } e => Fact("scheduled", $"{name} is rotated every {days} days; the one before works for {e.OverlapHours} h"),
            SecretScheduled e => Fact("scheduled", $"{name} is rotated when somebody asks; the one before works for {e.OverlapHours} h"),
            SecretRevokeBegun e => Fact("revoke-begun", $"Version {e.Number} of {name} is being ended"),
            SecretRevoked e => Fact("revoked", $"Version {e.Number} of {name} works no more, and its value is forgotten"),
            SecretRevokePutOff e => Fact("revoke-put-off", e.Waiting is { } why ? $"Version {e.Number} of {name} goes on working: {why}" : e.Problem!),
            SecretRestored e => Fact("restored", $"Version {e.Number} of {name} is current again instead of version {e.Instead}"),
            SecretCheckBegun => Fact("check-begun", $"Looking whether {name} is let in"),
            SecretChecked { Drift: null } => Fact("checked", $"{name} is let in"),
            SecretChecked e => Fact("drifted", $"{name} is not let in: {e.Drift}"),
            SecretCheckFailed e => Fact("check-failed", $"Whether {name} is let in could not be seen: {e.Problem}"),
            SecretRemovalAsked => Fact("removal-asked", $"Looking whether anything holds {name}, which is to be removed"),
            SecretWithheld => Fact("withheld", $"Nothing holds {name}; it is given to nobody from now on, and seen once more"),
            SecretRemovalRefused e => Fact("removal-refused", e.Problem),
            SecretRemovalBegun => Fact("removal-begun", $"{name} is being removed: it is given to nobody any more, and ended at its provider"),
            SecretRemovalPutOff e => Fact("removal-put-off", e.Problem),
            SecretRemoved => Fact("removed", $"{name} is removed, and its values are forgotten"),
            _ => Fact("changed", happened.GetType().Name),
        };
    }

    private static SecretPhase Phase(SecretState s) => s switch
    {
        { RemovedAt: not null } => SecretPhase.Removed,
        { Removing: true } => SecretPhase.Removing,
        { Undoing: not null } => SecretPhase.RollingBack,
        { JobKind: SecretJobs.Place } => SecretPhase.Placing,
        { JobKind: SecretJobs.Verify } => SecretPhase.Verifying,
        { JobKind: SecretJobs.Revoke } => SecretPhase.Revoking,
        { Previous: not null } => SecretPhase.Overlap,
        { Current: null } => SecretPhase.Empty,
        _ => SecretPhase.Steady,
    };
}
