using Microsoft.Extensions.Logging;

namespace ProdSprint.Jobs;

/// <summary>One attempt of one job on this worker, from fetch to end.</summary>
internal sealed partial class JobRun(Job job, JobOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>A handler that does not come back although its token was cancelled is left behind after this; its slot is needed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private StopReason _reason;
    private bool _over;

    private enum StopReason { None, Cancelled, LeaseLost, Shutdown }

    public Job Job => job;

    /// <summary>It has ended here, whether or not that is written down yet.</summary>
    public bool IsOver { get => Volatile.Read(ref _over); set => Volatile.Write(ref _over, value); }

    /// <summary>A person or a grain wants it ended.</summary>
    public void Cancel() => Stop(StopReason.Cancelled);

    /// <summary>Another worker has it: what this one does is not written down any more.</summary>
    public void LeaseLost() => Stop(StopReason.LeaseLost);

    public void Shutdown() => Stop(StopReason.Shutdown);

    /// <summary>Null: the lease was lost, nothing is to be written.</summary>
    public async ValueTask<JobEnd?> ExecuteAsync(IJobHandler handler, IJobWatch watch)
    {
        lock (_lock)
        {
            if (_reason != StopReason.None) return Stopped();
            _stop = new CancellationTokenSource(job.TimeLimit, time);
        }
        try
        {
            var running = handler.RunAsync(new JobContext(job, watch), _stop.Token);
            var result = running.IsCompletedSuccessfully ? running.Result : await Limited(running, _stop.Token);
            return new(job, JobState.Succeeded, result, null);
        }
        catch (Exception) when (_reason != StopReason.None)
        {
            return Stopped();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return Failed($"It ran longer than its limit of {job.TimeLimit}. Next: look at its log for where it hangs, or give it more time.", retry: true);
        }
        catch (JobFailedException e)
        {
            return Failed(e.Full, e.Retry, e.RetryAfter);
        }
        catch (Exception e)
        {
            LogFailed(e, job.Id, job.Kind, job.Attempt);
            return Failed($"{e.GetType().Name}: {e.Message}", retry: true);
        }
        finally
        {
            lock (_lock)
            {
                _stop.Dispose();
                _stop = null;
            }
        }
    }

    private async Task<string?> Limited(Task<string?> running, CancellationToken stop)
    {
        using var left = new CancellationTokenSource();
        await using var stopped = stop.UnsafeRegister(static (state, _) => ((CancellationTokenSource)state!).CancelAfter(Grace), left);
        return await running.WaitAsync(left.Token);
    }

    private void Stop(StopReason reason)
    {
        CancellationTokenSource? stop;
        lock (_lock)
        {
            if (_reason != StopReason.None) return;
            _reason = reason;
            stop = _stop;
        }
        try
        {
            stop?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended while we were about to stop it.
        }
        catch (AggregateException e)
        {
            LogFailed(e, job.Id, job.Kind, job.Attempt);
        }
    }

    private JobEnd? Stopped() => _reason switch
    {
        StopReason.Cancelled => new(job, JobState.Cancelled, null, "Cancelled."),
        StopReason.Shutdown => new(job, JobState.Queued, null, null, Uncounted: true),
        _ => null,
    };

    private JobEnd Failed(string error, bool retry, TimeSpan? after = null)
    {
        error = error.Replace('\0', '\uFFFD');
        return retry && job.Attempt < job.MaxAttempts
            ? new(job, JobState.Queued, null, error, after ?? Backoff(job.Attempt, Random.Shared.NextDouble()))
            : new(job, JobState.Dead, null, error);
    }

    /// <summary>Exponential with full jitter.</summary>
    /// <param name="draw">Uniform in [0, 1).</param>
    internal TimeSpan Backoff(int attempt, double draw) =>
        draw * TimeSpan.FromSeconds(Math.Min(options.BackoffCap.TotalSeconds, options.BackoffBase.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 30))));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Id} ({Kind}) failed at attempt {Attempt}")]
    private partial void LogFailed(Exception exception, string id, string kind, int attempt);
}
