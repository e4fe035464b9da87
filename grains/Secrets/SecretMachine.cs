using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>
/// What a secret decides. A rotation puts a new version in place beside the one that works, signs in with it, and only then makes it current; the one before goes on working
/// for an overlap, and is ended when nothing uses it. Until the new one is current every failure takes it away again, and the current one never stops working.
/// One job at a time; every step is a job that may be done twice.
/// </summary>
public static partial class SecretMachine
{
    public const int UsualOverlapHours = 24, MostOverlapHours = 24 * 30, MostDays = 366;

    internal const int KeptVersions = 20;

    /// <summary>How often a current version is held against whoever lets it in.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromHours(1);

    /// <summary>How long until what could not be ended, because it is in use or its provider is away, is tried again.</summary>
    public static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(15);

    /// <summary>A schedule does not begin the next rotation right after one that was taken back.</summary>
    public static readonly TimeSpan RotateAgainAfter = TimeSpan.FromHours(6);

    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(2);

    private const int Attempts = 5;

    private static readonly Actor Schedule = Actor.System("schedule");

    /// <param name="version">Of the grain before this command: what is decided now gets the next one, and its effects their ids from it.</param>
    public static Decision<SecretEvent> Decide(SecretState? state, string key, long version, SecretCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null or { RemovedAt: not null }, SetSecret c) => Make(state, key, version, c, now),
        (null, SecretTick or SecretOutcome) or ({ RemovedAt: not null }, SecretTick or SecretOutcome or RemoveSecret) => Decision<SecretEvent>.Nothing,
        (null, _) => Refuse(SecretRejections.Unknown(key)),
        ({ RemovedAt: { } at } s, _) => Refuse(SecretRejections.Removed(s, at)),
        ({ } s, SecretOutcome c) => s.Job == c.Job ? Ended(s, key, version, c, now) : Decision<SecretEvent>.Nothing,
        ({ } s, SecretTick) => Due(s, key, version, now),
        ({ } s, RemoveSecret c) => Remove(s, key, version, c, now),
        ({ Removing: true } s, _) => Refuse(SecretRejections.Busy(s)),
        ({ } s, SetSecret c) when c.Kind != s.Kind => Refuse(SecretRejections.OtherKind(s, c.Kind)),
        ({ Kind: SecretKind.Value } s, SetSecret c) => SetValue(s, key, version, c, now, []),
        ({ } s, SetSecret c) => Rotate(s, key, version, c.Provider ?? s.Provider, null, c.By, c.Reason, now, []),
        ({ } s, ScheduleSecret c) => ScheduleIt(s, c),
        ({ Kind: SecretKind.Value } s, RotateSecret) => Refuse(SecretRejections.NoRotator(s)),
        (_, RotateSecret { OverlapHours: < 0 or > MostOverlapHours }) => Refuse(SecretRejections.BadSchedule()),
        ({ } s, RotateSecret c) => Rotate(s, key, version, s.Provider, c.OverlapHours, c.By, c.Reason, now, []),
        ({ Undoing: { } u, Job: null } s, RevokeSecret c) => Undo(s, key, version, u, s.Problem!, c.By.Id),
        ({ Previous: null } s, RevokeSecret or RestoreSecret) => Refuse(SecretRejections.NothingToRevoke(s)),
        ({ } s, RevokeSecret c) => Revoke(s, key, version, c.By, c.Reason, force: true),
        ({ JobKind: SecretJobs.Revoke } s, RestoreSecret) => Refuse(SecretRejections.Busy(s)),
        ({ PreviousDoubtful: true } s, RestoreSecret) => Refuse(SecretRejections.Doubtful(s)),
        ({ } s, RestoreSecret c) => Restore(s, key, c, now),
        ({ Kind: SecretKind.Value } s, CheckSecret) => Refuse(SecretRejections.NothingToCheck(s)),
        ({ Current: null } s, CheckSecret) => Refuse(SecretRejections.Empty(s)),
        ({ Job: not null } s, CheckSecret) => s.JobKind == SecretJobs.Check ? Decision<SecretEvent>.Nothing : Refuse(SecretRejections.Busy(s)),
        ({ } s, CheckSecret c) => Check(s, key, version, c.By, c.Reason),
        _ => Decision<SecretEvent>.Nothing,
    };

    /// <summary>When the schedule rotates it: never while two versions work.</summary>
    public static DateTimeOffset? RotateAt(SecretState s)
    {
        if (s is not { EveryDays: { } days, Current: { } current, Previous: null, Making: null, Undoing: null } || s.Kind == SecretKind.Value) return null;
        var at = current.CurrentAt!.Value.AddDays(days);
        return s.RotateNotBefore > at ? s.RotateNotBefore : at;
    }

    /// <summary>The next thing that is due, while nothing is being worked on: an outcome comes by itself.</summary>
    public static DateTimeOffset? DueAt(SecretState s) => s.Job is not null || s.RemovedAt is not null ? null : s.Removing ? s.RemoveAt : Earliest(s.UndoAt, s.Previous is null ? null : s.RevokeAt, RotateAt(s), CheckAt(s));

    private static DateTimeOffset? CheckAt(SecretState s) =>
        s is { Current: { } c, Making: null, Undoing: null } && s.Kind != SecretKind.Value ? s.CheckedAt is { } at ? at + CheckEvery : c.CurrentAt : null;

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? first = null;
        foreach (var t in times) if (t is not null && (first is null || t < first)) first = t;
        return first;
    }

    private static Decision<SecretEvent> Due(SecretState s, string key, long version, DateTimeOffset now)
    {
        if (s.Job is not null) return Decision<SecretEvent>.Nothing;
        if (s.Removing) return s.RemoveAt <= now ? EndAll(s, key, version, Schedule.Id, null, now) : Decision<SecretEvent>.Nothing;
        if (s.UndoAt <= now && s.Undoing is { } u) return Undo(s, key, version, u, s.Problem!, Schedule.Id);
        if (s.RevokeAt <= now && s.Previous is not null) return Revoke(s, key, version, Schedule, null, force: false);
        if (RotateAt(s) <= now) return Rotate(s, key, version, s.Provider, null, Schedule, $"every {s.EveryDays} days", now, []);
        return CheckAt(s) <= now ? Check(s, key, version, Schedule, null) : Decision<SecretEvent>.Nothing;
    }

    /// <param name="before">It was there once and was removed: numbers go on, so that nothing of then is taken for something of now.</param>
    private static Decision<SecretEvent> Make(SecretState? before, string key, long version, SetSecret c, DateTimeOffset now)
    {
        var parts = key.Split('/');
        var made = new SecretMade(parts[1], parts[2], parts[3], parts[4], c.Kind, c.Provider, c.By.Id, c.Reason);
        var s = Apply(before, made);
        return c.Kind == SecretKind.Value ? SetValue(s, key, version, c, now, [made]) : Rotate(s, key, version, c.Provider, null, c.By, c.Reason, now, [made]);
    }

    private static Decision<SecretEvent> SetValue(SecretState s, string key, long version, SetSecret c, DateTimeOffset now, SecretEvent[] before)
    {
        if (string.IsNullOrEmpty(c.Reference)) return Refuse(SecretRejections.NoValue());
        var effects = new List<Effect>();
        if (s.Job is not null) effects.Add(new CancelJobs(key));
        // Two are kept: of what was the previous one until now the value is forgotten. Nobody waits for it, so it is in no group that could be cancelled.
        if (s.Previous is { } old) effects.Add(new EnqueueJob(SecretJobs.Revoke, KernelJson.Write(Request(s, old, force: true)), JobLimit, Attempts));
        return Decision<SecretEvent>.Of([.. before, new SecretValueSet(s.LastNumber + 1, c.Reference, s.Previous?.Number, now, now.AddHours(s.OverlapHours), c.By.Id, c.Reason)], effects);
    }

    private static Decision<SecretEvent> Rotate(
        SecretState s, string key, long version, ApiKeyProvider? provider, int? overlap, Actor by, string? reason, DateTimeOffset now, SecretEvent[] before)
    {
        if (s.Kind == SecretKind.ApiKey && provider is null) return Refuse(SecretRejections.NoProvider());
        if (s is { Undoing: { } left, Job: null })
        {
            // Whoever asks does not wait for a provider that may never answer. Its place is free: what is placed there next comes after it.
            var givenUp = new SecretGivenUp(left.Number, left.ProviderId, now, by.Id, reason);
            (s, before) = (Apply(s, givenUp), [.. before, givenUp]);
        }
        if (s.Making is not null || s.Undoing is not null || s.JobKind == SecretJobs.Revoke) return Refuse(SecretRejections.Busy(s));
        if (s.Previous is not null) return Refuse(SecretRejections.Overlap(s));
        var number = s.LastNumber + 1;
        // Never the place of the one that works, whatever became of those in between.
        var made = new SecretVersion(number, SecretVersionState.Making, $"{key}@{version + 1}", s.Current is { } c ? 1 - c.Slot : 0, null, by.Id, now, null, null);
        return Job(s, key, version, SecretJobs.Place, Request(s with { Provider = provider }, made), before,
            job => new SecretRotationBegun(number, made.Reference, made.Slot, provider, overlap ?? s.OverlapHours, now, job, by.Id, reason));
    }

    private static Decision<SecretEvent> Undo(SecretState s, string key, long version, SecretVersion which, string problem, string by) =>
        Job(s, key, version, SecretJobs.Undo, Request(s, which, force: true), [], job => new SecretUndoBegun(which.Number, problem, job, by, null));

    private static Decision<SecretEvent> Revoke(SecretState s, string key, long version, Actor by, string? reason, bool force) =>
        Job(s, key, version, SecretJobs.Revoke, Request(s, s.Previous!, force), [], job => new SecretRevokeBegun(s.Previous!.Number, job, by.Id, reason));

    private static Decision<SecretEvent> Check(SecretState s, string key, long version, Actor by, string? reason) =>
        Job(s, key, version, SecretJobs.Check, Request(s, s.Current!), [], job => new SecretCheckBegun(job, by.Id, reason));

    private static Decision<SecretEvent> Restore(SecretState s, string key, RestoreSecret c, DateTimeOffset now) => Decision<SecretEvent>.Of(
        [new SecretRestored(s.Previous!.Number, s.Current!.Number, now, now.AddHours(s.OverlapHours), c.By.Id, c.Reason)], s.Job is null ? [] : [new CancelJobs(key)]);

    private static Decision<SecretEvent> ScheduleIt(SecretState s, ScheduleSecret c)
    {
        if (c.EveryDays is < 1 or > MostDays || c.OverlapHours is < 0 or > MostOverlapHours || c.EveryDays * 24 <= c.OverlapHours) return Refuse(SecretRejections.BadSchedule());
        return c.EveryDays is not null && s.Kind == SecretKind.Value
            ? Refuse(SecretRejections.NoRotator(s))
            : Decision<SecretEvent>.Of(new SecretScheduled(c.EveryDays, c.OverlapHours, c.By.Id, c.Reason));
    }

    private static SecretRequest Request(SecretState s, SecretVersion which, bool force = false) =>
        new(s.Workspace, s.Project, s.Environment, s.Name, s.Kind, which, s.Provider, s.Current?.CurrentAt, force);

    /// <summary>One at a time: what is going on gives way.</summary>
    private static Decision<SecretEvent> Job(SecretState s, string key, long version, string kind, SecretRequest request, SecretEvent[] before, Func<string, SecretEvent> begun)
    {
        var effects = new List<Effect>();
        if (s.Job is not null) effects.Add(new CancelJobs(key));
        var job = $"{key}@{version + 1}.{effects.Count}";
        effects.Add(new EnqueueJob(kind, KernelJson.Write(request), JobLimit, Attempts, Group: key));
        return Decision<SecretEvent>.Of([.. before, begun(job)], effects);
    }

    private static Decision<SecretEvent> Refuse(Rejection rejection) => Decision<SecretEvent>.Refuse(rejection);
}

/// <summary>A deadline has come; never sent across grains.</summary>
internal sealed record SecretTick() : SecretCommand(Actor.System("timer"), null);

/// <summary>How a job ended; never sent across grains.</summary>
internal sealed record SecretOutcome(string Job, object? Result, string? Problem) : SecretCommand(Actor.System("secrets"), null);
