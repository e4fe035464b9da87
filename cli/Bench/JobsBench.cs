using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Jobs;

namespace ProdSprint.Bench;

/// <summary>
/// How fast the job queue is: no-op jobs per second beside npm's graphile-worker on the same PostgreSQL in the same run (both from a full queue
/// to an empty one, everything durable), and how soon a job starts when nothing else is going on.
/// </summary>
public static class JobsBench
{
    private const double PeerShare = 0.5;
    private const double IdleMs = 10;
    private const double BehindMs = 2_000;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int jobs = 100_000, int runs = 3, int idle = 500, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var directory = Path.Combine(Path.GetTempPath(), "prodsprint-bench-jobs-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(directory);
        var cluster = new PrivateCluster(new PrivateClusterOptions { Directory = Path.Combine(directory, "pg") }, NullLogger<PrivateCluster>.Instance);
        try
        {
            var connection = await cluster.StartAsync(cancellation);
            await using var database = new Database(new DatabaseOptions { ConnectionString = connection });
            await database.StartAsync(cancellation);
            await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
            var peer = new GraphilePeer(Path.Combine(directory, "peer"), connection);
            await peer.InstallAsync(cancellation);

            var (ours, theirs) = (new double[runs], new double[runs]);
            for (var run = 0; run < runs; run++)
            {
                theirs[run] = jobs / await peer.DrainAsync(jobs, cancellation);
                ours[run] = jobs / await DrainAsync(database, owner, jobs, cancellation);
                progress?.Report((run + 1.0) / (runs + 1));
            }
            var starts = await IdleAsync(database, owner, idle, cancellation);
            var behind = await BehindAsync(database, owner, cancellation);
            progress?.Report(1);
            var (rate, peerRate) = (Median(ours), Median(theirs));
            var p99 = starts[(int)Math.Ceiling(0.99 * starts.Length) - 1];
            return
            [
                new("no-op jobs", rate, "jobs/s", peerRate, rate / peerRate, $"≥ {PeerShare} × graphile-worker", rate / peerRate >= PeerShare, ours),
                new("enqueue → start when idle, p99", p99, "ms", null, null, $"≤ {IdleMs} ms", p99 <= IdleMs, starts),
                new("behind 10,000 slow jobs of another tenant, the slowest of 20", Math.Round(behind, 1), "ms", null, null, $"< {BehindMs} ms", behind < BehindMs, []),
                new("enqueue → start when idle, p50", Median(starts), "ms", null, null, "beside it", true, []),
            ];
        }
        finally
        {
            await cluster.StopAsync(CancellationToken.None);
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Seconds from a worker's start until every job is written down as done.</summary>
    private static async Task<double> DrainAsync(Database database, NpgsqlDataSource owner, int jobs, CancellationToken cancellation)
    {
        await ExecuteAsync(owner,
            $"""
             TRUNCATE job CASCADE;
             INSERT INTO job (id, workspace, kind, payload) SELECT 'bench/default/' || n || '@1.0', 'default', 'noop', {"'{}'"} FROM generate_series(1, {jobs}) n
             """, cancellation);
        await ExecuteAsync(owner, "VACUUM ANALYZE job", cancellation);
        var left = jobs;
        var done = new TaskCompletionSource();
        var clock = Stopwatch.StartNew();
        using var worker = Worker(database, new Noop(() =>
        {
            if (Interlocked.Decrement(ref left) == 0) done.SetResult();
        }));
        await worker.StartAsync(cancellation);
        await done.Task.WaitAsync(cancellation);
        while (await CountAsync(owner, "SELECT 1 FROM job WHERE state < 2 LIMIT 1", cancellation)) await Task.Delay(1, cancellation);
        var seconds = clock.Elapsed.TotalSeconds;
        await worker.StopAsync(cancellation);
        return seconds;
    }

    /// <summary>Milliseconds from the call that enqueues to the handler's first line, sorted; one job at a time.</summary>
    private static async Task<double[]> IdleAsync(Database database, NpgsqlDataSource owner, int count, CancellationToken cancellation)
    {
        await ExecuteAsync(owner, "TRUNCATE job CASCADE", cancellation);
        var started = new SemaphoreSlim(0);
        long at = 0;
        using var worker = Worker(database, new Noop(() =>
        {
            at = Stopwatch.GetTimestamp();
            started.Release();
        }));
        await worker.StartAsync(cancellation);
        var queue = new JobQueue(database);
        var times = new List<double>();
        const int warmUp = 50;
        for (var i = 0; i < count + warmUp; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await queue.EnqueueAsync(new NewJob($"bench/default/{i}@2.0", "default", null, "noop", "{}"), cancellation);
            await started.WaitAsync(cancellation);
            if (i >= warmUp) times.Add(Stopwatch.GetElapsedTime(from, at).TotalMilliseconds);
            await Task.Delay(5, cancellation);
        }
        await worker.StopAsync(cancellation);
        times.Sort();
        return [.. times];
    }

    /// <summary>Milliseconds the slowest of twenty jobs of one tenant waits for its start while another has ten thousand of a tenth of a second queued.</summary>
    private static async Task<double> BehindAsync(Database database, NpgsqlDataSource owner, CancellationToken cancellation)
    {
        await ExecuteAsync(owner, $"TRUNCATE job CASCADE; INSERT INTO job (id, workspace, kind, payload) SELECT 'bench/big/' || n || '@1.0', 'big', 'slow', {"'{}'"} FROM generate_series(1, 10000) n", cancellation);
        var started = new SemaphoreSlim(0);
        long at = 0;
        using var worker = new JobWorker(database, [new Slow(), new Noop(() =>
        {
            at = Stopwatch.GetTimestamp();
            started.Release();
        })], new NoOwner(), new JobOptions(), TimeProvider.System, NullLogger<JobWorker>.Instance);
        await worker.StartAsync(cancellation);
        var (queue, slowest) = (new JobQueue(database), 0.0);
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(50, cancellation);
            var from = Stopwatch.GetTimestamp();
            await queue.EnqueueAsync(new NewJob($"bench/small/{i}@3.0", "small", null, "noop", "{}"), cancellation);
            await started.WaitAsync(cancellation);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(from, at).TotalMilliseconds);
        }
        await worker.StopAsync(cancellation);
        return slowest;
    }

    private static JobWorker Worker(Database database, IJobHandler handler) =>
        new(database, [handler], new NoOwner(), new JobOptions(), TimeProvider.System, NullLogger<JobWorker>.Instance);

    private static async Task ExecuteAsync(NpgsqlDataSource owner, string sql, CancellationToken cancellation)
    {
        await using var command = owner.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<bool> CountAsync(NpgsqlDataSource owner, string sql, CancellationToken cancellation)
    {
        await using var command = owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed class Noop(Action ran) : IJobHandler
    {
        public string Kind => "noop";

        public Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
        {
            ran();
            return Task.FromResult<string?>(null);
        }
    }

    private sealed class Slow : IJobHandler
    {
        public string Kind => "slow";

        public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
        {
            await Task.Delay(100, cancellation);
            return null;
        }
    }

    private sealed class NoOwner : IOutcomeReceiver
    {
        public Task TellAsync(string ownerKey, JobOutcome outcome, CancellationToken cancellation) => Task.CompletedTask;
    }
}
