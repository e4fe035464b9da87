using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Postgres;
using ProdSprint.Projects;
using ProdSprint.Telemetry;
using ProdSprint.Traffic;

namespace ProdSprint.Gates;

/// <summary>Routes from a real repository or a running version, figures in a real database, and the job that judges by both.</summary>
public sealed class PerformanceGateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IJobWatch, IDisposable
{
    private static readonly PerformancePolicy Short = new(1, 40);

    private readonly string _home = Directory.CreateTempSubdirectory("prodsprint-performance-").FullName;
    private readonly DocumentStore _documents = new(postgres.Database);
    private readonly List<string> _log = [];
    private int _jobs;

    private PerformanceStore Store => new(postgres.Database, _documents);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static RouteList Routes(params string[] paths) => new("openapi.yaml", [.. paths.Select(p => new KnownRoute($"GET {p}", "GET", p, ImmutableSortedDictionary<string, string>.Empty))], [], []);

    private static Task<LoadedApplication> AppAsync(Func<string, int> status) => LoadedApplication.StartAsync(c =>
    {
        c.Response.StatusCode = status(c.Request.Path);
        return Task.CompletedTask;
    });

    private async Task<PerformanceResult> LoadAsync(string workspace, string commit, string? stable, LoadedApplication app, RouteList routes, string k6 = "off", string? job = null)
    {
        var digest = (await Store.KeepRoutesAsync(workspace, "shop", commit, routes, TimeProvider.System.GetUtcNow(), Cancellation)).ShouldNotBeNull();
        var handler = new PerformanceHandler(Store, _documents, new(new(k6)), new(), TimeProvider.System);
        var request = new PerformanceRequest(workspace, "shop", 1, commit, app.Address, digest, stable, Short);
        return KernelJson.Read<PerformanceResult>((await handler.RunAsync(new(new Job(job ?? $"j{_jobs++}", workspace, "shop", handler.Kind, null, KernelJson.Write(request), 1, 1, TimeSpan.FromMinutes(1), 0), this), Cancellation))!);
    }

    [Fact]
    public async Task FirstVersion_IsMeasured_AndTheNextIsHeldAgainstIt()
    {
        const string ws = "against";
        await using var good = await AppAsync(_ => 200);
        var first = await LoadAsync(ws, "c1", null, good, Routes("/a", "/b"), job: "once");
        first.Findings.ShouldBeEmpty();
        first.Detail.ShouldContain("neither budget nor baseline");
        (first.Routes, first.Requests, first.Failed).ShouldBe((2, 40, 0));

        await using var bad = await AppAsync(path => path == "/b" ? 500 : 200);
        var second = await LoadAsync(ws, "c2", "c1", bad, Routes("/a", "/b"));
        second.Findings.Select(f => f.Id).ShouldContain("performance.GET /b");
        second.Findings.Single(f => f.Id.EndsWith("/b")).Summary.ShouldBe("GET /b: 100 % of 20 requests failed (20 × 500), and at most 1 % may (the stable version's 0 %)");
        _log.ShouldContain(l => l.StartsWith("once more, because GET /b"));
        // loaded twice, each time warmed up once
        bad.Asked.Count(a => a == "GET /b").ShouldBe(42);

        var runs = await Store.RunsAsync(ws, "shop", null, 10, Cancellation);
        runs.Select(r => (r.Commit, r.By)).ShouldBe([("c2", "built-in"), ("c1", "built-in")]);
        (await Store.FiguresAsync(ws, "shop", runs[0].Run, Cancellation)).Single(v => v.Measure.Route == "GET /b").ShouldSatisfyAllConditions(v => v.Breach.ShouldNotBeNull(), v => v.Limit!.ErrorPercent.ShouldBe(1));
        KernelJson.Read<LoadScenario>((await _documents.GetAsync(ws, runs[0].Scenario, Cancellation))!).Routes.Length.ShouldBe(2);
        (await Store.FactsAsync(ws, "shop", Cancellation))!.ShouldSatisfyAllConditions(f => f.Commit.ShouldBe("c2"), f => f.Measured.ShouldBe(2), f => f.Compared.ShouldBe(2), f => f.Breaches.ShouldContain(b => b.StartsWith("GET /b")));

        // tried again after it had been told, it is one run; and nobody else sees it
        await LoadAsync(ws, "c1", null, good, Routes("/a", "/b"), job: "once");
        (await Store.RunsAsync(ws, "shop", null, 10, Cancellation)).Length.ShouldBe(2);
        (await Store.RunsAsync("other", "shop", null, 10, Cancellation)).ShouldBeEmpty();
        (await Store.FactsAsync("other", "shop", Cancellation)).ShouldBeNull();
        // by another tool it is another measure
        (await Store.BaselinesAsync(ws, "shop", "c1", "k6", Cancellation)).ShouldBeEmpty();
        (await Store.BaselinesAsync(ws, "shop", "c1", "built-in", Cancellation)).Select(b => (b.Route, b.Requests)).ShouldBe([("GET /a", 20), ("GET /b", 20)]);
    }

