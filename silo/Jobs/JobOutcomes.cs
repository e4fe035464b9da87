using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>Takes an outcome to whoever asked for the job. In the product a grain.</summary>
public interface IOutcomeReceiver
{
    /// <summary>Returns when the owner has it safe; throws to have it told again.</summary>
    Task TellAsync(string ownerKey, JobOutcome outcome, CancellationToken cancellation);
}

/// <summary>
/// Tells outcomes at least once: a job's end is stored first, then told, then noted as told. What was not noted (a crash, a grain that failed)
/// is told again by <see cref="RetellAsync"/>.
/// </summary>
internal sealed partial class JobOutcomes(Database database, IOutcomeReceiver receiver, IJobSpans? spans, ILogger logger)
{
    private readonly ConcurrentDictionary<string, byte> _telling = new();
    private readonly Channel<JobOutcome> _told = Channel.CreateUnbounded<JobOutcome>(new() { SingleReader = true });
    private readonly SemaphoreSlim _atOnce = new(64);

    /// <summary>Returns at once; failures are told again later.</summary>
    /// <param name="trace">The job's own.</param>
    public void Tell(string ownerKey, JobOutcome outcome, string? trace, CancellationToken cancellation)
    {
        if (_telling.TryAdd(outcome.JobId, 0)) _ = TellOneAsync(ownerKey, outcome, trace, cancellation);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var done = new List<JobOutcome>();
        try
        {
            while (await _told.Reader.WaitToReadAsync(cancellation))
            {
                done.Clear();
                while (done.Count < 1000 && _told.Reader.TryRead(out var outcome)) done.Add(outcome);
                done.Sort(static (a, b) => string.CompareOrdinal(a.JobId, b.JobId));
                try
                {
                    await NoteAsync(done, cancellation);
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested)
                {
                    // They are told once more after a while; owners drop what they know.
                    LogNotNoted(done.Count, e.Message);
                }
                foreach (var outcome in done) _telling.TryRemove(outcome.JobId, out _);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    /// <summary>Tells what ended longer than <paramref name="since"/> ago and was not noted as told.</summary>
    public async Task RetellAsync(TimeSpan since, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(JobSql.Untold);
        command.Parameters.Add(new() { Value = since.TotalSeconds });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            Tell(reader.GetString(1),
                new(reader.GetString(0), reader.GetString(2), reader.GetInt16(3) == (short)JobState.Succeeded,
                    reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetInt32(6)),
                reader.IsDBNull(7) ? null : reader.GetString(7), cancellation);
        }
    }

    private async Task TellOneAsync(string ownerKey, JobOutcome outcome, string? trace, CancellationToken cancellation)
    {
        try
        {
            await _atOnce.WaitAsync(cancellation);
            try
            {
                using var span = spans?.Telling(outcome, trace);
                await receiver.TellAsync(ownerKey, outcome, cancellation);
            }
            finally
            {
                _atOnce.Release();
            }
            _told.Writer.TryWrite(outcome);
        }
        catch (Exception e)
        {
            _telling.TryRemove(outcome.JobId, out _);
            if (!cancellation.IsCancellationRequested) LogNotTold(e, outcome.JobId, ownerKey);
        }
    }

    private async Task NoteAsync(List<JobOutcome> done, CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var note = new NpgsqlBatchCommand(JobSql.Told);
        JobQueue.Array(note, done, o => o.JobId);
        JobQueue.Array(note, done, o => o.Attempt);
        batch.BatchCommands.Add(note);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outcome of job {Id} could not be told to {Owner}; it will be told again")]
    private partial void LogNotTold(Exception exception, string id, string owner);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} outcomes were told but could not be noted; they will be told again: {Error}")]
    private partial void LogNotNoted(int count, string error);
}
