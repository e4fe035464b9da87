using System.Diagnostics;
using Npgsql;

namespace ProdSprint.Jobs;

internal sealed partial class JobPump
{
    /// <summary>Seconds a job of late took, smoothed; begins long, so that nothing is fetched ahead before it is known.</summary>
    private double _seconds = 1;

    /// <summary>Ends out, jobs in, in one transaction.</summary>
    private async Task TurnAsync(List<JobEnd> pending, bool fetch, CancellationToken cancellation)
    {
        while (pending.Count < MaxEnds && _ends.TryDequeue(out var end)) pending.Add(end);
        // The end of a job makes room for another of its tenant, which no bell will ring for.
        if (_capped && pending.Count > 0) _maybeMore = true;
        var room = fetch && _maybeMore ? Math.Max(0, Room() + pending.Count) : 0;
        var (kinds, free) = room > 0 ? _kinds.Open() : ([], []);
        if (room > 0 && kinds.Length == 0)
        {
            // Every kind is at its limit: the slot that becomes free looks again.
            room = 0;
            _maybeMore = false;
        }
        if (pending.Count == 0 && room == 0 && !_cancelRang) return;
        // Before the look: a bell that rings during it must not be forgotten after it.
        if (room > 0) _maybeMore = false;

        // In the order in which every statement of ours locks more than one job.
        pending.Sort(static (a, b) => string.CompareOrdinal(a.Job.Id, b.Job.Id));
        var fetched = new List<Job>();
        var written = new HashSet<string>();
        await using var connection = await _queue.OpenConnectionAsync(cancellation);
        if (_cancelRang) await CancelAsync(connection, cancellation);
        await using (var batch = new NpgsqlBatch(connection))
        {
            if (pending.Count > 0) batch.BatchCommands.Add(EndCommand(pending));
            foreach (var end in pending.Where(e => e.Job.OwnerKey is not null).DistinctBy(e => e.Job.Id).Take(100)) batch.BatchCommands.Add(JobJournal.Touch(end.Job));
            if (room > 0) batch.BatchCommands.Add(FetchCommand(room, kinds, free, pending));
            if (batch.BatchCommands.Count > 0)
            {
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                if (pending.Count > 0)
                {
                    while (await reader.ReadAsync(cancellation)) written.Add(reader.GetString(0));
                }
                do
                {
                    // Touches come back as rows of one void column, jobs as eleven.
                    while (reader.FieldCount == 11 && await reader.ReadAsync(cancellation)) fetched.Add(Read(reader));
                }
                while (await reader.NextResultAsync(cancellation));
            }
        }
        Ended(pending, written);
        pending.Clear();
        // Of a limited kind only so many are taken; what lies behind them in the queue is looked for without it.
        if (room > 0 && (fetched.Count >= Math.Min(room, _options.Concurrency) || fetched.Exists(j => _kinds.IsLimited(j.Kind)))) _maybeMore = true;
        foreach (var job in fetched) Ready(job);
        if (room > 0) _capped = _runs.Values.CountBy(r => r.Job.Workspace).Any(t => t.Value >= TenantMost(_options.Concurrency + Ahead()));
    }

    /// <param name="written">Those whose lease was still ours. The outcome of another is not ours to tell.</param>
    private void Ended(List<JobEnd> ends, HashSet<string> written)
    {
        foreach (var end in ends)
        {
            _runs.TryRemove(end.Job.Id, out _);
            if (!written.Contains(end.Job.Id)) LogLost(end.Job.Id, end.State);
            else if (end.State == JobState.Queued) LookAfter(end.Wait);
            else if (end.Job.OwnerKey is { } owner)
                _outcomes.Tell(owner, new(end.Job.Id, end.Job.Kind, end.State == JobState.Succeeded, end.Result, end.Error, end.Job.Attempt), end.Job.Trace, CancellationToken.None);
        }
    }

    /// <summary>Fetch ahead what a tenth of a second will take: nothing while jobs are slow, a thousand no-ops when they are not.</summary>
    private int Ahead() => (int)Math.Min(_options.MaxAhead, _options.Concurrency * 0.1 / Volatile.Read(ref _seconds));

