namespace ProdSprint.Jobs;

/// <summary>How a job ended, told to the grain that asked for it. Delivered at least once: a grain drops an outcome whose job it no longer waits for.</summary>
/// <param name="JobId">The id of the effect that enqueued it: <c>grain-key@version.index</c>.</param>
/// <param name="Kind">e.g. <c>project.import</c>, <c>deploy.build</c>, <c>deploy.start</c>.</param>
/// <param name="ResultJson">The handler's result as JSON, null on failure.</param>
/// <param name="Error">One sentence with a next step, null on success.</param>
[GenerateSerializer, Immutable, Alias("jobs.JobOutcome")]
public sealed record JobOutcome(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Kind,
    [property: Id(2)] bool Succeeded,
    [property: Id(3)] string? ResultJson,
    [property: Id(4)] string? Error,
    [property: Id(5)] int Attempt);

/// <summary>A grain that asks for jobs. Reached by <c>GrainId.Create(kind, key)</c>, so the job queue needs to know no capability.</summary>
[Alias("jobs.IJobOwner")]
public interface IJobOwner : IGrainWithStringKey
{
    /// <summary>Idempotent by <see cref="JobOutcome.JobId"/>.</summary>
    [Alias("JobEnded")]
    Task JobEnded(JobOutcome outcome);
}
