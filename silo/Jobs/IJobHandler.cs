namespace ProdSprint.Jobs;

/// <summary>
/// Carries out jobs of one kind. Register as a singleton <c>IJobHandler</c>. A job may be carried out more than once (a crash after the work and
/// before the note of it), so a handler is idempotent by <see cref="JobContext.Id"/> or by what its payload names.
/// </summary>
public interface IJobHandler
{
    /// <summary>e.g. <c>deploy.build</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Returns the result as JSON, or null. Throws <see cref="JobFailedException"/> with a next step for what a person must mend; any other exception
    /// is tried again with backoff. The token is cancelled by a person or a grain, by the job's time limit, when the lease was lost, and at shutdown.
    /// </summary>
    Task<string?> RunAsync(JobContext context, CancellationToken cancellation);
}

/// <summary>The job cannot succeed as it is.</summary>
/// <param name="message">One sentence: what went wrong.</param>
/// <param name="retry">False: trying again would end the same, so no attempt is left.</param>
/// <param name="next">What a person can do now.</param>
/// <param name="retryAfter">How long to wait before trying again, where the queue's own pauses are too short.</param>
public sealed class JobFailedException(string message, string next, bool retry = false, Exception? inner = null, TimeSpan? retryAfter = null) : Exception(message, inner)
{
    public string Next { get; } = next;

    public bool Retry { get; } = retry;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>As it is stored and told: the sentence and the next step.</summary>
    public string Full => $"{Message} Next: {Next}";
}
