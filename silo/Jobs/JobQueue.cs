using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>Puts jobs into the queue.</summary>
public sealed class JobQueue(Database database)
{
    /// <summary>Enqueues in one transaction; jobs whose id is there already are left as they are.</summary>
    public async Task EnqueueAsync(IReadOnlyCollection<NewJob> jobs, CancellationToken cancellation = default)
    {
        if (jobs.Count == 0) return;
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, jobs);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public Task EnqueueAsync(NewJob job, CancellationToken cancellation = default) => EnqueueAsync([job], cancellation);

    /// <summary>As statements of someone else's batch, so that jobs and what asks for them are one transaction.</summary>
    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<NewJob> jobs)
    {
        var insert = new NpgsqlBatchCommand(JobSql.Enqueue);
        Array(insert, jobs, j => j.Id);
        Array(insert, jobs, j => j.Workspace);
        Array(insert, jobs, j => j.Project);
        Array(insert, jobs, j => j.Kind);
        Array(insert, jobs, j => j.Payload);
        Array(insert, jobs, j => (long)(j.TimeLimit ?? TimeSpan.FromMinutes(10)).TotalMilliseconds);
        Array(insert, jobs, j => j.MaxAttempts);
        insert.Parameters.Add(new() { Value = jobs.Select(j => j.RunAt?.ToUniversalTime()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        Array(insert, jobs, j => j.Group);
        Array(insert, jobs, j => j.OwnerKey);
        Array(insert, jobs, j => j.OwnerVersion);
        Array(insert, jobs, j => j.OwnerIndex);
        Array(insert, jobs, j => j.Priority);
        Array(insert, jobs, j => j.Trace);
        batch.BatchCommands.Add(insert);
        // For a job that is to start later, workers are told when to look.
        if (jobs.Any(j => j.RunAt is null)) batch.BatchCommands.Add(Ring(""));
        foreach (var later in jobs.Where(j => j.RunAt is not null).Select(j => j.RunAt!.Value).Distinct())
            batch.BatchCommands.Add(Ring(later.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    public static void AddCancel(NpgsqlBatch batch, string group, IReadOnlyCollection<string> exceptKinds, string ownerKey, long version, int index)
    {
        var cancel = new NpgsqlBatchCommand(JobSql.CancelGroup);
        cancel.Parameters.Add(new() { Value = group });
        Array(cancel, exceptKinds, k => k);
        cancel.Parameters.Add(new() { Value = ownerKey });
        cancel.Parameters.Add(new() { Value = version });
        cancel.Parameters.Add(new() { Value = index });
        batch.BatchCommands.Add(cancel);
        batch.BatchCommands.Add(Ring("cancel"));
    }

    internal static NpgsqlBatchCommand Ring(string what) => new(JobSql.Ring) { Parameters = { new() { Value = what } } };

    internal static void Array<TItem, T>(NpgsqlBatchCommand command, IReadOnlyCollection<TItem> items, Func<TItem, T> of)
    {
        var values = new T[items.Count];
        var i = 0;
        foreach (var item in items) values[i++] = of(item);
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });
    }
}
