using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Data;

public sealed class LiveFeedTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly PostgresFixture _postgres;
    private readonly MachineSink _sink;
    private readonly LiveFeed _feed;
    private readonly string _ws = "w" + Guid.NewGuid().ToString("N")[..8];

    public LiveFeedTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _sink = new(postgres.Database, new FakeRouter(), TimeProvider.System, NullLogger<MachineSink>.Instance);
        _feed = new(postgres.Database, TimeProvider.System, NullLogger<LiveFeed>.Instance);
    }

    public async ValueTask InitializeAsync() => await _feed.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _feed.StopAsync(CancellationToken.None);
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Read_FromACursor_GetsRowsAndViewsInOrder()
    {
        var from = await _feed.NowAsync();
        await HappenAsync(1);
        await using var reading = _feed.ReadAsync(from).GetAsyncEnumerator();
        var first = await NextAsync(reading);
        var second = await NextAsync(reading);
        await HappenAsync(2);
        var third = await NextAsync(reading);

        new[] { first.Kind, second.Kind, third.Kind }.ShouldBe([LiveKind.Timeline, LiveKind.View, LiveKind.Timeline]);
        (first.Seq < second.Seq && second.Seq < third.Seq).ShouldBeTrue();
        (first.Workspace, first.Project, first.Resource, first.Key).ShouldBe((_ws, "shop", "release.step-started", $"release/{_ws}/shop/1"));
        JsonNode.Parse(second.Json!)!["n"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Read_ConnectionsTerminatedMeanwhile_LosesNothing()
    {
        const int count = 300;
        var from = await _feed.NowAsync();
        using var stop = new CancellationTokenSource(Limit);
        var seen = new ConcurrentQueue<LiveChange>();
        var reading = Task.Run(async () =>
        {
            await foreach (var change in _feed.ReadAsync(from, stop.Token))
            {
                seen.Enqueue(change);
                if (seen.Count(c => c.Kind == LiveKind.Timeline) == count) return;
            }
        });
        for (var i = 1; i <= count; i++)
        {
            if (i % 50 == 0) await _postgres.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'prodsprint_worker'");
            await HappenAsync(i);
        }
        await reading;

        var timeline = seen.Where(c => c.Kind == LiveKind.Timeline).ToList();
        timeline.Select(c => c.Version).ShouldBe(Enumerable.Range(1, count).Select(i => (long)i));
        seen.Select(c => c.Seq).ShouldBeInOrder();
    }

    [Fact]
    public async Task Read_WritersSideBySide_NumbersBecomeVisibleInOrder()
    {
        const int count = 400;
        var from = await _feed.NowAsync();
        using var stop = new CancellationTokenSource(Limit);
        await using var other = new MachineSink(_postgres.Database, new FakeRouter(), TimeProvider.System, NullLogger<MachineSink>.Instance);
        var reading = Task.Run(async () =>
        {
            var rows = 0;
            await foreach (var change in _feed.ReadAsync(from, stop.Token))
            {
                if (change.Kind == LiveKind.Timeline && change.Workspace == _ws && ++rows == count) return rows;
            }
            return rows;
        });

        await Task.WhenAll(Enumerable.Range(1, count).Select(i => (i % 2 == 0 ? _sink : other).FlushAsync(Flush(i, i), default)));

        (await reading).ShouldBe(count);
    }

    [Fact]
    public async Task Job_Touched_IsPassedOn()
    {
        await using var reading = _feed.ReadAsync(await _feed.NowAsync()).GetAsyncEnumerator();
        var next = NextAsync(reading);
        while (!next.IsCompleted)
        {
            await _postgres.ExecuteAsync("""SELECT pg_notify('prodsprint_live', '{"ws":"w","kind":"job","key":"a@1.0","project":"shop"}')""");
            await Task.WhenAny(next, Task.Delay(50));
        }
        (await next).ShouldBe(new LiveChange(0, LiveKind.Job, "w", "shop", "job", "a@1.0", 0, null));
    }

    private async Task HappenAsync(int n)
    {
        while (true)
        {
            try
            {
                await _sink.FlushAsync(Flush(n, 1), default);
                return;
            }
            catch (Npgsql.NpgsqlException)
            {
                // Its connection was terminated; a grain flushes again, and so do we.
            }
        }
    }

    private MachineFlush Flush(int version, int number) => new($"release/{_ws}/shop/{number}", version, $$"""{"n":{{version}}}""",
        [new($"release/{_ws}/shop/{number}@{version}.0", $"release/{_ws}/shop/{number}", version, 0, DateTimeOffset.UnixEpoch, "release.step-started", "system:judge", null, "x", null, "{}")], []);

    private static async Task<LiveChange> NextAsync(IAsyncEnumerator<LiveChange> reading)
    {
        (await reading.MoveNextAsync().AsTask().WaitAsync(Limit)).ShouldBeTrue();
        return reading.Current;
    }
}
