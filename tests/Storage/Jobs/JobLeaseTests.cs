using System.Collections.Concurrent;
using Npgsql;
using ProdSprint.Postgres;
using static ProdSprint.Jobs.JobFloor;

namespace ProdSprint.Jobs;

/// <summary>Crashes, two workers, fairness: what happens between workers.</summary>
public sealed class JobLeaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly JobFloor _floor = new(postgres);

    public async ValueTask InitializeAsync() => await postgres.ExecuteAsync("DELETE FROM prodsprint.job");

    public ValueTask DisposeAsync() => _floor.DisposeAsync();

    [Fact]
    public async Task Worker_DiedOnThisHost_ItsJobsRunAtStart_WithoutLosingAnAttempt()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k", attempts: 1));
        await HeldByAsync("a@1.0", DeadWorkerOfThisHost());

        await _floor.StartAsync(null, new Handler("k"));

        var told = await _floor.Told.NextAsync();
        (told.Succeeded, told.Attempt).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Worker_OfAnotherHost_ItsJobsRunWhenTheLeaseHasRunOut_NotBefore()
    {
        await _floor.Queue.EnqueueAsync([Job("mine@1.0", "k"), Job("theirs@1.0", "k")]);
        await HeldByAsync("theirs@1.0", "elsewhere|boot|1|1|1");
        await _floor.StartAsync(o => o.Lease = TimeSpan.FromMilliseconds(300), new Handler("k"));
        (await _floor.Told.NextAsync()).JobId.ShouldBe("mine@1.0");
        (await postgres.ScalarAsync<string>("SELECT lease_owner FROM job WHERE id = 'theirs@1.0'")).ShouldBe("elsewhere|boot|1|1|1");

        await postgres.ExecuteAsync("UPDATE prodsprint.job SET lease_until = now() - interval '1 second' WHERE id = 'theirs@1.0'");

        (await _floor.Told.NextAsync()).JobId.ShouldBe("theirs@1.0");
    }

    [Fact]
    public async Task Job_ThatLosesServerAfterServer_IsADeadLetter()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await HeldByAsync("a@1.0", DeadWorkerOfThisHost());
        await postgres.ExecuteAsync("UPDATE prodsprint.job SET interruptions = 5");

        await _floor.StartAsync(null, new Handler("k", (_, _) => throw new InvalidOperationException("it ran")));

        (await _floor.Told.NextAsync()).Error!.ShouldContain("server was lost 6 times");
    }

    [Fact]
    public async Task Worker_ThatLostItsLease_WritesAndTellsNothing()
    {
        var (started, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.StartAsync(o => o.Lease = TimeSpan.FromMilliseconds(300), new Handler("k", async (_, stop) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.TrySetResult();
            return "stale";
        }));
        await started.Task;

        await postgres.ExecuteAsync("UPDATE prodsprint.job SET lease_owner = 'elsewhere|boot|1|1|1', lease_until = now() + interval '1 hour'");
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await _floor.Queue.EnqueueAsync(Job("b@1.0", "b"));
        await _floor.StartAsync(null, new Handler("b"));
        (await _floor.Told.NextAsync()).JobId.ShouldBe("b@1.0");

        (await postgres.ScalarAsync<short>("SELECT state FROM job WHERE id = 'a@1.0'")).ShouldBe((short)JobState.Running);
    }

    [Fact]
    public async Task Outcome_OwnerFails_IsToldAgain()
    {
        _floor.Told.Failures = 3;
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await _floor.StartAsync(null, new Handler("k"));

        (await _floor.Told.NextAsync()).JobId.ShouldBe("a@1.0");
        await _floor.UntilAsync(async () => await postgres.ScalarAsync<bool>("SELECT told FROM job WHERE id = 'a@1.0'"));
    }

    [Fact]
    public async Task Outcome_CrashBeforeItWasTold_IsToldAtStart()
    {
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k"));
        await postgres.ExecuteAsync("UPDATE prodsprint.job SET state = 2, result = '{}', told = false, ended_at = now(), attempt = 1");

        await _floor.StartAsync(o => o.TellAgain = TimeSpan.FromHours(1), new Handler("k"));

        (await _floor.Told.NextAsync()).ShouldBe(new JobOutcome("a@1.0", "k", true, "{}", null, 1));
    }

    [Fact]
    public async Task Shutdown_RunningJob_GoesBackToTheQueue_WithoutLosingAnAttempt()
    {
        var started = new TaskCompletionSource();
        await _floor.Queue.EnqueueAsync(Job("a@1.0", "k", attempts: 1));
        var worker = await _floor.StartAsync(null, new Handler("k", async (_, stop) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return null;
        }));
        await started.Task;

        await worker.StopAsync(CancellationToken.None);

        (await postgres.ScalarAsync<string>("SELECT state || '/' || attempt || '/' || coalesce(lease_owner, 'free') FROM job")).ShouldBe("0/0/free");
    }

    [Fact]
    public async Task TwoWorkers_ManyJobs_EachRunsOnce()
    {
        var runs = new ConcurrentDictionary<string, int>();
        var handler = new Handler("k", (job, _) =>
        {
            runs.AddOrUpdate(job.Id, 1, (_, n) => n + 1);
            return Task.FromResult<string?>(null);
        });
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 3000).Select(i => Job($"a@{i}.0", "k", owner: null))]);
        await _floor.StartAsync(null, handler);
        await _floor.StartAsync(null, handler);

        await _floor.UntilAsync(async () => await postgres.ScalarAsync<long>("SELECT count(*) FROM job WHERE state <> 2") == 0);

        runs.Count.ShouldBe(3000);
        runs.Values.ShouldAllBe(n => n == 1);
        // Sweeps and turns lock many rows each; they must never have waited for each other in a circle.
        (await postgres.ScalarAsync<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")).ShouldBe(0);
    }

    [Fact]
    public async Task Backlog_OfOneWorkspace_DoesNotKeepAnotherWaiting()
    {
        var order = new ConcurrentQueue<string>();
        var done = new TaskCompletionSource();
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 200).Select(i => Job($"big@{i}.0", "k", "big", owner: null))]);
        await _floor.Queue.EnqueueAsync(Job("small@1.0", "k", "small", owner: null));

        await _floor.StartAsync(o => (o.Concurrency, o.MaxAhead) = (2, 0), new Handler("k", (job, _) =>
        {
            order.Enqueue(job.Workspace);
            if (order.Count == 201) done.SetResult();
            return Task.FromResult<string?>(null);
        }));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60));

        order.ToList().IndexOf("small").ShouldBeLessThan(4);
    }

    /// <summary>The guardrail: ten thousand queued jobs of one tenant, each longer than anyone would wait, and another's starts all the same.</summary>
    [Fact]
    public async Task TenThousandSlowJobsOfOneTenant_LeaveSlotsForAnother()
    {
        var (bigRuns, smallRan) = (0, new TaskCompletionSource());
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 10_000).Select(i => Job($"big@{i}.0", "k", "big", owner: null))]);
        await _floor.StartAsync(o => o.Concurrency = 8, new Handler("k", async (job, stop) =>
        {
            if (job.Workspace == "small") smallRan.SetResult();
            else if (Interlocked.Increment(ref bigRuns) > 0) await Task.Delay(Timeout.Infinite, stop);
            return null;
        }));
        await _floor.UntilAsync(() => Task.FromResult(Volatile.Read(ref bigRuns) == 6));
        await _floor.Queue.EnqueueAsync(Job("small@1.0", "k", "small", owner: null));
        await smallRan.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Volatile.Read(ref bigRuns).ShouldBe(6, "a quarter of the slots is for whoever comes next");
    }

    [Fact]
    public async Task KindWithALimit_IsSharedByTenants_AndNoneHasMoreThanItsQuota()
    {
        var running = new ConcurrentDictionary<string, int>();
        var most = 0;
        var order = new ConcurrentQueue<string>();
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 30).Select(i => Job($"big@{i}.0", "deploy.build", "big"))]);
        await _floor.Queue.EnqueueAsync([Job("small@1.0", "deploy.build", "small"), Job("big@smoke.0", "smoke", "big")]);
        await _floor.StartAsync(o => o.TenantKindLimit = (workspace, _) => workspace == "small" ? 2 : 1, new Handler("smoke", (job, _) =>
        {
            order.Enqueue("smoke");
            return Task.FromResult<string?>(null);
        }), new Handler("deploy.build", async (job, _) =>
        {
            order.Enqueue(job.Workspace);
            if (job.Workspace == "big") InterlockedMax(ref most, running.AddOrUpdate("big", 1, (_, n) => n + 1));
            await Task.Delay(5, CancellationToken.None);
            if (job.Workspace == "big") running.AddOrUpdate("big", 0, (_, n) => n - 1);
            return null;
        }));
        for (var i = 0; i < 32; i++) await _floor.Told.NextAsync();

        most.ShouldBe(1);
        order.ToList().IndexOf("small").ShouldBeLessThan(4, "the other tenant's thirty wait, not its one");
        order.ToList().IndexOf("smoke").ShouldBeLessThan(12, "what is behind a kind that is full is found");
    }

    [Fact]
    public async Task Priority_WithinAWorkspace_GoesFirst()
    {
        var order = new ConcurrentQueue<string>();
        await _floor.Queue.EnqueueAsync([Job("low@1.0", "k"), Job("high@1.0", "k", priority: 10)]);

        await _floor.StartAsync(o => (o.Concurrency, o.MaxAhead) = (1, 0), new Handler("k", (job, _) =>
        {
            order.Enqueue(job.Id);
            return Task.FromResult<string?>(null);
        }));
        await _floor.Told.NextAsync();
        await _floor.Told.NextAsync();

        order.ShouldBe(["high@1.0", "low@1.0"]);
    }

    [Fact]
    public async Task KindWithALimit_NeverRunsMoreAtOnce_AndAllOfItRuns()
    {
        var (running, most) = (0, 0);
        await _floor.Queue.EnqueueAsync([.. Enumerable.Range(0, 20).Select(i => Job($"a@{i}.0", "deploy.build"))]);
        await _floor.StartAsync(null, new Handler("deploy.build", async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return null;
        }));

        for (var i = 0; i < 20; i++) await _floor.Told.NextAsync();

        most.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task CancelGroup_RepeatedLater_SparesWhatWasAskedForAfterIt()
    {
        await _floor.Queue.EnqueueAsync([
            Job("r@1.0", "deploy.build", group: "g", version: 1), Job("r@1.1", "deploy.stop", group: "g", version: 1),
            Job("r@3.0", "deploy.build", group: "g", version: 3), Job("x@1.0", "deploy.build", group: "other", version: 1)]);

        await using var connection = await postgres.Database.Worker.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        JobQueue.AddCancel(batch, "g", ["deploy.stop"], "release/w/shop/1", 2, 0);
        await batch.ExecuteNonQueryAsync();

        (await postgres.ScalarAsync<string>("SELECT string_agg(id, ' ' ORDER BY id) FROM job WHERE state = 4")).ShouldBe("r@1.0");
    }

    [Fact]
    public async Task Connections_Terminated_WorkGoesOn()
    {
        await _floor.StartAsync(null, new Handler("k"));
        for (var i = 0; i < 5; i++)
        {
            await postgres.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'prodsprint_worker' AND datname = current_database()");
            await _floor.UntilAsync(async () =>
            {
                try
                {
                    await _floor.Queue.EnqueueAsync(Job($"a@{i}.0", "k"));
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            });
            // At least once: one that was told but could not be noted comes again.
            while ((await _floor.Told.NextAsync()).JobId != $"a@{i}.0")
            {
            }
        }
    }

    private Task HeldByAsync(string id, string worker) => postgres.ExecuteAsync(
        "UPDATE prodsprint.job SET state = 1, attempt = 1, lease_owner = $2, lease_until = now() + interval '1 hour' WHERE id = $1", id, worker);

    /// <summary>This process's id with a start time it did not have: a process that is gone, its number used again.</summary>
    private static string DeadWorkerOfThisHost()
    {
        var mine = WorkerId.New().Split('|');
        mine[3] = "1";
        return string.Join('|', mine);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int was;
        while ((was = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, was) != was)
        {
        }
    }
}
