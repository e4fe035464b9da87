using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>
/// Two loops side by side, one round trip per turn each: one fetches as much as there is room for, the other writes down the ends that have come in. While a
/// turn is in the database the next ends gather, so batches grow with the load by themselves and a single job waits for nothing.
/// </summary>
internal sealed partial class JobPump : IAsyncDisposable
{
    private const int MaxEnds = 2000;
    private readonly NpgsqlDataSource _queue;
    private readonly string _worker;
    private readonly Dictionary<string, IJobHandler> _handlers = new(StringComparer.Ordinal);
    private readonly JobJournal _journal;
    private readonly JobOutcomes _outcomes;
    private readonly JobOptions _options;
    private readonly IJobSpans? _spans;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, JobRun> _runs = new(StringComparer.Ordinal);
    private readonly Channel<JobRun> _ready = Channel.CreateUnbounded<JobRun>();
    private readonly ConcurrentQueue<JobEnd> _ends = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Channel<bool> _write = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly KindSlots _kinds;
    private readonly TenantTurns _turns;
    private int _executing;

    /// <summary>Ended here, and not written down yet.</summary>
    private int _ending;
    private volatile bool _maybeMore = true;
    private volatile bool _cancelRang;

    /// <summary>A tenant has as many jobs here as it may.</summary>
    private volatile bool _capped;

    public JobPump(
        Database database, string worker, IEnumerable<IJobHandler> handlers, JobJournal journal, JobOutcomes outcomes, JobOptions options, IJobSpans? spans, TimeProvider time, ILogger logger)
    {
        (_queue, _worker, _journal, _outcomes, _options, _spans, _time, _logger) = (Source(database), worker, journal, outcomes, options, spans, time, logger);
        foreach (var handler in handlers)
        {
            if (!_handlers.TryAdd(handler.Kind, handler)) throw new InvalidOperationException($"Two handlers say they carry out {handler.Kind}: {_handlers[handler.Kind].GetType().Name} and {handler.GetType().Name}.");
        }
        _kinds = new(_handlers.Keys, options.KindLimits, options.TenantKindLimit);
        _turns = new(options.Concurrency, TenantMost(options.Concurrency));
    }

    public int Running => Volatile.Read(ref _executing);

    /// <summary>There may be work, and cancellations: after a (re)connection everything that rang in between is lost.</summary>
    public void LookEverywhere()
    {
        _cancelRang = true;
        Look();
    }

    /// <summary>"": a job that can start now · a number: Unix milliseconds at which one can · "cancel".</summary>
    public void Heard(string bell)
    {
        if (bell == "cancel") _cancelRang = true;
        if (long.TryParse(bell, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) LookAfter(DateTimeOffset.FromUnixTimeMilliseconds(at) - _time.GetUtcNow());
        else Look();
    }

    public void Look()
    {
        _maybeMore = true;
        _wake.Writer.TryWrite(true);
    }

    public bool TryGet(string id, out JobRun run) => _runs.TryGetValue(id, out run!);

    public ICollection<JobRun> Runs => _runs.Values;

    public async Task RunAsync(CancellationToken stopping)
    {
        for (var i = 0; i < _options.Concurrency; i++) _ = Task.Run(RunReadyAsync, CancellationToken.None);
        using var poll = _time.CreateTimer(_ => Look(), null, _options.Poll, _options.Poll);
        var pending = new List<JobEnd>();
        await Task.WhenAll(
            LoopAsync(_wake, () => (_maybeMore && Room() > 0) || _cancelRang, FetchAsync, stopping),
            LoopAsync(_write, () => pending.Count > 0 || !_ends.IsEmpty, cancellation => WriteAsync(pending, cancellation), stopping));
        foreach (var end in pending) _ends.Enqueue(end);
    }

    private async Task LoopAsync(Channel<bool> bell, Func<bool> hasWork, Func<CancellationToken, Task> turn, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!hasWork()) await bell.Reader.ReadAsync(stopping);
                await turn(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whether the turn was committed is not known: ends are written again (only the lease's holder can), and what was fetched
                // without our seeing it comes back through its lease.
                LogTurnFailed(e.Message, Volatile.Read(ref _ending));
                _maybeMore = true;
                await Task.Delay(TimeSpan.FromMilliseconds(250), _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Tells what runs to end, and hands back to the queue what did not begin.</summary>
    public async Task ShutdownAsync(TimeSpan limit)
    {
        foreach (var run in _runs.Values) run.Shutdown();
        var until = _time.GetTimestamp();
        while (!_runs.IsEmpty && _time.GetElapsedTime(until) < limit)
        {
            await DrainAsync();
            if (!_runs.IsEmpty) await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
        }
        foreach (var run in _runs.Values) End(new(run.Job, JobState.Queued, null, null, Uncounted: true));
        await DrainAsync();
        _ready.Writer.TryComplete();
    }

    private async Task DrainAsync()
    {
        try
        {
            var pending = new List<JobEnd>();
            while (!_ends.IsEmpty) await WriteAsync(pending, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Another worker takes these over when it sees that this process is gone.
            LogTurnFailed(e.Message, _ends.Count);
        }
    }

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    /// <summary>
    /// A batch names its rows by key, so walking the index is always right. The planner's estimate for arrays and a table that grows and shrinks by
    /// thousands within a second often says otherwise, and one scan of the whole history per turn is what stops a queue.
    /// </summary>
    private static NpgsqlDataSource Source(Database database) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.WorkerConnectionString)
    {
        MaxPoolSize = 4,
        MaxAutoPrepare = 20,
        AutoPrepareMinUsages = 2,
        Options = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off",
    }.ConnectionString);

    /// <summary>What has ended leaves room at once, but what is not written down yet must not pile up.</summary>
    private int Room()
    {
        var ending = Volatile.Read(ref _ending);
        return Math.Min(_options.Concurrency + Ahead() - (_runs.Count - ending), MaxEnds - ending);
    }

    /// <summary>Stops what was cancelled. The pump asks when the bell rang, the sweeper with every renewal.</summary>
    private async Task CancelAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        _cancelRang = false;
        await using var command = new NpgsqlCommand(JobSql.Cancelled, connection) { Parameters = { new() { Value = _worker } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (_runs.TryGetValue(reader.GetString(0), out var run)) run.Cancel();
        }
    }

    private void LookAfter(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero) Look();
        // Beyond the poll's period the poll is there in time.
        else if (wait < _options.Poll * 2) _ = Task.Delay(wait + TimeSpan.FromMilliseconds(2), _time).ContinueWith(_ => Look(), TaskScheduler.Default);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job queue could not be reached ({Error}); {Ends} ends of jobs wait to be written")]
    private partial void LogTurnFailed(string error, int ends);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Id} ended {State} but its lease was not ours any more; another worker has it")]
    private partial void LogLost(string id, JobState state);
}
