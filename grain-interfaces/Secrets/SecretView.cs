using System.Collections.Immutable;

namespace ProdSprint.Secrets;

/// <summary>A secret as people see it: everything but its values. Times are UTC.</summary>
/// <param name="Versions">Newest first, the last 20.</param>
/// <param name="EveryDays">Null: rotated only when somebody asks.</param>
/// <param name="RotateAt">When the schedule rotates it next; null: no schedule.</param>
/// <param name="RevokeAt">When the previous version ends, if nothing uses it any more; null: there is none.</param>
/// <param name="Waiting">Why the previous version has not ended though its time is over; null: it does not wait.</param>
/// <param name="Drift">The current version was not let in when it was last looked at: what was found, and what to do. Null: it was.</param>
/// <param name="Problem">Why the last rotation was taken back, or a version could not be ended; null: nothing.</param>
/// <param name="Job">The job at work; null: none.</param>
[GenerateSerializer, Immutable, Alias("secrets.SecretView")]
public sealed record SecretView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] string Project,
    [property: Id(3)] string Environment,
    [property: Id(4)] string Name,
    [property: Id(5)] SecretKind Kind,
    [property: Id(6)] SecretPhase Phase,
    [property: Id(7)] ImmutableArray<SecretVersion> Versions,
    [property: Id(8)] ApiKeyProvider? Provider,
    [property: Id(9)] int? EveryDays,
    [property: Id(10)] int OverlapHours,
    [property: Id(11)] DateTimeOffset? RotateAt,
    [property: Id(12)] DateTimeOffset? RevokeAt,
    [property: Id(13)] string? Waiting,
    [property: Id(14)] DateTimeOffset? CheckedAt,
    [property: Id(15)] string? Drift,
    [property: Id(16)] string? Problem,
    [property: Id(17)] string? Job,
    [property: Id(18)] long StateVersion)
{
    /// <summary>It is gone: what it was can be read, and its name may be used again.</summary>
    [Id(19)] public DateTimeOffset? RemovedAt { get; init; }
}

[GenerateSerializer, Alias("secrets.SecretPhase")]
public enum SecretPhase
{
    /// <summary>There is no version that works yet; see the problem.</summary>
    Empty = 0,
    Steady = 1,

    /// <summary>The new version is being put in place beside the current one.</summary>
    Placing = 2,
    Verifying = 3,

    /// <summary>The new version is being taken away again; the current one is what it was.</summary>
    RollingBack = 4,

    /// <summary>Two versions work: the current one, and the previous one for what was started with it.</summary>
    Overlap = 5,
    Revoking = 6,

    /// <summary>It is given to nobody any more, and is being ended at its provider.</summary>
    Removing = 7,
    Removed = 8,
}
