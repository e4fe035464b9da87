using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Postgres;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>A web node that takes no traffic in sees what another node has taken in.</summary>
public sealed class TrafficTailTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Tail_BatchCommittedElsewhere_IsHeardByEnvironment()
    {
        var heard = new Listener();
        using var tail = new TrafficTail(postgres.Database, heard, TimeProvider.System, NullLogger<TrafficTail>.Instance);
        await tail.StartAsync(CancellationToken.None);
        await using var log = new TrafficLog(postgres.Database);
        TrafficBell? bell = null;
        // What is rung before the tail listens is not for it: ring until it hears.
        for (var sequence = 1; bell is null; sequence++)
        {
            await log.AppendAsync(new($"tail-{Guid.NewGuid():n}", sequence, [Second("shop", "v1", 1_000), Second("shop", "v2", 1_001)], 0), CancellationToken.None);
            bell = await heard.Next(TimeSpan.FromMilliseconds(200));
        }
        bell.Seconds.Select(s => (s.Project, s.Version, s.UnixSecond, s.Requests, s.Errors)).ShouldBe([("shop", "v1", 1_000, 10, 1), ("shop", "v2", 1_001, 10, 1)], ignoreOrder: true);
        bell.Seconds[0].Latency.Total.ShouldBe(2);
        await tail.StopAsync(CancellationToken.None);
    }

    private static TrafficSecond Second(string project, string version, long second) =>
        new("tail", project, "production", version, second, 10, 1, StatusClasses.None with { Success = 9, ServerError = 1 }, 0, LatencyHistogram.Of([1, 2]));

    private sealed class Listener : ITrafficListeners
    {
        private readonly Channel<TrafficBell> _bells = Channel.CreateUnbounded<TrafficBell>();

        public void Heard(TrafficBell bell)
        {
            if (bell.Seconds[0].Workspace == "tail") _bells.Writer.TryWrite(bell);
        }

        public async Task<TrafficBell?> Next(TimeSpan within)
        {
            using var limit = new CancellationTokenSource(within);
            try
            {
                return await _bells.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }
}
