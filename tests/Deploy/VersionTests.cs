using System.Text.Json;
using ProdSprint.Deploy;
using ProdSprint.Plans;
using ProdSprint.Projects;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

/// <summary>A version of several services: a web entry, an API and a worker, from one artifact.</summary>
public sealed class VersionTests
{
    private const string Worker = "setInterval(() => require('http').get(process.env.PRODSPRINT_SERVICE_API_URL + '/health', a => { console.log('api answered ' + a.statusCode); a.resume(); }), 50);";

    private static ServicePlan Named(string name, string start, ServiceKind kind = ServiceKind.Web, double startSeconds = 30) => Service(start: start, kind: kind, startSeconds: startSeconds) with { Name = name };

    private static readonly ServicePlan Web = Service(variables: [Variable("API", "${PRODSPRINT_SERVICE_API_URL}/v1")]) with { Name = "web" };

    private static async Task<string> BuildAsync(Bench b, params ServicePlan[] companions) => (await b.Target.BuildAsync(
        new("ws", "shop", b.Commit(("server.js", Apps.Server), ("worker.js", Worker)), Web, false) { Companions = [.. companions] }, l => { lock (b.Log) b.Log.Add(l); }, default)).ArtifactDigest;

    private static Task<StartResult> StartAsync(Bench b, string digest, params ServicePlan[] companions) => b.Target.StartAsync(
        new("ws", "shop", "production", 1, "v1", digest, Web) { Companions = [.. companions] }, l => { lock (b.Log) b.Log.Add(l); }, default);

    [Theory, InlineData(true), InlineData(false)]
    public async Task Start_SeveralServices_AllRunKnowEachOtherAndStopTogether(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        ServicePlan[] beside = [Named("api", "node server.js"), Named("jobs", "node worker.js", ServiceKind.Worker)];
        var started = await StartAsync(b, await BuildAsync(b, beside), beside);

        var records = b.Target.List();
        records.Select(r => (r.Key.Service, r.Phase)).ShouldBe([(null, InstancePhase.Running), ("api", InstancePhase.Running), ("jobs", InstancePhase.Running)]);
        records.Select(r => r.Port).Where(p => p != 0).Distinct().Count().ShouldBe(2);
        started.Address.ShouldBe(records[0].Address, "the entry is what gets traffic");
        var environment = JsonDocument.Parse(await GetAsync(started.Address, "/env")).RootElement;
        environment.GetProperty("PRODSPRINT_SERVICE_API_URL").GetString().ShouldBe($"http://{records[1].Address}");
        environment.GetProperty("API").GetString().ShouldBe($"http://{records[1].Address}/v1");
        while (!(await b.Target.RunLogAsync(Key() with { Service = "jobs" }, new(), default)).Text.Contains("api answered 200", StringComparison.Ordinal)) await Task.Yield();

        await b.StopAsync();

        b.Target.List().ShouldBeEmpty();
        records.SelectMany(b.Processes).ShouldBeEmpty();
        Directory.Exists(b.Paths.RunTree(Key())).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_OneOfThemDoesNotStart_NoneIsLeft()
    {
        await using var b = new Bench();
        ServicePlan[] beside = [Named("api", "node server.js"), Named("jobs", "echo no queue; exit 4", ServiceKind.Worker)];
        var digest = await BuildAsync(b, beside);
        (await Should.ThrowAsync<DeployException>(() => StartAsync(b, digest, beside))).Message.ShouldSatisfyAllConditions(m => m.ShouldContain("jobs v1"), m => m.ShouldContain("no queue"));
        b.Target.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_OneOfThemRunsAlready_OnlyTheOtherIsStarted()
    {
        await using var b = new Bench();
        var api = Named("api", "node server.js");
        var digest = await BuildAsync(b, api);
        var first = await StartAsync(b, digest);
        var second = await StartAsync(b, digest, api);
        second.ShouldSatisfyAllConditions(s => s.Pid.ShouldBe(first.Pid), s => s.Address.ShouldBe(first.Address));
        b.Target.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_OneOfThemDies_OnlyThatOneIsStartedAgain()
    {
        await using var b = new Bench();
        var api = Named("api", "node server.js");
        var started = await StartAsync(b, await BuildAsync(b, api), api);
        var record = b.Target.List().Single(r => r.Key.Service == "api");
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(record.Address, "/die"));

        (await b.EventAsync(InstanceEventKind.Died)).Key.Service.ShouldBe("api");
        (await b.EventAsync(InstanceEventKind.Recovered)).Key.Service.ShouldBe("api");
        var after = b.Target.List();
        after.Single(r => r.Key.Service is null).Pid.ShouldBe(started.Pid);
        after.Single(r => r.Key.Service == "api").ShouldSatisfyAllConditions(r => r.Port.ShouldBe(record.Port), r => r.Restarts.ShouldBe(1));
    }

    [Fact]
    public async Task Restart_OfTheServer_FindsEveryServiceAgain()
    {
        await using var b = await new Bench().StartedAsync();
        var api = Named("api", "node server.js");
        await StartAsync(b, await BuildAsync(b, api), api);
        var before = b.Target.List().Select(r => (r.Key, r.Pid)).ToList();
        await b.RestartAsync();
        b.Target.List().Select(r => (r.Key, r.Pid)).ShouldBe(before);
        await b.StopAsync();
        b.Target.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Build_LineThatServicesShare_RunsOnceAndInstallsComeFirst()
    {
        await using var b = new Bench();
        ServicePlan One(string name) => Service(install: "echo install >> order", build: $"echo {name} >> order") with { Name = name };
        var built = await b.Target.BuildAsync(new("ws", "shop", b.Commit(("a", "x")), One("web"), false) { Companions = [One("api")] }, _ => { }, default);
        var tree = b.Store.Tree(b.Store.FindByDigest(built.ArtifactDigest, "ws", "shop")!.Key);
        (await File.ReadAllLinesAsync(Path.Combine(tree, "order"), TestContext.Current.CancellationToken)).ShouldBe(["install", "web", "api"]);
    }

    [Fact]
    public async Task Build_TestsOfEveryService_AreCounted()
    {
        await using var b = new Bench();
        ServicePlan One(string name, string test) => Service(test: test) with { Name = name };
        var built = await b.Target.BuildAsync(
            new("ws", "shop", b.Commit(("a", "x")), One("web", "echo '3 passed'"), true) { Companions = [One("api", "echo '1 failed, 2 passed'; exit 1"), One("jobs", "exit 1")] }, _ => { }, default);
        (built.TestsPassed, built.TestsFailed).ShouldBe((5, 2));
    }

    [Fact]
    public async Task Start_PortVariableThatHoldsAnAddress_KeepsTheAddress()
    {
        await using var b = new Bench();
        var service = Service(variables: [Variable("LISTEN", "http://0.0.0.0:${PORT}")]) with { Port = new(3000, "LISTEN") };
        var started = await b.UpAsync(service, ("server.js", Apps.Server));
        JsonDocument.Parse(await GetAsync(started.Address, "/env")).RootElement.GetProperty("LISTEN").GetString().ShouldBe($"http://0.0.0.0:{started.Address.Split(':')[1]}");
    }
}
