using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Data;
using ProdSprint.Postgres;
using ProdSprint.Traffic;

namespace ProdSprint.Kernel;

public sealed class MachineSinkTests : IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private readonly string _ws = "w" + Guid.NewGuid().ToString("N")[..8];
    private readonly PostgresFixture _postgres;
    private readonly FakeRouter _router = new();
    private readonly MachineSink _sink;

    public MachineSinkTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _sink = new(postgres.Database, _router, TimeProvider.System, NullLogger<MachineSink>.Instance);
    }

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task Flush_Repeated_ChangesNothing()
    {
        var flush = Flush(1, """{"phase":"building"}""", [Fact(1, 0), Fact(1, 1)], Job(1, 0, "deploy.build"));

        for (var i = 0; i < 3; i++) (await _sink.FlushAsync(flush, default)).ShouldBeEmpty();

        (await CountAsync("timeline")).ShouldBe(2);
        (await CountAsync("resource_view")).ShouldBe(1);
        (await CountAsync("job")).ShouldBe(1);
        (await _postgres.ScalarAsync<string>("SELECT owner_key || ' ' || project || ' ' || owner_version FROM prodsprint.job WHERE workspace = $1", _ws)).ShouldBe($"{KeyOf()} shop 1");
    }

    [Fact]
    public async Task Flush_OlderViewAfterNewer_KeepsTheNewer()
    {
        await _sink.FlushAsync(Flush(2, """{"phase":"canary"}""", []), default);
        await _sink.FlushAsync(Flush(1, """{"phase":"building"}""", []), default);

        JsonNode.Parse((await new ViewReads(_postgres.Database).GetAsync(_ws, KeyOf()))!)!["phase"]!.GetValue<string>().ShouldBe("canary");
    }

    [Fact]
    public async Task Flush_ManyGrainsAtOnce_AllOfThemAreThere_AndOneBadOneFailsAlone()
    {
        var good = Enumerable.Range(10, 200).Select(n => _sink.FlushAsync(Flush(1, "{}", [Fact(1, 0, n)], n), default)).ToList();
        var bad = _sink.FlushAsync(Flush(1, "this is no JSON", [Fact(1, 0, 999)], 999), default);

        await Task.WhenAll(good);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => bad);

        (await CountAsync("timeline")).ShouldBe(200);
        (await CountAsync("resource_view")).ShouldBe(200);
    }

    [Fact]
    public async Task Flush_TextWithNul_IsKeptWithoutIt()
    {
        await _sink.FlushAsync(Flush(1, """{"message":"a\u0000b"}""", [Fact(1, 0) with { Text = "a\0b", BodyJson = """{"x":"\u0000"}""" }]), default);

        (await _postgres.ScalarAsync<string>("SELECT text FROM prodsprint.timeline WHERE workspace = $1", _ws)).ShouldBe("a\uFFFDb");
    }

    [Fact]
    public async Task Flush_RouterAway_FactsAndEarlierJobsAreWritten_LaterEffectsWait()
    {
        _router.Away = true;
        var flush = Flush(1, "{}", [Fact(1, 0)], Job(1, 0, "deploy.start"), Routes(1, 1), Job(1, 2, "deploy.stop"));

        var left = await _sink.FlushAsync(flush, default);

        left.ShouldBe([$"{KeyOf()}@1.1", $"{KeyOf()}@1.2"], ignoreOrder: true);
        (await CountAsync("timeline")).ShouldBe(1);
        (await _postgres.ScalarAsync<string>("SELECT string_agg(kind, ',') FROM prodsprint.job WHERE workspace = $1", _ws)).ShouldBe("deploy.start");

        _router.Away = false;
        (await _sink.FlushAsync(flush, default)).ShouldBeEmpty();
        (await CountAsync("job")).ShouldBe(2);
        _router.Applied.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Flush_RouterSlow_FactsDoNotWait_AndTheStopComesAfterTheRoutes()
    {
        var gate = new TaskCompletionSource();
        _router.Gate = gate.Task;
        var flushing = _sink.FlushAsync(Flush(1, "{}", [Fact(1, 0)], Routes(1, 0), Job(1, 1, "deploy.stop")), default);
        while (await CountAsync("timeline") == 0) await Task.Yield();
        (await CountAsync("job")).ShouldBe(0);

        gate.SetResult();

        (await flushing).ShouldBeEmpty();
        (await CountAsync("job")).ShouldBe(1);
    }

    [Theory]
    [InlineData(RouteOutcome.Stale, 0)]
    [InlineData(RouteOutcome.Unchanged, 0)]
    [InlineData(RouteOutcome.Refused, 1)]
    public async Task Flush_RouterAnswers_OnlyARefusalIsTriedAgain(RouteOutcome answer, int left)
    {
        _router.Answer = answer;
        (await _sink.FlushAsync(Flush(1, "{}", [], Routes(1, 0)), default)).Count.ShouldBe(left);
    }

    [Fact]
    public async Task Flush_CancelJobs_ReachesWhatWasAskedForBefore_EvenInTheSameFlush()
    {
        OutboxEntry[] effects = [Job(1, 0, "deploy.build", "g"), new($"{KeyOf()}@2.0", new CancelJobs("g", ["deploy.stop"])), Job(2, 1, "deploy.build", "g"), Job(1, 1, "deploy.stop", "g")];

        await _sink.FlushAsync(Flush(2, "{}", [], effects), default);
        await _sink.FlushAsync(Flush(2, "{}", [], effects), default);

        (await _postgres.ScalarAsync<string>("SELECT string_agg(id, ' ') FROM prodsprint.job WHERE state = 4 AND workspace = $1", _ws)).ShouldBe($"{KeyOf()}@1.0");
    }

    private string KeyOf(int number = 3) => $"release/{_ws}/shop/{number}";

    private MachineFlush Flush(long version, string? view, TimelineEntry[] facts, params OutboxEntry[] effects) => new(KeyOf(), version, view, facts, effects);

    private MachineFlush Flush(long version, string? view, TimelineEntry[] facts, int number) => new(KeyOf(number), version, view, facts, []);

    private TimelineEntry Fact(long version, int index, int number = 3) =>
        new($"{KeyOf(number)}@{version}.{index}", KeyOf(number), version, index, At, "release.step-started", "user:ana", "try it", "Canary at 5 %.", null, """{"weight":5}""");

    private OutboxEntry Job(long version, int index, string kind, string? group = null) => new($"{KeyOf()}@{version}.{index}", new EnqueueJob(kind, "{}", TimeSpan.FromMinutes(1), Group: group));

    private OutboxEntry Routes(long version, int index) =>
        new($"{KeyOf()}@{version}.{index}", new SetRoutes(new EnvironmentRoutes(_ws, "shop", "production", version, null, [], [], RoutingOptions.Default)));

    private Task<long> CountAsync(string table) => _postgres.ScalarAsync<long>($"SELECT count(*) FROM prodsprint.{table} WHERE workspace = $1", _ws);
}
