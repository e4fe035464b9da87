using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

public static partial class SecretMachine
{
    private static Decision<SecretEvent> Ended(SecretState s, string key, long version, SecretOutcome c, DateTimeOffset now)
    {
        var by = s.JobBy!;
        var problem = c.Problem ?? (c.Result as SecretLooked)?.Problem;
        return s.JobKind switch
        {
            SecretJobs.Holders or SecretJobs.Remove => RemovalEnded(s, key, version, problem ?? (c.Result is SecretLooked ? null : Strange(c)), by, now),
            SecretJobs.Place when c is { Problem: null, Result: SecretPlaced placed } => Placed(s, key, version, placed, by),
            SecretJobs.Place => TakeBack(s, key, version, problem ?? Strange(c), by),
            SecretJobs.Verify when problem is null && c.Result is SecretLooked => Switch(s, now, by),
            SecretJobs.Verify => TakeBack(s, key, version, problem ?? Strange(c), by),
            SecretJobs.Undo when problem is null => Decision<SecretEvent>.Of(new SecretRolledBack(s.Undoing!.Number, now, now + RotateAgainAfter, by, null)),
            SecretJobs.Undo => Decision<SecretEvent>.Of(new SecretUndoFailed(s.Undoing!.Number, $"{First(s.Problem!)} Version {s.Undoing.Number} could not be taken away either, which is tried again: {problem}", now + AgainAfter, by, null)),
            SecretJobs.Revoke when problem is null => Decision<SecretEvent>.Of(new SecretRevoked(s.Previous!.Number, now, by, null)),
            SecretJobs.Revoke => Decision<SecretEvent>.Of(new SecretRevokePutOff(
                s.Previous!.Number, c.Problem is null ? problem : null, c.Problem is null ? null : $"Version {s.Previous.Number} still works, because it could not be ended, which is tried again: {problem}", now + AgainAfter, by, null)),
            _ when c.Problem is not null => Decision<SecretEvent>.Of(new SecretCheckFailed(c.Problem, now, by, null)),
            _ => Decision<SecretEvent>.Of(new SecretChecked(problem is null ? null : Drift(s, problem), now, by, null)),
        };
    }

    private static Decision<SecretEvent> Placed(SecretState s, string key, long version, SecretPlaced placed, string by) =>
        Job(s with { Job = null }, key, version, SecretJobs.Verify, Request(s, s.Making! with { ProviderId = placed.ProviderId }), [],
            job => new SecretWasPlaced(s.Making.Number, placed.ProviderId, job, by, null));

    private static Decision<SecretEvent> Switch(SecretState s, DateTimeOffset now, string by) => Decision<SecretEvent>.Of(
        new SecretSwitched(s.Making!.Number, s.Current?.Number, now, s.Current is null ? null : now.AddHours(s.RotationOverlapHours), by, null));

    private static Decision<SecretEvent> TakeBack(SecretState s, string key, long version, string problem, string by) =>
        Undo(s with { Job = null }, key, version, s.Making!, $"Version {s.Making!.Number} was taken back, and {(s.Current is { } c ? $"version {c.Number} is what it was" : "there is none yet")}: {problem}", by);

    private static string Drift(SecretState s, string problem) => s.Previous is null
        ? $"{problem} Next: rotate it, which makes a version that is let in: prodsprint secrets rotate {s.Name}"
        : $"{problem} Next: hand out the version before again, until this one is ended: prodsprint secrets restore {s.Name}";

    /// <summary>Of a problem that was told before: tries add up, sentences do not.</summary>
    private static string First(string problem)
    {
        var again = problem.IndexOf(" Version ", StringComparison.Ordinal);
        return again < 0 ? problem : problem[..again];
    }

    private static string Strange(SecretOutcome c) => $"The job ended with what it should not: {c.Result?.GetType().Name ?? "nothing"}. Next: report this as a defect of ProdSprint";
}
