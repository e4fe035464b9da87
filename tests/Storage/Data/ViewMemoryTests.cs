using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Data;

public sealed class ViewMemoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _ws = "w" + Guid.NewGuid().ToString("N")[..8];
    private readonly SteppedTime _time = new();

    private string KeyOf => $"release/{_ws}/shop/1";

    [Fact]
    public void Find_WhatWasKept_UntilItIsTooOld()
    {
        var memory = Listening();
        memory.Keep(memory.Begin(_ws), KeyOf, View(1));
        NumberOf(memory.Find(_ws, KeyOf)).ShouldBe(1);
        memory.Find("other", KeyOf).ShouldBeNull();

        _time.Step(ViewMemory.Kept);
        memory.Find(_ws, KeyOf).ShouldBeNull();
    }

    [Fact]
    public void Keep_ReadBeganBeforeTheBell_IsNotKept()
    {
        var memory = Listening();
        var before = memory.Begin(_ws);
        memory.Forget(_ws, KeyOf);
        memory.Keep(before, KeyOf, View(1));
        memory.Find(_ws, KeyOf).ShouldBeNull();
    }

    [Fact]
    public void Keep_NoBellIsListenedTo_NothingIsKept()
    {
        var memory = new ViewMemory(_time);
        memory.Keep(memory.Begin(_ws), KeyOf, View(1));
        memory.Find(_ws, KeyOf).ShouldBeNull();

        memory.Listens(true);
        memory.Keep(memory.Begin(_ws), KeyOf, View(1));
        var mark = memory.Begin(_ws);
        memory.Listens(false);
        memory.Keep(mark, KeyOf, View(1));
        memory.Listens(true);
        memory.Find(_ws, KeyOf).ShouldBeNull();
    }

    [Fact]
    public void Forget_Workspace_LeavesTheOthers()
    {
        var memory = Listening();
        memory.Keep(memory.Begin(_ws), KeyOf, View(1));
        memory.Keep(memory.Begin("other"), "release/other/shop/1", View(2));
        memory.Forget(_ws);
        memory.Find(_ws, KeyOf).ShouldBeNull();
        NumberOf(memory.Find("other", "release/other/shop/1")).ShouldBe(2);
    }

    [Fact]
    public void Keep_MoreThanThereIsRoomFor_StartsAnew()
    {
        var memory = Listening();
        for (var n = 0; n < 6_000; n++) memory.Keep(memory.Begin(_ws), $"release/{_ws}/shop/{n}", View(n));
        memory.Find(_ws, $"release/{_ws}/shop/0").ShouldBeNull();
        NumberOf(memory.Find(_ws, $"release/{_ws}/shop/5999")).ShouldBe(5_999);
    }

    /// <summary>Whoever has changed something and asks again sees it, however often it was read before.</summary>
    [Fact]
    public async Task GetAsync_AfterEveryWriteOfThisProcess_IsTheNewOne()
    {
        var feed = new LiveFeed(postgres.Database, TimeProvider.System, NullLogger<LiveFeed>.Instance);
        await feed.StartAsync(CancellationToken.None);
        await using var sink = Sink(postgres.Database);
        var reads = new ViewReads(postgres.Database);
        for (var n = 1; n <= 50; n++)
        {
            await WriteAsync(sink, n);
            for (var again = 0; again < 3; again++) NumberOf(await reads.FindAsync(_ws, KeyOf)).ShouldBe(n);
        }
        await feed.StopAsync(CancellationToken.None);
    }

    /// <summary>A page that is told of another process's change and asks for it never gets what was before.</summary>
    [Fact]
    public async Task GetAsync_ToldOfAnotherProcessChange_IsTheNewOne()
    {
        var feed = new LiveFeed(postgres.Database, TimeProvider.System, NullLogger<LiveFeed>.Instance);
        await feed.StartAsync(CancellationToken.None);
        await using var elsewhere = new Database(new() { ConnectionString = postgres.ConnectionString, MaxConnectionsPerRole = 4 });
        await using var sink = Sink(elsewhere);
        var reads = new ViewReads(postgres.Database);
        using var stop = new CancellationTokenSource(Limit);
        await using var told = feed.ReadAsync(await feed.NowAsync(stop.Token), stop.Token).GetAsyncEnumerator(stop.Token);
        for (var n = 1; n <= 20; n++)
        {
            await WriteAsync(sink, n);
            do (await told.MoveNextAsync()).ShouldBeTrue(); while (told.Current.Kind != LiveKind.View || told.Current.Workspace != _ws);
            NumberOf(await reads.FindAsync(_ws, KeyOf)).ShouldBe(n);
        }
        await feed.StopAsync(CancellationToken.None);
    }

    private ViewMemory Listening()
    {
        var memory = new ViewMemory(_time);
        memory.Listens(true);
        return memory;
    }

    private static MachineSink Sink(Database database) => new(database, new FakeRouter(), TimeProvider.System, NullLogger<MachineSink>.Instance);

    private static StoredView View(int n) => new(System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""));

    private static int NumberOf(StoredView? view) => JsonNode.Parse(view.ShouldNotBeNull().Utf8)!["n"]!.GetValue<int>();

    private Task WriteAsync(MachineSink sink, int n) => sink.FlushAsync(new(KeyOf, n, $$"""{"n":{{n}}}""", [], []), default);

    private sealed class SteppedTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Step(TimeSpan by) => _now += by.Ticks;
    }
}
