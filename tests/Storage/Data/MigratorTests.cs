using ProdSprint.Postgres;

namespace ProdSprint.Data;

public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Start_Twice_AppliesEachMigrationOnce()
    {
        var before = await postgres.ScalarAsync<long>("SELECT count(*) FROM prodsprint.schema_migration");

        await postgres.Database.StartAsync();

        before.ShouldBe(Migrations.Embedded().Count);
        (await postgres.ScalarAsync<long>("SELECT count(*) FROM prodsprint.schema_migration")).ShouldBe(before);
    }

    [Fact]
    public async Task Run_FromSeveralServersAtOnce_AppliesOnce()
    {
        var more = Migrations.Embedded().Append(new Migration(9000, "9000_race", "CREATE TABLE prodsprint.race (n int); SELECT pg_sleep(0.05)")).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator.RunAsync(postgres.Owner, Secret, more, None)));

        (await postgres.ScalarAsync<long>("SELECT count(*) FROM prodsprint.schema_migration WHERE number = 9000")).ShouldBe(1);
        await postgres.ExecuteAsync("DROP TABLE prodsprint.race; DELETE FROM prodsprint.schema_migration WHERE number = 9000");
    }

    [Fact]
    public async Task Run_AppliedMigrationWasEdited_IsRefused()
    {
        var edited = Migrations.Embedded().Select(m => m.Number == 2 ? m with { Sql = m.Sql + "\n-- edited" } : m).ToArray();

        var refused = await Should.ThrowAsync<DatabaseException>(() => Migrator.RunAsync(postgres.Owner, Secret, edited.Select(m => new Migration(m.Number, m.Name, m.Sql)).ToArray(), None));

        refused.Message.ShouldContain("0002_kernel was changed after it had been applied");
    }

    [Fact]
    public async Task Run_DatabaseOfANewerProgram_IsRefused()
    {
        var older = Migrations.Embedded().Where(m => m.Number != 3).ToArray();

        var refused = await Should.ThrowAsync<DatabaseException>(() => Migrator.RunAsync(postgres.Owner, Secret, older, None));

        refused.Message.ShouldContain("newer ProdSprint");
    }

    [Fact]
    public async Task Run_MigrationFails_LeavesNothingOfIt()
    {
        var broken = Migrations.Embedded().Append(new Migration(9001, "9001_broken", "CREATE TABLE prodsprint.half (n int); SELECT 1 / 0")).ToArray();

        await Should.ThrowAsync<DatabaseException>(() => Migrator.RunAsync(postgres.Owner, Secret, broken, None));

        (await postgres.ScalarAsync<string>("SELECT to_regclass('prodsprint.half')::text")).ShouldBeNull();
        await postgres.Database.StartAsync();
    }

    [Fact]
    public void Checksum_LineEndsOfWindows_IsTheSame() =>
        new Migration(1, "a", "SELECT 1;\r\nSELECT 2").Checksum.ShouldBe(new Migration(1, "a", "SELECT 1;\nSELECT 2").Checksum);

    private string Secret => new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString).Password!;
}
