using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>
/// Writes log lines and progress of running jobs in batches a few times a second, and rings <c>prodsprint_live</c> for those who watch.
/// Never makes a handler wait: what cannot be written while the database is away is kept up to a limit, then the oldest lines are let go.
/// </summary>
internal sealed partial class JobJournal(Database database, JobOptions options, TimeProvider time, ILogger logger) : IJobWatch
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private readonly Channel<Line> _lines = Channel.CreateBounded<Line>(new BoundedChannelOptions(50_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly ConcurrentDictionary<string, (Job Job, double Percent, string Text)> _progress = new();
    private readonly ConcurrentDictionary<string, int> _written = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    private readonly record struct Line(Job Job, DateTimeOffset At, string Text);

    public void Log(Job job, string line)
    {
        var n = _written.AddOrUpdate(job.Id, 1, (_, was) => was + 1);
        if (n > options.MaxLogLines + 1) return;
        if (n == options.MaxLogLines + 1) line = $"… more than {options.MaxLogLines} lines; the rest of this attempt's log was left out.";
        // PostgreSQL's text cannot hold a NUL, and a program's output can.
        line = line.Replace('\0', '\uFFFD');
        if (line.Length > options.MaxLineLength) line = string.Concat(line.AsSpan(0, options.MaxLineLength), "…");
        _lines.Writer.TryWrite(new(job, time.GetUtcNow(), line));
    }

    public void Progress(Job job, double percent, string text)
    {
        _written.TryAdd(job.Id, 0);
        _progress[job.Id] = (job, percent, text.Replace('\0', '\uFFFD'));
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(Beat, time);
        try
        {
            while (await beat.WaitForNextTickAsync(cancellation)) await FlushAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    /// <summary>Before an attempt's end is written, so that whoever sees the end sees the whole log. Costs nothing for a job that said nothing.</summary>
    public async ValueTask EndAsync(Job job)
    {
        if (!_written.TryRemove(job.Id, out _)) return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        await FlushAsync(limit.Token);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        try
        {
            await _writing.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            var lines = new List<Line>();
            var progress = _progress.Values.OrderBy(p => p.Job.Id, StringComparer.Ordinal).ToArray();
            foreach (var p in progress) _progress.TryRemove(new(p.Job.Id, p));
            while (lines.Count < 5_000 && _lines.Reader.TryRead(out var line)) lines.Add(line);
            if (lines.Count == 0 && progress.Length == 0) return;
            try
            {
                await WriteAsync(lines, progress, cancellation);
            }
            catch (Exception e)
            {
                LogKept(lines.Count, e.Message);
                foreach (var line in lines) _lines.Writer.TryWrite(line);
                foreach (var p in progress) _progress.TryAdd(p.Job.Id, p);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteAsync(List<Line> lines, (Job Job, double Percent, string Text)[] progress, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        if (lines.Count > 0)
        {
            // Through the job's row: a line of a job that was deleted meanwhile is let go instead of failing the batch.
            var insert = new NpgsqlBatchCommand(
                """
                INSERT INTO job_log (workspace, job_id, attempt, at, line)
                SELECT j.workspace, l.id, l.attempt, l.at, l.line
                FROM unnest($1::text[], $2::int[], $3::timestamptz[], $4::text[]) WITH ORDINALITY AS l(id, attempt, at, line, nth) JOIN job j ON j.id = l.id
                ORDER BY l.nth
                """);
            JobQueue.Array(insert, lines, l => l.Job.Id);
            JobQueue.Array(insert, lines, l => l.Job.Attempt);
            insert.Parameters.Add(new() { Value = lines.Select(l => l.At).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
            JobQueue.Array(insert, lines, l => l.Text);
            batch.BatchCommands.Add(insert);
        }
        if (progress.Length > 0)
        {
            var update = new NpgsqlBatchCommand(
                """
                UPDATE job j SET progress = CASE WHEN p.percent = 'NaN' THEN NULL ELSE p.percent END, progress_text = p.text
                FROM unnest($1::text[], $2::int[], $3::float4[], $4::text[]) AS p(id, attempt, percent, text)
                WHERE j.id = p.id AND j.attempt = p.attempt AND j.state::int = 1
                """);
            JobQueue.Array(update, progress, p => p.Job.Id);
            JobQueue.Array(update, progress, p => p.Job.Attempt);
            JobQueue.Array(update, progress, p => (float)Math.Clamp(p.Percent, 0, 100));
            JobQueue.Array(update, progress, p => p.Text);
            batch.BatchCommands.Add(update);
        }
        foreach (var job in lines.Select(l => l.Job).Concat(progress.Select(p => p.Job)).DistinctBy(j => j.Id))
            batch.BatchCommands.Add(Touch(job));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>For those who watch: this job has something new. See <see cref="LiveFeed"/>.</summary>
    internal static NpgsqlBatchCommand Touch(Job job) => new("SELECT pg_notify('prodsprint_live', $1)")
    {
        Parameters = { new() { Value = JsonSerializer.Serialize(new { ws = job.Workspace, kind = "job", key = job.Id, project = job.Project }) } },
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} log lines of jobs could not be written and are kept for later: {Error}")]
    private partial void LogKept(int lines, string error);
}
