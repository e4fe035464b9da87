using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Postgres;

namespace ProdSprint.Telemetry;

public sealed class TrafficRetentionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Run_ManyOldSeconds_AreForgotten_AndYoungOnesStay()
    {
        // More than one statement takes, of two workspaces, and three that are younger than 30 days.
        await postgres.ExecuteAsync(
            """
            INSERT INTO prodsprint.traffic_second (workspace, project, environment, version, second, batch, requests, errors, faults, classes, buckets, counts)
            SELECT w, 'shop', 'production', 'v1', s, 1, 1, 0, 0, '{0,0,0,0,0,0}'::bigint[], '{}'::int[], '{}'::bigint[] FROM (VALUES ('keep-a'), ('keep-b')) AS v(w), generate_series(1000, 16000) AS s
            UNION ALL SELECT 'keep-a', 'shop', 'production', 'v1', s, 1, 1, 0, 0, '{0,0,0,0,0,0}'::bigint[], '{}'::int[], '{}'::bigint[] FROM generate_series(20000, 20002) AS s
            """);
        var retention = new TrafficRetention(new(postgres.Database), new(), new Then(DateTimeOffset.FromUnixTimeSeconds(20_000).AddDays(30)), NullLogger<TrafficRetention>.Instance);
        (await retention.RunAsync(CancellationToken.None)).ShouldBe(2 * 15_001);
        (await postgres.ScalarAsync<long>("SELECT count(*) FROM prodsprint.traffic_second")).ShouldBe(3);
        (await retention.RunAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public void Setting_ThatCannotStand_IsSaid() =>
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => TelemetryOptions.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["Telemetry:KeepDays"] = "0" }))
            .Message.ShouldContain("1 to 366");

    private sealed class Then(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
