using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Data;

/// <summary>PostgreSQL is stopped in the middle of everything and started again.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly PrivateClusterOptions _options = new() { Directory = Path.Combine(Path.GetTempPath(), "prodsprint-outage-" + Guid.NewGuid().ToString("N")[..10]) };

    private PrivateCluster Cluster => new(_options, NullLogger<PrivateCluster>.Instance);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAsync();
        Directory.Delete(_options.Directory, recursive: true);
    }

    [Fact]
    public async Task PostgresStoppedAndStarted_RunningJobEndsOnce_QueueAndFeedGoOn()
    {
        var connection = await Cluster.StartAsync();
        await using var database = new Database(new DatabaseOptions { ConnectionString = connection });
        await database.StartAsync();
        await using var sink = new MachineSink(database, new FakeRouter(), TimeProvider.System, NullLogger<MachineSink>.Instance);
        using var feed = new LiveFeed(database, TimeProvider.System, NullLogger<LiveFeed>.Instance);
        await feed.StartAsync(default);
        await using var reading = feed.ReadAsync(0).GetAsyncEnumerator();
        var (started, go, runs) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var told = new JobFloor.Receiver();
        using var worker = new JobWorker(database, [new Handler("k", async (job, _) =>
        {
            if (job.Id == "a@1.0" && Interlocked.Increment(ref runs) > 0)
            {
                started.SetResult();
                await go.Task;
            }
            return null;
        })], told, new JobOptions { Poll = TimeSpan.FromMilliseconds(200), TellAgain = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, NullLogger<JobWorker>.Instance);
        await worker.StartAsync(default);
        var queue = new JobQueue(database);
        await queue.EnqueueAsync(JobFloor.Job("a@1.0", "k"));
        await started.Task.WaitAsync(Limit);
        await using (var reader = await database.App("w")) { }

        await Cluster.StopAsync();
        go.SetResult();
        await Should.ThrowAsync<Exception>(() => sink.FlushAsync(Flush(1), default));
        (await Cluster.StartAsync()).ShouldBe(connection);
        // The one that lay in the pool is dead; whoever reads does not notice.
        await using (var reader = await database.App("w")) { }

        await Eventually(() => sink.FlushAsync(Flush(1), default));
        await Eventually(() => queue.EnqueueAsync(JobFloor.Job("b@1.0", "k")));
        var outcomes = new HashSet<string>();
        while (outcomes.Count < 2) outcomes.Add((await told.NextAsync()).JobId);
        runs.ShouldBe(1);
        (await reading.MoveNextAsync().AsTask().WaitAsync(Limit)).ShouldBeTrue();
        reading.Current.Key.ShouldBe("release/w/shop/1");

        await worker.StopAsync(default);
        await feed.StopAsync(default);
    }

    private static MachineFlush Flush(int version) => new("release/w/shop/1", version, """{"n":1}""", [], []);

    private static async Task Eventually(Func<Task> act)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (Npgsql.NpgsqlException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
