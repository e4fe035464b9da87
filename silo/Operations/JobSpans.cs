using System.Diagnostics;
using System.Text.Json;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Operations;

/// <summary>One span for every attempt of a job, below the stage that asked for it, else below the request or job it comes from.</summary>
internal sealed class JobSpans(ReleaseJournal journal) : IJobSpans
{
    public async ValueTask<ActivityContext> ParentAsync(Job job, CancellationToken cancellation) =>
        (job.OwnerKey is { } owner && GrainKeys.Kind(owner) == "release" ? await StageAsync(owner, job, cancellation) : null)
        ?? (ActivityContext.TryParse(job.Trace, null, true, out var cause) ? cause : default);

    public Activity? Start(Job job, ActivityContext parent) => Spans.Source.StartActivity($"job {job.Kind}", ActivityKind.Consumer, parent,
    [
        new("prodsprint.job.id", job.Id), new("prodsprint.job.kind", job.Kind), new("prodsprint.job.attempt", job.Attempt),
        new("prodsprint.workspace", job.Workspace), new("prodsprint.project", job.Project), new("prodsprint.owner", job.OwnerKey),
    ]);

    public void End(Activity? span, string state, string? error)
    {
        span?.SetTag("prodsprint.job.state", state);
        if (error is not null) span?.SetStatus(ActivityStatusCode.Error, error);
    }

    public Activity? Telling(JobOutcome outcome, string? trace) => ActivityContext.TryParse(trace, null, true, out var cause)
        ? Spans.Source.StartActivity($"outcome {outcome.Kind}", ActivityKind.Producer, cause, [new("prodsprint.job.id", outcome.JobId)])
        : null;

    /// <summary>The stage that was going on when the release decided on this job. The decision and the job are one transaction, so its row is there.</summary>
    private async Task<ActivityContext?> StageAsync(string release, Job job, CancellationToken cancellation)
    {
        try
        {
            var decided = SinkBatch.Place(job.Id).Version;
            var entries = await journal.ReadAsync(release, cancellation);
            return entries.LastOrDefault(e => e.Version <= decided) is { } at
                ? new(at.Trace, Spans.SpanOf(ReleaseSpan.NameOf(at.After.Group, ReleaseSpans.Running(at.After))), ActivityTraceFlags.Recorded, isRemote: true)
                : null;
        }
        catch (Exception e) when (e is JsonException or Npgsql.NpgsqlException or ArgumentException)
        {
            // A trace is worth less than the job: without its stage it hangs on what caused it.
            return null;
        }
    }
}