    [Fact]
    public async Task Budgets_AreSetEachByItself_KeptAsTheyWere_AndRemoved()
    {
        const string ws = "budgets";
        var (before, later) = (new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero));
        await Store.SetBudgetsAsync(ws, "shop", [new("GET /a", 200, null, "user:ana", before), new("GET /b", null, 1, "user:ana", before)], Cancellation);
        await Store.SetBudgetsAsync(ws, "shop", [new("GET /a", 200, null, "user:bo", later), new("GET /b", 50, 1, "user:bo", later)], Cancellation);
        (await Store.BudgetsAsync(ws, "shop", Cancellation)).ShouldBe([new("GET /a", 200, null, "user:ana", before), new("GET /b", 50, 1, "user:bo", later)]);
        await Store.SetBudgetsAsync(ws, "shop", [new("GET /a", null, null, "user:bo", later)], Cancellation);
        (await Store.BudgetsAsync(ws, "shop", Cancellation)).ShouldHaveSingleItem().Route.ShouldBe("GET /b");
        (await Store.BudgetsAsync("other", "shop", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Finder_TheRepositorysOwnDocument_ElseTheRunningVersions_ElseNothing()
    {
        const string document = """{ "openapi": "3.0.0", "paths": { "/served": { "get": {} } } }""";
        await using var telling = await LoadedApplication.StartAsync(c => c.Request.Path == "/v3/api-docs" ? c.Response.WriteAsync(document) : c.Response.WriteAsync("<html>not a document</html>"));
        var finder = new RouteFinder(new ProjectMirrors(Path.Combine(_home, "mirrors"), new(new(), _home, signedIn: false)), Store, new(postgres.Database, TimeProvider.System), TimeProvider.System);
        async Task<string?> FindAsync(string project, params (string Path, string Text)[] files) =>
            await finder.FindAsync(new("finder", project, Mirror("finder", project, files)), telling.Address, _log.Add, Cancellation) is { } digest ? (await Store.RoutesAsync("finder", digest, Cancellation))!.Routes.Single().Name : null;

        (await FindAsync("own", ("openapi.json", """{ "openapi": "3.0.0", "paths": { "/written": { "get": {} } } }"""))).ShouldBe("GET /written");
        (await FindAsync("asked", ("index.js", ""))).ShouldBe("GET /served");
        // its own document is broken: that is said, and the running version is asked
        (await FindAsync("broken", ("openapi.json", "{"), ("k6/load.js", ""))).ShouldBe("GET /served");
        (await Store.LastRoutesAsync("finder", "broken", null, Cancellation))!.Value.List.ShouldSatisfyAllConditions(l => l.LeftOut.ShouldHaveSingleItem().Name.ShouldBe("openapi.json"), l => l.Scripts.ShouldBe(["k6/load.js"]));
        await using var silent = await AppAsync(_ => 404);
        (await finder.FindAsync(new("finder", "none", Mirror("finder", "none", ("a", ""))), silent.Address, _log.Add, Cancellation)).ShouldBeNull();
        (await finder.FindAsync(new("finder", "gone", new string('a', 40)), silent.Address, _log.Add, Cancellation)).ShouldBeNull();
        (await Store.LastRoutesAsync("finder", "none", null, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task SeenRoutes_AreKeptByProject_AndLoadedOnceTheyHaveABudget()
    {
        const string ws = "seen";
        var seen = new SeenRoutes(postgres.Database, TimeProvider.System);
        TrafficSecond Second(string project, string environment, string? routes) => new(ws, project, environment, "v1", 1, 1, 0, StatusClasses.None, 0, LatencyHistogram.Empty) { Routes = routes };
        for (var twice = 0; twice < 2; twice++) await seen.TakeAsync([Second("shop", "production", "GET /\nGET /items/{id}"), Second("shop", "staging", "GET /staged"), Second("other", "production", null)], Cancellation);
        await new SeenRoutes(postgres.Database, TimeProvider.System).TakeAsync([Second("shop", "production", "GET /")], Cancellation);
        (await seen.ListAsync(ws, "shop", Cancellation)).ShouldBe(["GET /", "GET /items/{id}"]);
        (await seen.ListAsync("other", "shop", Cancellation)).ShouldBeEmpty();
        await seen.TakeAsync([Second("many", "production", string.Join('\n', Enumerable.Range(0, 250).Select(n => $"GET /{(char)('a' + n / 26)}{(char)('a' + n % 26)}")))], Cancellation);
        (await seen.ListAsync(ws, "many", Cancellation)).Count.ShouldBe(200);

        await using var silent = await AppAsync(_ => 404);
        var finder = new RouteFinder(new ProjectMirrors(Path.Combine(_home, "mirrors"), new(new(), _home, signedIn: false)), Store, seen, TimeProvider.System);
        var subject = new SmokeSubject(ws, "shop", Mirror(ws, "shop", ("a", "")));
        (await finder.FindAsync(subject, silent.Address, _log.Add, Cancellation)).ShouldBeNull();
        (await Store.LastRoutesAsync(ws, "shop", null, Cancellation))!.Value.List.LeftOut.Select(l => l.Name).ShouldBe(["GET /", "GET /items/{id}"]);
        await Store.SetBudgetsAsync(ws, "shop", [new("GET /", 200, null, "user:ana", TimeProvider.System.GetUtcNow())], Cancellation);
        var digest = (await finder.FindAsync(subject, silent.Address, _log.Add, Cancellation)).ShouldNotBeNull();
        (await Store.RoutesAsync(ws, digest, Cancellation))!.Routes.ShouldHaveSingleItem().Path.ShouldBe("/");
    }

    /// <summary>k6's place is taken by a program that is called as k6 is, runs the script with a module of its own, and makes real requests.</summary>
    [Fact]
    public async Task K6_WhereItIsInstalled_RunsTheScript_AndItsSummaryIsRead()
    {
        var k6 = Path.Combine(_home, "k6");
        await File.WriteAllTextAsync(k6, StandIn, Cancellation);
        File.SetUnixFileMode(k6, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var app = await AppAsync(path => path == "/b" ? 500 : 200);
        var result = await LoadAsync("k6", "c1", null, app, Routes("/a", "/b"), k6);
        result.Detail.ShouldStartWith("40 requests to 2 routes of openapi.yaml by k6: slowest p95 ");
        result.Failed.ShouldBe(20);
        app.Asked.Count(a => a == "GET /a").ShouldBe(21);
        (await Store.BaselinesAsync("k6", "shop", "c1", "k6", Cancellation)).Select(b => (b.Route, b.ErrorPercent, b.P95Ms > 0)).ShouldBe([("GET /a", 0, true), ("GET /b", 100, true)]);

        await File.WriteAllTextAsync(k6, "#!/bin/sh\necho 'unknown flag: --quiet' >&2\nexit 107\n", Cancellation);
        (await LoadAsync("k6", "c2", null, app, Routes("/a"), k6)).Detail.ShouldContain("by built-in");
        _log.ShouldContain("k6 ended with 107: unknown flag: --quiet");
    }

    [Fact]
    public void K6_IsLookedForWhereItIsSaid_OrNotAtAll()
    {
        new K6Program(new("off")).Look().ShouldBeNull();
        new K6Program(new(Path.Combine(_home, "no such program"))).Look().ShouldBeNull();
    }

    private const string StandIn = """
        #!/usr/bin/env node
        const fs = require('fs'), path = require('path'), { pathToFileURL } = require('url');
        const args = process.argv.slice(2);
        if (args[0] !== 'run' || args[1] !== '--quiet' || args[2] !== '--no-usage-report') process.exit(2);
        globalThis.__ENV = {};
        for (let i = 3; i < args.length - 1; i += 2) __ENV[args[i + 1].slice(0, args[i + 1].indexOf('='))] = args[i + 1].slice(args[i + 1].indexOf('=') + 1);
        const script = args[args.length - 1], folder = path.dirname(script);
        const pending = [], seen = {};
        globalThis.k6http = { request: (method, url, body, o) => { const began = performance.now(); pending.push(fetch(url, { method, headers: o.headers, redirect: 'manual' }).then(async (r) => {
          await r.arrayBuffer();
          if (o.tags.route) (seen[o.tags.route] ||= []).push({ ms: performance.now() - began, failed: r.status >= 400 });
        })); } };
        fs.writeFileSync(path.join(folder, 'http.mjs'), 'export default globalThis.k6http;');
        fs.writeFileSync(path.join(folder, 'script.mjs'), fs.readFileSync(script, 'utf8').replace("'k6/http'", "'./http.mjs'"));
        import(pathToFileURL(path.join(folder, 'script.mjs'))).then(async (m) => {
          m.setup();
          await Promise.all(pending);
          for (const s of Object.values(m.options.scenarios)) { __ENV.ROUTE = s.env.ROUTE; for (let n = 0; n < s.rate; n++) m.load(); }
          await Promise.all(pending);
          const metrics = {};
          for (const [route, all] of Object.entries(seen)) {
            const ms = all.map((a) => a.ms).sort((a, b) => a - b), at = (q) => ms[Math.ceil(q * ms.length) - 1];
            metrics[`http_reqs{route:${route}}`] = { values: { count: all.length } };
            metrics[`http_req_failed{route:${route}}`] = { values: { rate: all.filter((a) => a.failed).length / all.length } };
            metrics[`http_req_duration{route:${route}}`] = { values: { med: at(0.5), 'p(95)': at(0.95), 'p(99)': at(0.99) } };
          }
          for (const [file, text] of Object.entries(m.handleSummary({ metrics }))) fs.writeFileSync(file, text);
          process.exit(99);
        }).catch((e) => { console.error(e); process.exit(1); });
        """;

    void IJobWatch.Log(Job job, string line) => _log.Add(line);

    void IJobWatch.Progress(Job job, double percent, string text) { }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private string Mirror(string workspace, string project, params (string Path, string Text)[] files)
    {
        var repository = Path.Combine(_home, "repositories", project);
        Git(_home, "init", "-q", repository);
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(repository, path))!);
            File.WriteAllText(Path.Combine(repository, path), text);
        }
        Git(repository, "add", "-A");
        Git(repository, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");
        Directory.CreateDirectory(Path.Combine(_home, "mirrors", workspace));
        Git(_home, "clone", "-q", "--mirror", repository, new ProjectMirrors(Path.Combine(_home, "mirrors"), new(new(), _home, signedIn: false)).Path(workspace, project));
        return Git(repository, "rev-parse", "HEAD").Trim();
    }

    private static string Git(string directory, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (git.StandardOutput.ReadToEnd(), git.StandardError.ReadToEnd());
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, complained);
        return said;
    }
}
