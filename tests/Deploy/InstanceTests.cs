using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Deploy;
using ProdSprint.Projects;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

public sealed class InstanceTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Start_GoodApplication_IsHealthyOnItsOwnPortAndStopsWithSigterm(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var started = await b.UpAsync(Service(variables: [Variable("GREETING", "on ${PORT}")]), ("server.js", Apps.Server));

        (await GetAsync(started.Address)).ShouldBe("hello v1");
        var environment = await GetAsync(started.Address, "/env");
        environment.ShouldContain($"\"GREETING\":\"on {started.Address.Split(':')[1]}\"");
        var record = b.Target.List().ShouldHaveSingleItem();
        record.Phase.ShouldBe(InstancePhase.Running);
        ProcessTable.Read(record.Pid)!.Value.Session.ShouldBe(record.Pid);

        await b.StopAsync();

        b.Target.List().ShouldBeEmpty();
        b.Processes(record).ShouldBeEmpty();
        (await b.Target.RunLogAsync(Key(), new(), default)).Text.ShouldContain("terminated");
        await b.StopAsync(); // what does not run is stopped
    }

    [Fact]
    public async Task Environment_PlainValueNamesThePort_AndWhatIsGivenFromOutsideIsAsItIs()
    {
        await using var b = new Bench();
        var environment = new RunEnvironment(b.Options, b.Services.GetRequiredService<InstanceRegistry>(), new Outside(new() { ["MAIL_PASSWORD"] = "a${PORT}b" }));
        var (values, given) = await environment.OfAsync(Key(), "v1", Service(variables: [Variable("GREETING", "on ${PORT}")]), 4711, b.Home, b.Home, TestContext.Current.CancellationToken);
        (values["GREETING"], values["MAIL_PASSWORD"]).ShouldBe(("on 4711", "a${PORT}b"));
        given.ShouldBe(["MAIL_PASSWORD"]);
    }

    private sealed class Outside(Dictionary<string, string> values) : IVariableSource
    {
        public Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ProdSprint.Plans.ServicePlan service, CancellationToken cancellation) => Task.FromResult<IReadOnlyDictionary<string, string>>(values);
    }

    [Fact]
    public async Task Start_AskedTwice_FindsItRunning()
    {
        await using var b = new Bench();
        var built = await b.BuildAsync(b.Commit(("server.js", Apps.Server)), Service());
        var both = await Task.WhenAll(b.StartAsync(built.ArtifactDigest, Service()), b.StartAsync(built.ArtifactDigest, Service()));
        both[0].Address.ShouldBe(both[1].Address);
        both[0].Pid.ShouldBe(both[1].Pid);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Start_DiesAtOnce_ErrorHasExitCodeAndLastLines(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var e = await Should.ThrowAsync<DeployException>(() => b.UpAsync(Service(start: "echo no database; exit 7"), ("a", "")));
        e.Message.ShouldContain("exit code 7");
        e.Message.ShouldContain("no database");
        b.Target.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Output_OfWhatPrintsItsSecrets_HasTheirNamesInItsPlace_InTheLogAndInWhyItFailed()
    {
        await using var b = new Bench(variables: new OneSecret());
        var e = await Should.ThrowAsync<DeployException>(() => b.UpAsync(Service(start: "echo token $TOKEN and $TOKEN; exit 7"), ("a", "")));
        e.Message.ShouldContain("token [secret TOKEN] and [secret TOKEN]");
        e.Message.ShouldNotContain(OneSecret.Value);
        (await b.Target.RunLogAsync(Key(), new(), default)).Text.ShouldNotContain(OneSecret.Value);
    }

    [Fact]
    public async Task Output_ReadFromTheMiddleOfALine_BeginsWithTheNextOne()
    {
        await using var b = new Bench(variables: new OneSecret());
        await Should.ThrowAsync<DeployException>(() => b.UpAsync(Service(start: "echo token $TOKEN; echo second; exit 7"), ("a", "")));
        var whole = await b.Target.RunLogAsync(Key(), new(Offset: 0), default);
        whole.Text.ShouldContain("token [secret TOKEN]\nsecond\n");
        for (var offset = 1; offset < whole.Next; offset++)
            (await b.Target.RunLogAsync(Key(), new(Offset: offset), default)).Text.ShouldNotContain(OneSecret.Value[^5..]);
        (await b.Target.RunLogAsync(Key(), new(Offset: whole.Next), default)).ShouldSatisfyAllConditions(p => p.Text.ShouldBeEmpty(), p => p.Next.ShouldBe(whole.Next), p => p.Skipped.ShouldBe(0));
    }

    [Fact]
    public void Hide_AnAddressWithItsPassword_APasswordInAnAddressOrInJson_AndEachLineOfAKey()
    {
        HiddenValue[] values = [new("DB", "p/w\"ö-42"), new("URL", "postgresql://u:p/w\"ö-42@h/d"), new("KEY", "first line\nsecond line\n"), new("SHORT", "on")];
        ShownLog.Hide("postgresql://u:p/w\"ö-42@h/d", values).ShouldBe("[secret URL]");
        ShownLog.Hide("p%2Fw%22%C3%B6-42 then {\"p\":\"p/w\\u0022\\u00F6-42\"} on", values).ShouldBe("[secret DB] then {\"p\":\"[secret DB]\"} on");
        ShownLog.Hide("> second line", values).ShouldBe("> [secret KEY]");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Start_NeverHealthy_ErrorHasTheLastAnswerAndNothingRuns(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        InstanceRecord? seen = null;
        var up = b.UpAsync(Service(startSeconds: 2, path: "/fail"), ("server.js", Apps.Server));
        while (!up.IsCompleted && (seen = b.Target.List().FirstOrDefault() ?? seen) is null) await Task.Yield();
        var e = await Should.ThrowAsync<DeployException>(up);
        e.Message.ShouldContain("GET /fail answered 500");
        e.Message.ShouldContain("listening on");
        b.Target.List().ShouldBeEmpty();
        b.Processes(seen!).ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_Cancelled_LeavesNothing()
    {
        await using var b = new Bench();
        var built = await b.BuildAsync(b.Commit(("a", "")), Service());
        using var cancel = new CancellationTokenSource();
        var start = b.StartAsync(built.ArtifactDigest, Service(start: "exec sleep 4545"), cancellation: cancel.Token);
        InstanceRecord? record = null;
        while ((record = b.Target.List().FirstOrDefault())?.Pid is null or 0) await Task.Yield();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(start);
        b.Processes(record!).ShouldBeEmpty();
        b.Target.List().ShouldBeEmpty();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Watch_DiesLater_IsStartedAgainOnTheSamePort(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(started.Address, "/die"));

        var died = await b.EventAsync(InstanceEventKind.Died);
        await b.EventAsync(InstanceEventKind.Recovered);

        died.Text.ShouldContain("exit code 3");
        died.Text.ShouldContain("dying now");
        (await GetAsync(started.Address)).ShouldBe("hello v1");
        b.Target.List().Single().ShouldSatisfyAllConditions(r => r.Restarts.ShouldBe(1), r => r.Problem.ShouldBeNull());
    }

    [Theory, InlineData(true, "/sicken"), InlineData(false, "/sicken"), InlineData(true, "/hang"), InlineData(false, "/hang")]
    public async Task Watch_UnhealthyOrHung_IsEndedAndStartedAgain(bool sandbox, string how)
    {
        await using var b = new Bench(sandbox);
        var started = await b.UpAsync(Service(stopSeconds: 0.3), ("server.js", Apps.Server));
        await GetAsync(started.Address, how);

        (await b.EventAsync(InstanceEventKind.Unhealthy)).Text.ShouldContain("2 times in a row");
        await b.EventAsync(InstanceEventKind.Recovered);
        (await GetAsync(started.Address)).ShouldBe("hello v1");
    }

    [Fact]
    public async Task Watch_OverItsMemoryLimit_IsStartedAgain()
    {
        await using var b = new Bench();
        await b.UpAsync(
            Service(memoryMiB: 250),
            ("server.js", "const keep=[]; setTimeout(()=>{ if(!require('fs').existsSync('once')){ require('fs').writeFileSync('once','');for(let i=0;i<400;i++)keep.push(Buffer.alloc(1<<20,1)); } },300);" + Apps.Server));
        (await b.EventAsync(InstanceEventKind.Unhealthy)).Text.ShouldContain("limit of 250 MiB");
        await b.EventAsync(InstanceEventKind.Recovered);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Stop_IgnoresSigterm_IsKilledAfterItsGrace(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        await b.UpAsync(Service(stopSeconds: 0.5), ("server.js", Apps.Stubborn));
        var record = b.Target.List().Single();
        await b.StopAsync();
        b.Processes(record).ShouldBeEmpty();
        (await b.Target.RunLogAsync(Key(), new(), default)).Text.ShouldContain("not me");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Run_FloodsItsOutput_StaysWithinTheLimitAndGoesOnServing(bool sandbox)
    {
        await using var b = new Bench(sandbox, o => o.RunLogBytes = 64 << 10);
        var started = await b.UpAsync(
            Service(), ("server.js", "const line='x'.repeat(99)+'\\n'; for(let i=0;i<20000;i++) process.stdout.write(line); console.log('flooded');" + Apps.Server));
        LogPage page;
        do page = await b.Target.RunLogAsync(Key(), new(TailLines: 5), default);
        while (!page.Text.Contains("listening"));
        (await GetAsync(started.Address)).ShouldBe("hello v1");
        var logs = Path.Combine(b.Paths.Instance(Key()), "log");
        Directory.GetFiles(logs).Sum(f => new FileInfo(f).Length).ShouldBeLessThanOrEqualTo(64 << 10);
        page.Next.ShouldBeGreaterThan(2_000_000);
        // Read from the very first byte: what was thrown away is said, not hidden.
        (await b.Target.RunLogAsync(Key(), new(Offset: 0), default)).Skipped.ShouldBeGreaterThan(1_900_000);
    }

    [Fact]
    public async Task Run_WritesIntoItsDirectory_DoesNotChangeTheArtifact()
    {
        await using var b = new Bench();
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        (await GetAsync(started.Address, "/write")).ShouldBe("written");
        var manifest = b.Store.All().Single();
        Should.NotThrow(() => b.Store.Verify(manifest, default));
    }

    [Fact]
    public async Task Start_StaticSite_IsServedByAProcessOfItsOwn()
    {
        await using var b = new Bench();
        var service = Service(start: null, build: "mkdir dist && echo '<h1>site</h1>' > dist/index.html && echo S3CRET > dist/.env", kind: ServiceKind.Static, directory: "dist", path: "/");
        var started = await b.UpAsync(service, ("a", ""));
        (await GetAsync(started.Address)).ShouldContain("site");
        (await GetAsync(started.Address, "/some/page")).ShouldContain("site");
        (await Should.ThrowAsync<HttpRequestException>(() => GetAsync(started.Address, "/no.png"))).Message.ShouldContain("404");
        (await Should.ThrowAsync<HttpRequestException>(() => GetAsync(started.Address, "/.env"))).Message.ShouldContain("404");
        await b.StopAsync();
    }

    [Fact]
    public async Task Start_StaticSiteServedByAProgramBelowTmp_IsServedInTheSandboxToo()
    {
        await using var b = new Bench();
        var program = Path.Combine(b.Home, "program");
        FileTree.Copy(AppContext.BaseDirectory, program); // a clone in /tmp, which the sandbox replaces by its own
        b.Options.StaticServer = [Path.Combine(program, "Deploy.Tests"), "static"];
        var service = Service(start: null, kind: ServiceKind.Static, directory: "site", path: "/");
        var started = await b.UpAsync(service, ("site/index.html", "<h1>site</h1>"));
        (await GetAsync(started.Address)).ShouldContain("site");
    }

    [Fact]
    public async Task Start_StaticDirectoryMissing_FailsInTheBuild()
    {
        await using var b = new Bench();
        var e = await Should.ThrowAsync<DeployException>(() => b.UpAsync(Service(start: null, kind: ServiceKind.Static, directory: "dist"), ("a", "")));
        e.Message.ShouldContain("no directory 'dist'");
    }

    [Fact]
    public async Task Start_SomebodyElseListensOnThePort_IsNotTakenForTheVersion()
    {
        await using var b = new Bench();
        var built = await b.BuildAsync(b.Commit(("a", "")), Service());
        // The start command never listens; another process answers on its port.
        var start = b.StartAsync(built.ArtifactDigest, Service(start: "exec sleep 4646", startSeconds: 2));
        InstanceRecord? r;
        while ((r = b.Target.List().FirstOrDefault())?.Pid is null or 0) await Task.Yield();
        using var listener = new System.Net.HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{r.Port}/");
        listener.Start();
        var answering = Task.Run(async () =>
        {
            while (!start.IsCompleted)
            {
                var c = await listener.GetContextAsync();
                c.Response.Close();
            }
        });
        (await Should.ThrowAsync<DeployException>(start)).Message.ShouldContain("another process listens");
        listener.Abort();
        await answering.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Smoke_FailsRequestsButAnswersHealth_IsCaught()
    {
        await using var b = new Bench();
        var started = await b.UpAsync(Service(), ("server.js", Apps.Server));
        var smoke = new SmokeHandler(TimeProvider.System, new Gates.NoRoutes());

        var good = await smoke.RunAsync(new(started.Address, ["/", "/health"], 5), _ => { }, default);
        var bad = await smoke.RunAsync(new(started.Address, ["/", "/fail"], 5), _ => { }, default);
        await b.StopAsync();
        var gone = await smoke.RunAsync(new(started.Address, ["/"], 2), _ => { }, default);

        (good.Passed, good.Requests, good.Errors).ShouldBe((true, 10, 0));
        good.P95Ms.ShouldBeGreaterThan(0);
        (bad.Passed, bad.Errors).ShouldBe((false, 5));
        bad.Detail.ShouldContain("GET /fail answered 500 (5×)");
        gone.Passed.ShouldBeFalse();
        gone.Detail.ShouldContain("nothing listens");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Start_LimitedToOneProcessor_RunsOnOne(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var service = Service();
        var started = await b.UpAsync(service with { Limits = service.Limits with { Cpus = 1 } }, ("server.js", Apps.Server));
        var own = b.Processes(b.Target.List().Single()).Where(p => p.Name == "node").ToList();
        own.ShouldNotBeEmpty();
        foreach (var p in own) Processors.Parse(File.ReadLines($"/proc/{p.Pid}/status").Single(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split(':')[1].Trim()).Length.ShouldBe(1);
        (await GetAsync(started.Address)).ShouldBe("hello v1");
    }

    [Theory]
    [InlineData("0-3,8", "0 1 2 3 8")]
    [InlineData("5", "5")]
    public void Processors_ListOfTheKernel_IsRead(string list, string expected) => string.Join(' ', Processors.Parse(list)).ShouldBe(expected);
}
