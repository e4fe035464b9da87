namespace ProdSprint.Jobs;

/// <summary>A job to enqueue. The second one with the same id is the same job, whatever else it says.</summary>
/// <param name="Id">Of the effect: <c>grain-key@version.index</c>; for jobs no grain asked for, any name that is the same when asked again.</param>
/// <param name="OwnerKey">The grain that is told the outcome.</param>
/// <param name="OwnerVersion">Of the effect, so that a cancellation repeated later does not reach jobs asked for after it.</param>
/// <param name="Priority">Higher first, within its workspace.</param>
/// <param name="Trace">The W3C trace context (<c>traceparent</c>) of what led to it.</param>
public sealed record NewJob(
    string Id,
    string Workspace,
    string? Project,
    string Kind,
    string Payload,
    TimeSpan? TimeLimit = null,
    int MaxAttempts = 3,
    DateTimeOffset? RunAt = null,
    string? Group = null,
    string? OwnerKey = null,
    long OwnerVersion = 0,
    int OwnerIndex = 0,
    short Priority = 0,
    string? Trace = null);

public enum JobState : short { Queued = 0, Running = 1, Succeeded = 2, Dead = 3, Cancelled = 4 }

/// <summary>How one attempt ended, before it is written down.</summary>
/// <param name="State"><see cref="JobState.Queued"/>: to be tried again after <paramref name="Wait"/>.</param>
/// <param name="Uncounted">The attempt was broken off by us (shutdown) and does not count.</param>
internal readonly record struct JobEnd(Job Job, JobState State, string? Result, string? Error, TimeSpan Wait = default, bool Uncounted = false);
