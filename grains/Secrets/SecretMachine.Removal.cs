using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>
/// The end of a secret. First it is seen that nothing holds it, unless somebody who says why will not wait for that. Then it is withheld from whatever starts, and seen once more: what had
/// started meanwhile and has got it keeps it, and the secret stays. From then on there is no way back: whatever of it works is ended at its provider, and its values are forgotten, tried
/// again until it is so. What it was stays to be read, and its name may be used again.
/// </summary>
public static partial class SecretMachine
{
    private static Decision<SecretEvent> Remove(SecretState s, string key, long version, RemoveSecret c, DateTimeOffset now)
    {
        if (c.Force && string.IsNullOrWhiteSpace(c.Reason)) return Refuse(SecretRejections.ForcedWithoutReason(s));
        if (s.Removing && s.JobKind != SecretJobs.Holders) return s.Job is null ? EndAll(s, key, version, c.By.Id, c.Reason, now) : Decision<SecretEvent>.Nothing;
        if (c.Force) return EndAll(s, key, version, c.By.Id, c.Reason, now);
        if (s.JobKind == SecretJobs.Holders) return Decision<SecretEvent>.Nothing;
        if (s.Job is not null && s.JobKind != SecretJobs.Check) return Refuse(SecretRejections.Busy(s));
        return Job(s, key, version, SecretJobs.Holders, OfAll(s, now), [], job => new SecretRemovalAsked(job, c.By.Id, c.Reason));
    }

    /// <summary>What is going on gives way.</summary>
    private static Decision<SecretEvent> EndAll(SecretState s, string key, long version, string by, string? reason, DateTimeOffset now) =>
        Job(s, key, version, SecretJobs.Remove, OfAll(s, now), [], job => new SecretRemovalBegun(job, by, reason));

    private static Decision<SecretEvent> RemovalEnded(SecretState s, string key, long version, string? problem, string by, DateTimeOffset now) => (s.JobKind, problem) switch
    {
        (SecretJobs.Holders, null) when !s.Removing => Job(s with { Job = null }, key, version, SecretJobs.Holders, OfAll(s, now), [], job => new SecretWithheld(job, by, null)),
        (SecretJobs.Holders, null) => EndAll(s with { Job = null }, key, version, by, null, now),
        (SecretJobs.Holders, _) => Decision<SecretEvent>.Of(new SecretRemovalRefused($"{s.Name} was not removed: {problem.TrimEnd('.')}. Next: end that, or remove it all the same: prodsprint secrets remove {s.Name} --force --reason …", by, null)),
        (_, null) => Decision<SecretEvent>.Of(new SecretRemoved(now, by, null)),
        _ => Decision<SecretEvent>.Of(new SecretRemovalPutOff($"{s.Name} is given to nobody any more, and something of it may still work, which is tried again: {problem}", now + AgainAfter, by, null)),
    };

    /// <summary>Everything that has not ended, and how new the newest of them is: what comes after that is another secret.</summary>
    private static SecretRequest OfAll(SecretState s, DateTimeOffset now) => Request(s, s.Versions[0], force: true) with { Since = now, Versions = [.. s.Versions.Where(v => v.EndedAt is null)] };

    private static SecretState Gone(SecretState s, SecretRemoved e) => Idle(s) with
    {
        Versions = [.. s.Versions.Select(v => v.EndedAt is null ? v with { State = SecretVersionState.Retired, EndedAt = e.At } : v)],
        Removing = false,
        RemoveAt = null,
        RemovedAt = e.At,
        Problem = null,
        EveryDays = null,
        RotateNotBefore = null,
        PreviousDoubtful = false,
    };
}