    /// <summary>Several runners may write at once and one figure may be lost; it is an estimate.</summary>
    private void Took(double seconds)
    {
        var was = Volatile.Read(ref _seconds);
        // Down slowly enough that one quick job proves nothing, up at once.
        Volatile.Write(ref _seconds, Math.Max(1e-6, seconds > was ? seconds : was * 0.8 + seconds * 0.2));
    }

    private void Ready(Job job)
    {
        var run = new JobRun(job, _options, _time, _logger);
        _runs[job.Id] = run;
        _kinds.Take(job);
        if (_turns.TryTake(run)) _ready.Writer.TryWrite(run);
    }

    private async Task RunReadyAsync()
    {
        await foreach (var run in _ready.Reader.ReadAllAsync())
        {
            Interlocked.Increment(ref _executing);
            var from = Stopwatch.GetTimestamp();
            var end = await (_spans is null ? run.ExecuteAsync(_handlers[run.Job.Kind], _journal) : TracedAsync(_spans, run));
            Took(Stopwatch.GetElapsedTime(from).TotalSeconds);
            Interlocked.Decrement(ref _executing);
            await _journal.EndAsync(run.Job);
            if (end is { } written) _ends.Enqueue(written);
            else _runs.TryRemove(new(run.Job.Id, run));
            if (_turns.Release(run.Job.Workspace) is { } next) _ready.Writer.TryWrite(next);
            if (_kinds.Release(run.Job)) Look();
            else _wake.Writer.TryWrite(true);
        }
    }

    private async ValueTask<JobEnd?> TracedAsync(IJobSpans spans, JobRun run)
    {
        using var span = spans.Start(run.Job, await spans.ParentAsync(run.Job, CancellationToken.None));
        var end = await run.ExecuteAsync(_handlers[run.Job.Kind], _journal);
        spans.End(span, end?.State.ToString().ToLowerInvariant() ?? "lost", end?.Error);
        return end;
    }

    private NpgsqlBatchCommand EndCommand(List<JobEnd> ends)
    {
        var command = new NpgsqlBatchCommand(JobSql.End) { Parameters = { new() { Value = _worker } } };
        JobQueue.Array(command, ends, e => e.Job.Id);
        JobQueue.Array(command, ends, e => e.Job.Attempt);
        JobQueue.Array(command, ends, e => (short)e.State);
        JobQueue.Array(command, ends, e => e.Result);
        JobQueue.Array(command, ends, e => e.Error);
        JobQueue.Array(command, ends, e => e.Wait.TotalSeconds);
        JobQueue.Array(command, ends, e => e.Uncounted ? 1 : 0);
        return command;
    }

    private NpgsqlBatchCommand FetchCommand(int room, string[] kinds, int[] free, List<JobEnd> ending)
    {
        var command = new NpgsqlBatchCommand(JobSql.Fetch) { Parameters = { new() { Value = room }, new() { Value = kinds }, new() { Value = _worker }, new() { Value = _options.Lease.TotalSeconds } } };
        var most = TenantMost(_options.Concurrency + Ahead());
        var over = ending.CountBy(e => e.Job.Workspace).ToDictionary(StringComparer.Ordinal);
        var tenants = _runs.Values.CountBy(r => r.Job.Workspace).Select(t => (Workspace: t.Key, Running: t.Value - over.GetValueOrDefault(t.Key))).ToArray();
        JobQueue.Array(command, free, f => f);
        JobQueue.Array(command, _kinds.First(kinds), f => f);
        JobQueue.Array(command, tenants, t => t.Workspace);
        JobQueue.Array(command, tenants, t => t.Running);
        JobQueue.Array(command, tenants, t => Math.Max(0, most - t.Running));
        command.Parameters.Add(new() { Value = most });
        var within = _kinds.Tenants();
        JobQueue.Array(command, within, t => t.Workspace);
        JobQueue.Array(command, within, t => t.Kind);
        JobQueue.Array(command, within, t => t.Left);
        return command;
    }

    private int TenantMost(int slots) => Math.Max(1, (int)Math.Ceiling(slots * _options.TenantShare));

    private static Job Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
        row.GetString(5), row.GetInt32(6), row.GetInt32(7), TimeSpan.FromMilliseconds(row.GetInt64(8)), row.GetInt32(9),
        row.IsDBNull(10) ? null : row.GetString(10));
}
