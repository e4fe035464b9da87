using System.Diagnostics;
using Npgsql;

namespace ProdSprint.Jobs;

internal sealed partial class JobPump
{
    /// <summary>Seconds a job of late took, smoothed; begins long, so that nothing is fetched ahead before it is known.</summary>
    private double _seconds = 1;

    /// <summary>Writes down the ends that have come in, in one transaction.</summary>
    private async Task WriteAsync(List<JobEnd> pending, CancellationToken cancellation)
    {
        while (pending.Count < MaxEnds && _ends.TryDequeue(out var end)) pending.Add(end);
        if (pending.Count == 0) return;
        // In the order in which every statement of ours locks more than one job.
        pending.Sort(static (a, b) => string.CompareOrdinal(a.Job.Id, b.Job.Id));
        var written = new HashSet<string>(pending.Count, StringComparer.Ordinal);
        await using var connection = await _queue.OpenConnectionAsync(cancellation);
        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { EndCommand(pending) } })
        {
            foreach (var end in pending.Where(e => e.Job.OwnerKey is not null).DistinctBy(e => e.Job.Id).Take(100)) batch.BatchCommands.Add(JobJournal.Touch(end.Job));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) written.Add(reader.GetString(0));
            while (await reader.NextResultAsync(cancellation)) { }
        }
        Ended(pending, written);
        pending.Clear();
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Fetches as many jobs as there is room for.</summary>
    private async Task FetchAsync(CancellationToken cancellation)
    {
        var room = _maybeMore ? Math.Max(0, Room()) : 0;
        // Before the look, that at the free slots too: a bell that rings during it must not be forgotten after it.
        if (room > 0) _maybeMore = false;
        var (kinds, free) = room > 0 ? _kinds.Open() : ([], []);
        // Every kind is at its limit: the slot that becomes free looks again.
        if (kinds.Length == 0) room = 0;
        if (room == 0 && !_cancelRang) return;

        var (running, most) = (RunningOfTenants(), TenantMost(_options.Concurrency + Ahead()));
        var fetched = new List<Job>();
        await using var connection = await _queue.OpenConnectionAsync(cancellation);
        if (_cancelRang) await CancelAsync(connection, cancellation);
        if (room == 0) return;
        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { FetchCommand(room, kinds, free, running, most) } })
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) fetched.Add(Read(reader));
        }
        // Of a limited kind only so many are taken; what lies behind them in the queue is looked for without it.
        if (fetched.Count >= Math.Min(room, _options.Concurrency) || fetched.Exists(j => _kinds.IsLimited(j.Kind))) _maybeMore = true;
        foreach (var job in fetched) Ready(job);
        foreach (var (tenant, count) in fetched.CountBy(j => j.Workspace)) running[tenant] = running.GetValueOrDefault(tenant) + count;
        var full = running.Where(t => t.Value >= most).Select(t => t.Key).ToArray();
        _capped = full.Length > 0;
        // What ended before that was known made room as well.
        if (_capped && RunningOfTenants() is var now && full.Any(t => now.GetValueOrDefault(t) < most)) _maybeMore = true;
    }

    /// <param name="written">Those whose lease was still ours. The outcome of another is not ours to tell.</param>
    private void Ended(List<JobEnd> ends, HashSet<string> written)
    {
        Interlocked.Add(ref _ending, -ends.Count);
        foreach (var end in ends)
        {
            // The same job may be here for its next attempt already.
            if (_runs.TryGetValue(end.Job.Id, out var run) && ReferenceEquals(run.Job, end.Job)) _runs.TryRemove(new(end.Job.Id, run));
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
            run.IsOver = true;
            if (end is { } written) End(written);
            else _runs.TryRemove(new(run.Job.Id, run));
            // The end of a job makes room for another of its tenant, which no bell will ring for.
            if (_capped) _maybeMore = true;
            if (_turns.Release(run.Job.Workspace) is { } next) _ready.Writer.TryWrite(next);
            if (_kinds.Release(run.Job)) Look();
            else _wake.Writer.TryWrite(true);
        }
    }

    private void End(JobEnd end)
    {
        Interlocked.Increment(ref _ending);
        _ends.Enqueue(end);
        _write.Writer.TryWrite(true);
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

    private NpgsqlBatchCommand FetchCommand(int room, string[] kinds, int[] free, Dictionary<string, int> running, int most)
    {
        var command = new NpgsqlBatchCommand(JobSql.Fetch) { Parameters = { new() { Value = room }, new() { Value = kinds }, new() { Value = _worker }, new() { Value = _options.Lease.TotalSeconds } } };
        var tenants = running.Select(t => (Workspace: t.Key, Running: t.Value)).ToArray();
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

    private Dictionary<string, int> RunningOfTenants() => _runs.Values.Where(r => !r.IsOver).CountBy(r => r.Job.Workspace).ToDictionary(StringComparer.Ordinal);

    private int TenantMost(int slots) => Math.Max(1, (int)Math.Ceiling(slots * _options.TenantShare));

    private static Job Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
        row.GetString(5), row.GetInt32(6), row.GetInt32(7), TimeSpan.FromMilliseconds(row.GetInt64(8)), row.GetInt32(9),
        row.IsDBNull(10) ? null : row.GetString(10));
}
