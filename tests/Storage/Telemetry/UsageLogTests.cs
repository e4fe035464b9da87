using ProdSprint.Postgres;

namespace ProdSprint.Telemetry;

public sealed class UsageLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly UsageLog _log = new(postgres.Database);

    private static UsageHour Hour(long hour, double cores, double mebibytes, int limit = 512, int? cpus = null, string service = "web") =>
        new("production", service, hour, UsageHistogram.Of(cores), UsageHistogram.Of(mebibytes), limit, cpus);

    [Fact]
    public async Task Add_TheSameHourInParts_IsOneOfBoth_AndInItsWorkspaceOnly()
    {
        await _log.AddAsync([(new("usage-a", "shop"), Hour(1000, 0.5, 100)), (new("usage-a", "shop"), Hour(1001, 0.1, 90))], None);
        // As after a restart within the hour.
        await new UsageLog(postgres.Database).AddAsync([(new("usage-a", "shop"), Hour(1000, 1.5, 80, 1024, 2))], None);
        await _log.AddAsync([(new("usage-b", "shop"), Hour(1000, 9, 900))], None);

        var hours = await _log.ReadAsync("usage-a", "shop", null, 0, None);
        hours.Select(h => (h.Hour, h.Cores.Total)).ShouldBe([(1000L, 2L), (1001L, 1L)]);
        hours[0].ShouldBe(Hour(1000, 0.5, 100).Add(Hour(1000, 1.5, 80, 1024, 2)));
        (hours[0].Cores.Max, hours[0].MemoryMiB.Max, hours[0].LimitMemoryMiB, hours[0].LimitCpus).ShouldBe((1.5, 100, 1024, 2));
        (await _log.ReadAsync("usage-a", "shop", "staging", 0, None)).ShouldBeEmpty();
        (await _log.ReadAsync("usage-a", "shop", "production", 1001, None)).ShouldHaveSingleItem();
        (await _log.ReadAsync("usage-c", "shop", null, 0, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Add_ManyWritersOfOneHour_LoseNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => _log.AddAsync([(new("usage-many", "shop"), Hour(2000, 1, n)), (new("usage-many", "shop"), Hour(2000, 1, n, service: "api"))], None)));
        (await _log.ReadAsync("usage-many", "shop", null, 0, None)).Select(h => h.Cores.Total).ShouldBe([8, 8]);
    }

    [Fact]
    public async Task Forget_OldHours_AreGone()
    {
        await _log.AddAsync([(new("usage-old", "shop"), Hour(10, 1, 1)), (new("usage-old", "shop"), Hour(3000, 1, 1))], None);
        (await _log.ForgetAsync(11, None)).ShouldBe(1);
        (await _log.ReadAsync("usage-old", "shop", null, 0, None)).Single().Hour.ShouldBe(3000);
    }

    [Fact]
    public async Task LastRequest_IsOfThatEnvironment()
    {
        (await _log.LastRequestAsync("usage-quiet", "shop", "production", None)).ShouldBeNull();
        await using var row = postgres.Owner.CreateCommand(
            """
            INSERT INTO prodsprint.traffic_second (workspace, project, environment, version, second, batch, requests, errors, faults, classes, buckets, counts)
            SELECT 'usage-quiet', 'shop', 'production', 'v1', second, 1, requests, 0, 0, '{0,0,0,0,0,0}', '{}', '{}' FROM (VALUES (1000, 3), (2000, 1), (3000, 0)) AS v(second, requests)
            """);
        await row.ExecuteNonQueryAsync();
        (await _log.LastRequestAsync("usage-quiet", "shop", "production", None)).ShouldBe(DateTimeOffset.FromUnixTimeSeconds(2000));
        (await _log.LastRequestAsync("usage-quiet", "shop", "staging", None)).ShouldBeNull();
    }
}
