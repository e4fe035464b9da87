using Npgsql;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>Rotations of a real PostgreSQL's passwords, by the real machine and the real handlers.</summary>
public sealed class PostgresRotationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Rotation_BothWorkInTheOverlap_ThenOnlyTheNewOne_AndWhatOneMakesBelongsToTheOther()
    {
        await using var bench = new SecretBench(postgres, "whole");
        await bench.GroundAsync();
        bench.Make();
        await bench.RunAsync();
        var first = bench.State.Current!;
        (await bench.SignInAsync(first)).ShouldBe($"{bench.Role(0).Name} as {bench.Role(0).Owner}");
        await using (var one = await bench.OpenAsync(0, await bench.PasswordAsync(first))) await new NpgsqlCommand("CREATE TABLE orders (id int)", one).ExecuteNonQueryAsync(bench.Stop);

        bench.Rotate();
        await bench.RunAsync();
        var second = bench.State.Current!;
        (await bench.SignInAsync(second)).ShouldBe($"{bench.Role(1).Name} as {bench.Role(0).Owner}");
        (await bench.SignInAsync(first)).ShouldContain("as", Case.Sensitive, "it works in the overlap");
        await using (var two = await bench.OpenAsync(1, await bench.PasswordAsync(second))) await new NpgsqlCommand("ALTER TABLE orders ADD total int; INSERT INTO orders VALUES (1, 2)", two).ExecuteNonQueryAsync(bench.Stop);

        var password = await bench.PasswordAsync(first);
        bench.Used = "release 3 was started with it";
        bench.Until(SecretJobs.Revoke);
        await bench.RunAsync();
        bench.State.Waiting.ShouldBe("release 3 was started with it");
        (await bench.SignInAsync(first)).ShouldContain("as", Case.Sensitive, "whoever still has it is not cut off");
        bench.Used = null;
        await using (var open = await bench.OpenAsync(0, password))
        {
            bench.Until(SecretJobs.Revoke);
            await bench.RunAsync();
            bench.State.Waiting.ShouldBe($"1 connection is open as {bench.Role(0).Name}");
            // By force, over what is open.
            bench.Do(new RevokeSecret(Actor.User("ana"), "leaked"));
            await bench.RunAsync();
            bench.State.Previous.ShouldBeNull();
            await Should.ThrowAsync<NpgsqlException>(() => new NpgsqlCommand("SELECT 1", open).ExecuteNonQueryAsync(bench.Stop));
        }
        (await Should.ThrowAsync<PostgresException>(() => bench.OpenAsync(0, password))).SqlState.ShouldStartWith("28");
        (await bench.Store.OpenAsync(bench.Name, first.Reference, bench.Stop)).ShouldBeNull("it is forgotten");
        (await bench.SignInAsync(second)).ShouldContain(bench.Role(1).Name);

        bench.Rotate();
        await bench.RunAsync();
        (await bench.SignInAsync(bench.State.Current!)).ShouldBe($"{bench.Role(0).Name} as {bench.Role(0).Owner}", "the place that is free again");
    }

    [Fact]
    public async Task EveryStepDoneThreeTimes_AndOldOnesAgainLater_ChangesNothing()
    {
        await using var bench = new SecretBench(postgres, "thrice");
        await bench.GroundAsync();
        var past = new List<EnqueueJob>();
        for (var rotation = 0; rotation < 4; rotation++)
        {
            if (rotation == 0) bench.Make();
            else bench.Rotate();
            past.Add(bench.Asked!);
            await bench.RunAsync(times: 3);
            (await bench.SignInAsync(bench.State!.Current!)).ShouldContain(bench.Role(0).Owner);
            if (bench.State.Previous is null) continue;
            bench.Until(SecretJobs.Revoke);
            past.Add(bench.Asked!);
            await bench.RunAsync(times: 3);
            // Somebody who was taken for dead wakes up, and does what was asked of them back then.
            foreach (var old in past) await bench.WorkAsync(old);
            (await bench.SignInAsync(bench.State.Current!)).ShouldContain(bench.Role(0).Owner);
        }
        bench.State.Current!.Number.ShouldBe(4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task CutOffBetweenAnyTwoSteps_ThenTakenBack_TheOldOneWorks_AndTheNextRotationSucceeds(int stepsDone)
    {
        await using var bench = new SecretBench(postgres, "cut");
        await bench.GroundAsync();
        bench.Make();
        await bench.RunAsync();
        var first = bench.State.Current!;
        bench.Rotate();
        var place = bench.Asked!;
        // 0: died before anything; 1: the value is sealed and nobody lets it in; 2: it is let in and nobody heard of it.
        var request = KernelJson.Read<SecretRequest>(place.PayloadJson);
        if (stepsDone == 1) await bench.Store.PutAsync(bench.Name, request.Version.Reference, "half", null, bench.Stop);
        if (stepsDone == 2) await bench.WorkAsync(place);
        bench.Do(new SecretOutcome(bench.State.Job!, null, "The server was lost. Next: rotate it again"));
        bench.Asked!.Kind.ShouldBe(SecretJobs.Undo);
        await bench.RunAsync(times: 2);
        bench.State.ShouldSatisfyAllConditions(s => s.Current.ShouldBe(first), s => s.Undoing.ShouldBeNull(), s => s.Problem!.ShouldContain("The server was lost. Next: rotate it again"));
        (await bench.SignInAsync(first)).ShouldContain(bench.Role(0).Name);
        (await bench.Store.OpenAsync(bench.Name, request.Version.Reference, bench.Stop)).ShouldBeNull();
        (await bench.WorkAsync(place)).Problem!.ShouldContain("is of the past", Case.Sensitive, "what was given up is not made by a late one");
        bench.Rotate();
        await bench.RunAsync();
        (await bench.SignInAsync(bench.State.Current!)).ShouldContain(bench.Role(1).Name);
    }

    [Fact]
    public async Task NotLetIn_IsTakenBack_WithWhatPostgresSays()
    {
        await using var bench = new SecretBench(postgres, "refused");
        await bench.GroundAsync();
        bench.Make();
        await bench.RunAsync();
        bench.Rotate();
        var (placed, _) = await bench.WorkAsync(bench.Asked!);
        bench.Do(new SecretOutcome(bench.State.Job!, placed, null));
        await postgres.ExecuteAsync($"ALTER ROLE \"{bench.Role(1).Name}\" PASSWORD 'other'");
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.Current!.Number.ShouldBe(1), s => s.Problem!.ShouldContain($"PostgreSQL does not let {bench.Role(1).Name} in"), s => s.Versions[0].State.ShouldBe(SecretVersionState.Failed));
        (await bench.SignInAsync(bench.State.Current!)).ShouldContain(bench.Role(0).Name);
    }

    [Fact]
    public async Task WithoutADatabase_SaysWhatToDo()
    {
        await using var bench = new SecretBench(postgres, "bare");
        bench.Make();
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.Current.ShouldBeNull(), s => s.Problem!.ShouldContain("apply the environment's infrastructure first"));
    }

    [Fact]
    public async Task Check_PasswordThatSomebodyChanged_IsDrift_AndARotationMendsIt()
    {
        await using var bench = new SecretBench(postgres, "drift");
        await bench.GroundAsync();
        bench.Make();
        await bench.RunAsync();
        await postgres.ExecuteAsync($"ALTER ROLE \"{bench.Role(0).Name}\" PASSWORD 'other'");
        bench.Until(SecretJobs.Check);
        await bench.RunAsync();
        bench.State.Drift!.ShouldContain("prodsprint secrets rotate DATABASE_URL");
        bench.Rotate();
        await bench.RunAsync();
        bench.State.Drift.ShouldBeNull();
        (await bench.SignInAsync(bench.State.Current!)).ShouldContain(bench.Role(1).Name);
    }

    [Fact]
    public async Task NoValue_IsInAnyLineEventViewJobTableOrAuditRow()
    {
        await using var bench = new SecretBench(postgres, "quiet");
        await bench.GroundAsync();
        bench.Make();
        await bench.RunAsync();
        var passwords = new List<string> { await bench.PasswordAsync(bench.State.Current!) };
        bench.Rotate();
        await bench.RunAsync();
        passwords.Add(await bench.PasswordAsync(bench.State.Current!));
        bench.Until(SecretJobs.Revoke);
        await bench.RunAsync();
        var told = string.Join('\n', bench.Lines);
        told.ShouldContain("is in place as");
        var audit = new List<AuditEvent>();
        await foreach (var row in new AuditLog(postgres.Database).ReadAsync("ws", new AuditFilter(Resource: $"projects/{bench.Name.Project}"), newestFirst: false, cancellation: bench.Stop)) audit.Add(row.Event);
        audit.Select(e => e.Action).ShouldBe(["PlaceSecretVersion", "PlaceSecretVersion", "RevokeSecretVersion"]);
        var kept = await postgres.ScalarAsync<string>("SELECT string_agg(v::text || encode(v.sealed, 'escape') || encode(v.sealed, 'base64'), ' ') FROM prodsprint.secret_value v") + await postgres.ScalarAsync<string>("SELECT string_agg(k::text, ' ') FROM prodsprint.secret_key k");
        foreach (var password in passwords)
        {
            password.Length.ShouldBe(48);
            told.ShouldNotContain(password);
            KernelJson.Write(audit).ShouldNotContain(password);
            kept.ShouldNotContain(password);
        }
    }
}
