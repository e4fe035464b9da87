using System.Diagnostics;

namespace ProdSprint.Jobs;

/// <summary>Makes a span of every attempt of a job. Not registered when nobody collects traces.</summary>
public interface IJobSpans
{
    /// <summary>What the span hangs on; the default context: on nothing.</summary>
    ValueTask<ActivityContext> ParentAsync(Job job, CancellationToken cancellation);

    /// <summary>Becomes <see cref="Activity.Current"/>, so that what the handler calls hangs on it; null when nobody listens.</summary>
    Activity? Start(Job job, ActivityContext parent);

    /// <param name="state">succeeded, queued (it is tried again), dead, cancelled, or lost: another worker has it.</param>
    void End(Activity? span, string state, string? error);

    /// <summary>The telling of an outcome goes on in the trace of the job, so that what its owner decides next is in it too; null when there is none.</summary>
    Activity? Telling(JobOutcome outcome, string? trace);
}
