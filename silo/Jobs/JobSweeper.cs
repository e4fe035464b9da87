using Microsoft.Extensions.Logging;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Jobs;

/// <summary>Renews this worker's leases, takes over jobs of dead workers, tells outcomes again, and forgets what is old.</summary>
internal sealed partial class JobSweeper(
    Database database, string worker, JobPump pump, JobOutcomes outcomes, JobOptions options, TimeProvider time, ILogger logger)
{
    private long _forgotten;

    public async Task RunAsync(CancellationToken cancellation)
    {
        // At start: jobs of a server that died on this host need not wait for their lease to run out, nor outcomes for their time.
        await TryAsync(first: true, cancellation);
        using var beat = new PeriodicTimer(Least(options.Lease / 3, options.TellAgain), time);
        try
        {
            while (await beat.WaitForNextTickAsync(cancellation))
            {
                await TryAsync(first: false, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    private async Task TryAsync(bool first, CancellationToken cancellation)
    {
        try
        {
            await SweepAsync(first, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(e.Message);
        }
    }

    internal async Task SweepAsync(bool first, CancellationToken cancellation)
    {
        await RenewAsync(cancellation);
        await TakeOverAsync(cancellation);
        await outcomes.RetellAsync(first ? TimeSpan.Zero : options.TellAgain, cancellation);
        if (first || time.GetElapsedTime(_forgotten) > TimeSpan.FromMinutes(10)) await ForgetAsync(cancellation);
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        var before = pump.Runs.ToArray();
        var mine = new HashSet<(string, int)>();
        await using (var command = database.Worker.CreateCommand(JobSql.Renew))
        {
            command.Parameters.Add(new() { Value = worker });
            command.Parameters.Add(new() { Value = options.Lease.TotalSeconds });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                mine.Add((reader.GetString(0), reader.GetInt32(1)));
                if (reader.GetBoolean(2) && pump.TryGet(reader.GetString(0), out var cancelled)) cancelled.Cancel();
            }
        }
        var unseen = before.Where(r => !mine.Contains((r.Job.Id, r.Job.Attempt))).ToArray();
        if (unseen.Length == 0) return;
        await using (var look = database.Worker.CreateCommand(JobSql.StillMine))
        {
            look.Parameters.Add(new() { Value = worker });
            look.Parameters.Add(new() { Value = unseen.Select(r => r.Job.Id).ToArray() });
            await using var reader = await look.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) mine.Add((reader.GetString(0), reader.GetInt32(1)));
        }
        foreach (var run in unseen)
        {
            // Ended and written while we asked: not lost, gone.
            if (mine.Contains((run.Job.Id, run.Job.Attempt)) || !pump.TryGet(run.Job.Id, out var still) || still != run) continue;
            LogLost(run.Job.Id, run.Job.Kind);
            run.LeaseLost();
        }
    }

    private async Task TakeOverAsync(CancellationToken cancellation)
    {
        var dead = new List<string>();
        await using (var owners = database.Worker.CreateCommand(JobSql.LeaseOwners))
        await using (var reader = await owners.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var owner = reader.GetString(0);
                if (owner != worker && WorkerId.IsDead(owner)) dead.Add(owner);
            }
        }
        var taken = 0;
        await using (var command = database.Worker.CreateCommand(JobSql.TakeOver))
        {
            command.Parameters.Add(new() { Value = dead.ToArray() });
            command.Parameters.Add(new() { Value = options.MaxInterruptions });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) taken++;
        }
        if (taken == 0) return;
        LogTaken(taken);
        pump.Look();
    }

    private async Task ForgetAsync(CancellationToken cancellation)
    {
        _forgotten = time.GetTimestamp();
        await using var command = database.Worker.CreateCommand(JobSql.Forget);
        command.Parameters.Add(new() { Value = options.Keep.TotalSeconds });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job queue could not be swept: {Error}; it is tried again")]
    private partial void LogFailed(string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Id} ({Kind}) lost its lease; another worker has it, this attempt is stopped")]
    private partial void LogLost(string id, string kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} jobs of workers that are gone are back in the queue")]
    private partial void LogTaken(int count);
}
