namespace ProdSprint.Secrets;

public static partial class SecretMachine
{
    /// <summary>The only writer of the state, live and in replay.</summary>
    public static SecretState Apply(SecretState? state, SecretEvent happened) => happened switch
    {
        SecretMade e => new() { Workspace = e.Workspace, Project = e.Project, Environment = e.Environment, Name = e.Name, Kind = e.Kind, Provider = e.Provider, Versions = state?.Versions ?? [], LastNumber = state?.LastNumber ?? 0 },
        SecretValueSet e => Idle(Added(Superseded(state!, e), new(e.Number, SecretVersionState.Current, e.Reference, 0, null, e.By, e.At, e.At, null))) with
        {
            RevokeAt = state!.Current is null ? null : e.RevokeAt,
            Waiting = null,
            Problem = null,
            PreviousDoubtful = false,
        },
        SecretRotationBegun e => Working(Added(state!, new(e.Number, SecretVersionState.Making, e.Reference, e.Slot, null, e.By, e.At, null, null)), e.Job, SecretJobs.Place, e.By) with
        {
            Provider = e.Provider,
            RotationOverlapHours = e.OverlapHours,
            Problem = null,
        },
        SecretWasPlaced e => Working(Changed(state!, e.Number, v => v with { ProviderId = e.ProviderId }), e.Job, SecretJobs.Verify, e.By),
        SecretSwitched e => Idle(Changed(
            e.Before is { } before ? Changed(state!, before, v => v with { State = SecretVersionState.Previous }) : state!,
            e.Number, v => v with { State = SecretVersionState.Current, CurrentAt = e.At })) with
        {
            RevokeAt = e.RevokeAt,
            Waiting = null,
            RotateNotBefore = null,
            CheckedAt = e.At,
            Drift = null,
        },
        SecretUndoBegun e => Working(Changed(state!, e.Number, v => v with { State = SecretVersionState.Undoing }), e.Job, SecretJobs.Undo, e.By) with { Problem = e.Problem, UndoAt = null },
        SecretUndoFailed e => Idle(state!) with { Problem = e.Problem, UndoAt = e.Again },
        SecretRolledBack e => Idle(Changed(state!, e.Number, v => v with { State = SecretVersionState.Failed, EndedAt = e.At })) with { UndoAt = null, RotateNotBefore = e.NotBefore },
        SecretGivenUp e => Changed(state!, e.Number, v => v with { State = SecretVersionState.Failed, EndedAt = e.At }) with { UndoAt = null },
        SecretScheduled e => state! with { EveryDays = e.EveryDays, OverlapHours = e.OverlapHours, RotateNotBefore = null },
        SecretRevokeBegun e => Working(state!, e.Job, SecretJobs.Revoke, e.By) with { PreviousDoubtful = true },
        SecretRevoked e => Idle(Changed(state!, e.Number, v => v with { State = SecretVersionState.Retired, EndedAt = e.At })) with { RevokeAt = null, Waiting = null, Problem = null, PreviousDoubtful = false },
        SecretRevokePutOff e => Idle(state!) with { RevokeAt = e.Again, Waiting = e.Waiting, Problem = e.Problem },
        SecretRestored e => Idle(Changed(
            Changed(state!, e.Instead, v => v with { State = SecretVersionState.Previous }), e.Number, v => v with { State = SecretVersionState.Current, CurrentAt = e.At })) with
        {
            RevokeAt = e.RevokeAt,
            Waiting = null,
            // what was seen was of the other version
            CheckedAt = null,
            Drift = null,
        },
        SecretCheckBegun e => Working(state!, e.Job, SecretJobs.Check, e.By),
        SecretChecked e => Idle(state!) with { CheckedAt = e.At, Drift = e.Drift },
        SecretCheckFailed e => Idle(state!) with { CheckedAt = e.At },
        SecretRemovalAsked e => Working(state!, e.Job, SecretJobs.Holders, e.By),
        SecretWithheld e => Working(state!, e.Job, SecretJobs.Holders, e.By) with { Removing = true, Waiting = "It is given to nobody, and seen once more whether anything that has started meanwhile holds it" },
        SecretRemovalRefused e => Idle(state!) with { Problem = e.Problem, Waiting = state!.Removing ? null : state.Waiting, Removing = false },
        SecretRemovalBegun e => Working(state!, e.Job, SecretJobs.Remove, e.By) with { Removing = true, RemoveAt = null, RevokeAt = null, UndoAt = null, Waiting = null, Drift = null, Problem = null },
        SecretRemovalPutOff e => Idle(state!) with { Problem = e.Problem, RemoveAt = e.Again },
        SecretRemoved e => Gone(state!, e),
        _ => throw new InvalidOperationException($"Apply does not know {happened.GetType().Name}"),
    };

    /// <summary>What works is always kept, however old it is.</summary>
    private static SecretState Added(SecretState s, SecretVersion version) =>
        s with { LastNumber = version.Number, Versions = [.. s.Versions.Prepend(version).Where((v, i) => i < KeptVersions || v.EndedAt is null)] };

    private static SecretState Superseded(SecretState s, SecretValueSet e)
    {
        if (e.Ended is { } ended) s = Changed(s, ended, v => v with { State = SecretVersionState.Retired, EndedAt = e.At });
        return s.Current is { } current ? Changed(s, current.Number, v => v with { State = SecretVersionState.Previous }) : s;
    }

    private static SecretState Changed(SecretState s, int number, Func<SecretVersion, SecretVersion> change) =>
        s with { Versions = [.. s.Versions.Select(v => v.Number == number ? change(v) : v)] };

    private static SecretState Working(SecretState s, string job, string kind, string by) => s with { Job = job, JobKind = kind, JobBy = by };

    private static SecretState Idle(SecretState s) => s with { Job = null, JobKind = null, JobBy = null };
}
