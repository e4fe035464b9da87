using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Postgres;

namespace ProdSprint.Jobs;

/// <summary>Workers over a real queue, and a receiver that can be made to fail. Everything is awaited as an event with a generous limit.</summary>
internal sealed class JobFloor(PostgresFixture postgres) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly List<JobWorker> _workers = [];

    public Receiver Told { get; } = new();

    public JobQueue Queue { get; } = new(postgres.Database);

    public JobReads Reads { get; } = new(postgres.Database);

    public JobCommands Commands { get; } = new(postgres.Database);

    public async Task<JobWorker> StartAsync(Action<JobOptions>? with, params IJobHandler[] handlers)
    {
        var options = new JobOptions { BackoffBase = TimeSpan.FromMilliseconds(1), Poll = TimeSpan.FromMilliseconds(200), TellAgain = TimeSpan.FromMilliseconds(50), Shutdown = TimeSpan.FromSeconds(10) };
        with?.Invoke(options);
        var worker = new JobWorker(postgres.Database, handlers, Told, options, TimeProvider.System, NullLogger<JobWorker>.Instance);
        _workers.Add(worker);
        await worker.StartAsync(CancellationToken.None);
        return worker;
    }

    public static NewJob Job(string id, string kind, string workspace = "w", string? owner = "release/w/shop/1", string payload = "{}", string? group = null, int attempts = 3, long version = 1, short priority = 0, TimeSpan? limit = null) =>
        new(id, workspace, "shop", kind, payload, limit, attempts, Group: group, OwnerKey: owner, OwnerVersion: version, Priority: priority);

    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition()) await Task.Delay(10, limit.Token);
    }

    public Task UntilStateAsync(string id, JobState state) =>
        UntilAsync(async () => await postgres.ScalarAsync<short>("SELECT state FROM job WHERE id = $1", id) == (short)state);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }
    }

    internal sealed class Receiver : IOutcomeReceiver
    {
        private readonly Channel<JobOutcome> _outcomes = Channel.CreateUnbounded<JobOutcome>();

        public int Failures;

        public ConcurrentQueue<JobOutcome> All { get; } = new();

        public Task TellAsync(string ownerKey, JobOutcome outcome, CancellationToken cancellation)
        {
            if (Interlocked.Decrement(ref Failures) >= 0) throw new TimeoutException("the grain did not answer");
            All.Enqueue(outcome);
            _outcomes.Writer.TryWrite(outcome);
            return Task.CompletedTask;
        }

        public async Task<JobOutcome> NextAsync() => await _outcomes.Reader.ReadAsync().AsTask().WaitAsync(Limit);
    }
}

internal sealed class Handler(string kind, Func<JobContext, CancellationToken, Task<string?>> run) : IJobHandler
{
    public Handler(string kind) : this(kind, (_, _) => Task.FromResult<string?>("{}"))
    {
    }

    public string Kind => kind;

    public Task<string?> RunAsync(JobContext context, CancellationToken cancellation) => run(context, cancellation);
}
