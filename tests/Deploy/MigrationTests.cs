using ProdSprint.Deploy;
using ProdSprint.Plans;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class MigrationTests
{
    private static ServicePlan Migrating(string line, double seconds = 60) => Service(buildSeconds: seconds, variables: [Variable("GREETING", "hello")]) with { Migrate = Run(line) };

    private static async Task<MigrateRequest> RequestAsync(Bench b, params ServicePlan[] services) =>
        new("ws", "shop", "production", 1, "v1", (await b.BuildAsync(b.Commit(("server.js", Apps.Server)), services[0])).ArtifactDigest, [.. services]);

    private static Task<MigrateResult> MigrateAsync(Bench b, MigrateRequest r, string effect = "release/ws/shop/1@7.0") =>
        b.Target.MigrateAsync(r, effect, l => { lock (b.Log) b.Log.Add(l); }, default);

    [Theory, InlineData(true), InlineData(false)]
    public async Task Migrate_GoodCommand_RunsWithTheVersionsVariablesInTheCopyItStartsFrom(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var service = Migrating("echo \"$GREETING $PRODSPRINT_ENVIRONMENT\" | tee database.txt");
        var request = await RequestAsync(b, service);
        (await MigrateAsync(b, request)).ShouldSatisfyAllConditions(r => r.Migrations.ShouldBe(1), r => r.Detail.ShouldBe("app: hello production"));

        await b.StartAsync(request.ArtifactDigest, service);

        File.ReadAllText(Path.Combine(b.Paths.RunTree(Key()), "database.txt")).ShouldBe("hello production\n");
        var log = (await b.Target.RunLogAsync(Key(), new(), default)).Text;
        log.IndexOf("hello production", StringComparison.Ordinal).ShouldBeInRange(0, log.IndexOf("listening on", StringComparison.Ordinal));
    }

    [Theory, InlineData(0), InlineData(3)]
    public async Task Migrate_PrintsASecret_ItsNameIsShownWhereverItsOutputIs(int code)
    {
        await using var b = new Bench(variables: new OneSecret());
        var request = await RequestAsync(b, Migrating($"echo with $TOKEN; exit {code}"));
        var said = code == 0 ? (await MigrateAsync(b, request)).Detail : (await Should.ThrowAsync<DeployException>(() => MigrateAsync(b, request))).Message;
        said.ShouldContain("with [secret TOKEN]");
        said.ShouldNotContain(OneSecret.Value);
        lock (b.Log) b.Log.ShouldAllBe(l => !l.Contains(OneSecret.Value));
        (await b.Target.RunLogAsync(Key(), new(), default)).Text.ShouldNotContain(OneSecret.Value);
    }

    [Fact]
    public async Task Migrate_AskedTwiceWithOneEffect_RunsOnce()
    {
        await using var b = new Bench();
        var request = await RequestAsync(b, Migrating("echo ran >> runs"));
        await MigrateAsync(b, request);
        await MigrateAsync(b, request);
        File.ReadAllText(Path.Combine(b.Paths.RunTree(Key()), "runs")).ShouldBe("ran\n");
        await MigrateAsync(b, request, "release/ws/shop/1@19.0"); // a new attempt of the release migrates a fresh copy
        File.ReadAllText(Path.Combine(b.Paths.RunTree(Key()), "runs")).ShouldBe("ran\n");
        b.Log.Count(l => l.StartsWith("$ echo ran", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Migrate_FailingCommand_SaysWhatItWroteAndStopTakesTheCopyAway()
    {
        await using var b = new Bench();
        var request = await RequestAsync(b, Migrating("echo no such table; exit 3"));
        (await Should.ThrowAsync<DeployException>(() => MigrateAsync(b, request))).ShouldSatisfyAllConditions(
            e => e.Retry.ShouldBeFalse(), e => e.Message.ShouldContain("exit code 3"), e => e.Message.ShouldContain("no such table"));
        await b.StopAsync();
        Directory.Exists(b.Paths.RunTree(Key())).ShouldBeFalse();
        (await b.Target.RunLogAsync(Key(), new(), default)).Text.ShouldContain("no such table");
    }

    [Fact]
    public async Task Migrate_OverItsTimeLimit_IsStoppedWithEverythingItStarted()
    {
        await using var b = new Bench();
        var request = await RequestAsync(b, Migrating("sleep 4747 & sleep 4747", seconds: 1));
        (await Should.ThrowAsync<DeployException>(() => MigrateAsync(b, request))).Message.ShouldContain("time limit");
        ProcessTable.All().ShouldNotContain(p => p.Name == "sleep" && CommandLine(p.Pid).Contains("4747"));
    }

    /// <summary>Nothing of one that has gone meanwhile: others start and stop theirs beside this test.</summary>
    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    [Fact]
    public async Task Migrate_OfSeveralServices_StopsAtTheFirstThatFails()
    {
        await using var b = new Bench();
        var request = await RequestAsync(b, Migrating("echo one") with { Name = "one" }, Migrating("exit 1") with { Name = "two" }, Migrating("echo three") with { Name = "three" });
        (await Should.ThrowAsync<DeployException>(() => MigrateAsync(b, request))).Message.ShouldContain("two");
        b.Log.ShouldNotContain("$ echo three");
    }
}
