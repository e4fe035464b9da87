using Npgsql;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>What a removal leaves of a secret at a real PostgreSQL: nothing, whoever is late.</summary>
public sealed class SecretRemovalTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Ana = Actor.User("ana");

    [Fact]
    public async Task Remove_RefusedWhileHeld_ThenBothRolesAndAllValuesAreGone_AndItMayBeMadeAnew()
    {
        await using var bench = new SecretBench(postgres, "gone");
        await Overlap(bench);
        bench.Used = "release 3 of production runs with it";
        bench.Do(new RemoveSecret(false, Ana, null));
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.Current.ShouldNotBeNull(), s => s.Problem!.ShouldContain("release 3"));
        bench.Used = null;
        await using (var open = await bench.OpenAsync(0, await bench.PasswordAsync(bench.State.Previous!)))
        {
            bench.Do(new RemoveSecret(false, Ana, null));
            await bench.RunAsync();
            bench.State.Problem!.ShouldContain($"1 connection is open as {bench.Role(0).Name}");
            // Past its own rule: a table of the login role's instead of the owner's.
            await new NpgsqlCommand("RESET ROLE", open).ExecuteNonQueryAsync(bench.Stop);
            await postgres.ExecuteAsync($"GRANT CREATE ON DATABASE \"{bench.Role(0).Owner}\" TO \"{bench.Role(0).Name}\"");
            await new NpgsqlCommand("CREATE SCHEMA mine; CREATE TABLE mine.notes (id int)", open).ExecuteNonQueryAsync(bench.Stop);
            bench.Do(new RemoveSecret(true, Ana, "it was in a chat"));
            await bench.RunAsync(times: 2);
            await Should.ThrowAsync<NpgsqlException>(() => new NpgsqlCommand("SELECT 1", open).ExecuteNonQueryAsync(bench.Stop));
        }
        bench.State.RemovedAt.ShouldNotBeNull();
        (await Left(bench)).ShouldBe((0, 0));
        await using (var inside = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.Database.OwnerConnectionString) { Database = bench.Role(0).Owner, Pooling = false }.ConnectionString))
        {
            await inside.OpenAsync(bench.Stop);
            (await new NpgsqlCommand("SELECT tableowner FROM pg_tables WHERE schemaname = 'mine'", inside).ExecuteScalarAsync(bench.Stop)).ShouldBe(bench.Role(0).Owner);
        }

        bench.Make();
        await bench.RunAsync();
        bench.State.Current!.Number.ShouldBe(3);
        (await bench.SignInAsync(bench.State.Current)).ShouldBe($"{bench.Role(0).Name} as {bench.Role(0).Owner}");
    }

    [Fact]
    public async Task Remove_AfterItsDatabaseIsGone_TakesTheRolesThatWereLeft()
    {
        await using var bench = new SecretBench(postgres, "orphan");
        await Overlap(bench);
        await postgres.ExecuteAsync($"DROP DATABASE \"{bench.Role(0).Owner}\" WITH (FORCE)");
        await postgres.ExecuteAsync($"DROP ROLE \"{bench.Role(0).Owner}\"");
        (await Left(bench)).Roles.ShouldBe(2);
        bench.Do(new RemoveSecret(true, Ana, "the infrastructure was taken away"));
        await bench.RunAsync();
        (await Left(bench)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Remove_WhoWasTakenForDeadAndIsLate_LeavesNothing_AndTakesNothingOfWhatIsNew()
    {
        await using var bench = new SecretBench(postgres, "late");
        await Overlap(bench);
        bench.Do(new RevokeSecret(Ana, null));
        var revoke = bench.Asked!;
        await bench.RunAsync();
        bench.Rotate();
        var place = bench.Asked!;
        bench.Do(new RemoveSecret(true, Ana, "leaked"));
        var remove = bench.Asked!;
        await bench.RunAsync();
        await bench.SeenAsync();
        (await bench.WorkAsync(place)).Problem!.ShouldContain("was given up");
        await bench.WorkAsync(revoke);
        (await Left(bench)).ShouldBe((0, 0));

        bench.Make();
        await bench.SeenAsync();
        await bench.RunAsync();
        await bench.SeenAsync();
        (await bench.WorkAsync(place)).Problem.ShouldNotBeNull();
        await bench.WorkAsync(remove);
        (await bench.SignInAsync(bench.State.Current!)).ShouldBe($"{bench.Role(0).Name} as {bench.Role(0).Owner}");
        (await bench.Store.OpenAsync(bench.Name, bench.State.Current!.Reference, bench.Stop)).ShouldNotBeNull();
    }

    private static async Task Overlap(SecretBench bench)
    {
        await bench.GroundAsync();
        bench.Now = DateTimeOffset.UtcNow;
        bench.Make();
        await bench.RunAsync();
        bench.Rotate();
        await bench.RunAsync();
        bench.State.Previous.ShouldNotBeNull();
    }

    private async Task<(long Roles, long Values)> Left(SecretBench bench) => (
        await postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_roles WHERE rolname IN ('{bench.Role(0).Name}', '{bench.Role(1).Name}')"),
        await postgres.ScalarAsync<long>($"SELECT count(*) FROM prodsprint.secret_value WHERE project = '{bench.Name.Project}'"));
}
