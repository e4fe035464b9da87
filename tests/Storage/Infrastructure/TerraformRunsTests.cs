using System.Text;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Infrastructure;

/// <summary>The real Terraform (or OpenTofu) with its built-in provider, a real database, real files.</summary>
public sealed class TerraformRunsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ForTheServer = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Apply_MakesDatabaseRoleSecretAndDirectories_TwiceChangesNothing_DestroyTakesAllAway()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "whole");
        var plan = await bench.PlanAsync();
        plan.Changes.Select(c => (c.Address, c.Action)).ShouldBe(
        [
            ("terraform_data.access", InfrastructureAction.Create), ("terraform_data.database", InfrastructureAction.Create), ("terraform_data.directory[\"data\"]", InfrastructureAction.Create),
            ("terraform_data.directory[\"secrets\"]", InfrastructureAction.Create), ("terraform_data.role", InfrastructureAction.Create), ("terraform_data.secret", InfrastructureAction.Create),
        ]);
        Directory.Exists(bench.Place.Directory).ShouldBeFalse("a plan makes nothing");

        var applied = await bench.ApplyAsync(plan);
        applied.Changed.ShouldBe(6);
        (await bench.SignInAsync()).ShouldBe($"{bench.Place.DatabaseName} in {bench.Place.DatabaseName}");
        var secret = Path.Combine(bench.Place.Directory, "secrets", "database-password");
        File.GetUnixFileMode(secret).ShouldBe(ForTheServer);
        File.GetUnixFileMode(Path.Combine(bench.Place.Directory, "data")).ShouldBe(Folder);
        bench.Lines.ShouldContain(l => l.Contains($"database {bench.Place.DatabaseName} made", StringComparison.Ordinal), "what Terraform says is streamed");

        var again = await bench.PlanAsync();
        again.Changes.ShouldBeEmpty();
        (await bench.ApplyAsync(again)).ShouldBe(new(applied.State, 0));
        (await bench.CheckAsync(plan)).ShouldSatisfyAllConditions(d => d.Changes.ShouldBeEmpty(), d => d.State.ShouldBe(applied.State));

        var password = await File.ReadAllTextAsync(secret, bench.Stop);
        password.Length.ShouldBe(48);
        (await bench.States.HistoryAsync(bench.Key, 100, bench.Stop)).ShouldAllBe(s => s.Sound && !s.Body.Contains(password));
        string.Join('\n', bench.Lines).ShouldNotContain(password);
        foreach (var file in Directory.EnumerateFiles(bench.Options.Root, "*", SearchOption.AllDirectories).Where(f => f != secret)) Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, bench.Stop)).ShouldNotContain(password, Case.Sensitive, file);
        Encoding.Latin1.GetString(await bench.Plans.GetAsync(bench.Key.Workspace, plan.PlanFileDigest, "", bench.Stop)).ShouldNotContain(password);

        var destroy = await bench.PlanAsync(destroy: true);
        destroy.Changes.ShouldAllBe(c => c.Action == InfrastructureAction.Delete);
        (await bench.ApplyAsync(destroy)).Changed.ShouldBe(6);
        (await bench.AskAsync<long>($"SELECT (SELECT count(*) FROM pg_database WHERE datname = '{bench.Place.DatabaseName}') + (SELECT count(*) FROM pg_roles WHERE rolname = '{bench.Place.DatabaseName}')")).ShouldBe(0);
        File.Exists(secret).ShouldBeFalse();
        Directory.Exists(Path.Combine(bench.Place.Directory, "data")).ShouldBeFalse();
    }

    /// <summary>As when Terraform is killed after its steps and before it keeps what it did.</summary>
    [Fact]
    public async Task Destroy_WhatIsGoneAlready_IsNoFault()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "gone");
        await bench.ApplyAsync(await bench.PlanAsync());
        var destroy = await bench.PlanAsync(destroy: true);
        Directory.Delete(bench.Place.Directory, recursive: true);
        await bench.ExecuteAsync($"DROP DATABASE \"{bench.Place.DatabaseName}\"");
        await bench.ExecuteAsync($"DROP ROLE \"{bench.Place.DatabaseName}\"");
        (await bench.ApplyAsync(destroy)).Changed.ShouldBe(6);
    }

    [Fact]
    public async Task Check_WhatIsNotAsItWasApplied_IsFound_AndReapplyPutsItBackWithoutTouchingTheRest()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "drift");
        var plan = await bench.PlanAsync();
        await bench.ApplyAsync(plan);
        var name = bench.Place.DatabaseName;
        await bench.ExecuteAsync($"GRANT CONNECT ON DATABASE \"{name}\" TO PUBLIC");
        await bench.ExecuteAsync($"ALTER ROLE \"{name}\" CREATEDB");
        File.SetUnixFileMode(Path.Combine(bench.Place.Directory, "data"), Folder | UnixFileMode.OtherRead);
        var note = Path.Combine(bench.Place.Directory, "data", "note");
        await File.WriteAllTextAsync(note, "kept", bench.Stop);

        var drift = await bench.CheckAsync(plan);
        drift.Changes.Select(c => (c.Address, c.Action, c.Why)).ShouldBe(
        [
            ("terraform_data.access", InfrastructureAction.Repair, $"the database {name} belongs to another role, or others may connect to it"),
            ("terraform_data.directory[\"data\"]", InfrastructureAction.Repair, "the directory data can be read by others"),
            ("terraform_data.role", InfrastructureAction.Repair, $"the role {name} may more, or less, than sign in"),
        ]);

        var refused = await Should.ThrowAsync<InfrastructureException>(() => bench.Runs.ApplyAsync(bench.Request() with { ConfigurationDigest = plan.ConfigurationDigest, Allowed = [.. drift.Changes.Take(1)] }, bench.Job(), bench.Stop));
        refused.Message.ShouldContain("is not among what was approved");
        var made = await bench.AskAsync<uint>($"SELECT oid FROM pg_database WHERE datname = '{name}'");
        (await bench.Runs.ApplyAsync(bench.Request() with { ConfigurationDigest = plan.ConfigurationDigest, Allowed = drift.Changes }, bench.Job(), bench.Stop)).Changed.ShouldBe(3);
        (await bench.CheckAsync(plan)).Changes.ShouldBeEmpty();
        (await bench.AskAsync<uint>($"SELECT oid FROM pg_database WHERE datname = '{name}'")).ShouldBe(made, "a repair takes nothing away");
        (await File.ReadAllTextAsync(note, bench.Stop)).ShouldBe("kept");

        await bench.ExecuteAsync($"ALTER ROLE \"{name}\" PASSWORD 'x'");
        (await bench.CheckAsync(plan)).Changes.Single().Why.ShouldBe($"the role {name} has another password than its secret");
    }

    [Fact]
    public async Task Check_EveryOtherWayInToIt_AndEveryWayThatIsShut_IsFound_AndPutRight()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "ways");
        var plan = await bench.PlanAsync();
        await bench.ApplyAsync(plan);
        var (name, other) = (bench.Place.DatabaseName, $"other_{Guid.NewGuid():n}");
        (string Sql, string Address, string Why)[] drifts =
        [
            ($"GRANT pg_read_server_files TO \"{name}\"", "role", $"the role {name} has the rights of pg_read_server_files"),
            ($"ALTER ROLE \"{name}\" CONNECTION LIMIT 0", "role", $"the role {name} is let in less often, or less long, than it was"),
            ($"ALTER ROLE \"{name}\" VALID UNTIL '2020-01-01'", "role", $"the role {name} is let in less often, or less long, than it was"),
            ($"GRANT CONNECT ON DATABASE \"{name}\" TO \"{other}\"", "access", $"the database {name} belongs to another role, or others may connect to it"),
            ($"GRANT \"{name}\" TO \"{other}\"", "access", $"the database {name} can be had by {other}, who has the rights of its role"),
            ($"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false", "access", $"the database {name} takes fewer connections than it did"),
        ];
        await bench.ExecuteAsync($"CREATE ROLE \"{other}\" LOGIN");
        try
        {
            foreach (var (sql, address, why) in drifts)
            {
                await bench.ExecuteAsync(sql);
                var drift = await bench.CheckAsync(plan);
                drift.Changes.Select(c => (c.Address, c.Why)).ShouldBe([($"terraform_data.{address}", why)], sql);
                await bench.Runs.ApplyAsync(bench.Request() with { ConfigurationDigest = plan.ConfigurationDigest, Allowed = drift.Changes }, bench.Job(), bench.Stop);
                (await bench.CheckAsync(plan)).Changes.ShouldBeEmpty(sql);
                (await bench.SignInAsync()).ShouldContain(name);
            }
        }
        finally
        {
            await bench.ExecuteAsync($"DROP OWNED BY \"{other}\"");
            await bench.ExecuteAsync($"DROP ROLE \"{other}\"");
        }
    }

    [Fact]
    public async Task Apply_AfterARunThatWasKilled_BreaksItsLock_TakesItsState_AndDoesWhatIsLeft()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "killed");
        var plan = await bench.PlanAsync();
        await bench.ApplyAsync(plan);
        var full = (await bench.States.NewestAsync(bench.Key, null, bench.Stop))!;
        await bench.ExecuteAsync($"DROP DATABASE \"{bench.Place.DatabaseName}\" WITH (FORCE)");

        // What a server that was killed leaves: its lock, and a state it could not hand over, in which the database is not made yet.
        var killed = await bench.Ledger.BeginAsync(bench.Key, "killed", bench.Stop);
        (await bench.Ledger.LockAsync(bench.Key, killed.Fence, """{"ID":"dead","Who":"killed@here"}""", bench.Stop)).ShouldBeNull();
        var left = System.Text.Json.Nodes.JsonNode.Parse(full.Body)!;
        left["serial"] = full.Serial + 1;
        foreach (var gone in left["resources"]!.AsArray().Where(r => (string)r!["name"]! is "database" or "access").ToList()) left["resources"]!.AsArray().Remove(gone);
        await File.WriteAllTextAsync(Path.Combine(bench.Place.Work, "errored.tfstate"), left.ToJsonString(), bench.Stop);

        (await bench.ApplyAsync(plan)).Changed.ShouldBe(2);
        bench.Lines.ShouldContain(l => l.Contains("the lock is broken", StringComparison.Ordinal) && l.Contains("killed@here", StringComparison.Ordinal));
        (await bench.SignInAsync()).ShouldContain(bench.Place.DatabaseName);
        (await bench.States.HistoryAsync(bench.Key, 10, bench.Stop)).Select(s => s.Serial).ShouldContain(full.Serial + 1, "the state was not lost");
        (await Should.ThrowAsync<InfrastructureException>(() => bench.States.WriteAsync(bench.Key, killed.Fence, "killed", full.Body, 0, bench.Stop))).Message.ShouldContain("newer run has taken over");
    }

    [Fact]
    public async Task Apply_PlanFileOrFilesThatSomebodyChanged_AreRefused()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "changed");
        var plan = await bench.PlanAsync();
        (await Should.ThrowAsync<InfrastructureException>(() => bench.ApplyAsync(plan with { Changes = plan.Changes.RemoveAt(0) }))).Message.ShouldContain("not what was approved");
        await bench.ForceAsync($"UPDATE infrastructure_plan SET body = body || 'x' WHERE digest = '{plan.PlanFileDigest}'");
        (await Should.ThrowAsync<InfrastructureException>(() => bench.ApplyAsync(plan))).Message.ShouldContain("The plan file that was approved,");
        plan = await bench.PlanAsync();
        await bench.ForceAsync($"UPDATE infrastructure_plan SET body = body || 'x' WHERE digest = '{plan.ConfigurationDigest}'");
        (await Should.ThrowAsync<InfrastructureException>(() => bench.ApplyAsync(plan))).Message.ShouldContain("The configuration that was planned with,");
        Directory.Exists(bench.Place.Directory).ShouldBeFalse("nothing was done");
    }

    [Fact]
    public async Task State_TamperedWith_IsRefused_UntilASoundVersionIsRestored()
    {
        TerraformBench.NeedsTerraform();
        await using var bench = new TerraformBench(postgres, "tampered");
        var plan = await bench.PlanAsync();
        var applied = await bench.ApplyAsync(plan);
        await bench.ForceAsync($"""
            INSERT INTO infrastructure_state (workspace, project, environment, version, lineage, serial, digest, body, seal, run)
            SELECT workspace, project, environment, version + 1, lineage, serial + 1, digest, body, seal, run FROM infrastructure_state WHERE project = '{bench.Key.Project}' AND version = {applied.State.Version}
            """);
        var handler = new CheckInfrastructureHandler(bench.Runs);
        var request = bench.Request() with { ConfigurationDigest = plan.ConfigurationDigest, Known = applied.State };
        var refused = await Should.ThrowAsync<JobFailedException>(() => handler.RunAsync(bench.Job(KernelJson.Write(request)), bench.Stop));
        refused.Full.ShouldContain("is not as ProdSprint wrote it");
        refused.Next.ShouldContain("infrastructure restore --version");
        (await Should.ThrowAsync<InfrastructureException>(() => bench.Runs.RestoreAsync(request with { RestoreVersion = applied.State.Version + 1 }, bench.Job(), bench.Stop))).Message.ShouldContain("is not as ProdSprint wrote it");

        var restored = await bench.Runs.RestoreAsync(request with { RestoreVersion = applied.State.Version }, bench.Job(), bench.Stop);
        restored.State.Version.ShouldBe(applied.State.Version + 2);
        (await bench.CheckAsync(plan)).Changes.ShouldBeEmpty();
    }
}
