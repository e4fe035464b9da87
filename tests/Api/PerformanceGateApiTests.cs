using System.Text.Json.Nodes;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api;

/// <summary>A version one of whose routes breaks under load: stopped at its gates by the route's budget, waived by a second person, and on its way again.</summary>
public sealed class PerformanceGateApiTests(ServerFixture server)
{
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", "loaded");
    private static readonly (string, string) Ben = ("X-ProdSprint-User", "ben");

    private const string Server = """
        require('http').createServer((q, r) => { r.statusCode = q.url === '/orders/7' ? 500 : 200; r.end('ok'); }).listen(process.env.PORT || 3000, '127.0.0.1');
        """;

    private const string Document = """
        openapi: 3.1.0
        paths:
          /items: { get: {}, post: {} }
          /orders/{id}: { get: { parameters: [{ name: id, in: path, required: true, example: 7 }] } }
        """;

    [Fact]
    public async Task Release_WhoseRouteExceedsItsBudget_StopsAtItsGates_UntilItIsWaived()
    {
        await server.Import("busy", await server.Repository("busy",
            ("package.json", """{ "name": "busy", "scripts": { "start": "node server.js" } }"""), ("server.js", Server), ("openapi.yaml", Document)), There);
        await Post("/v1/projects/busy/plans", new { });
        await server.Until("/v1/projects/busy/plans/1", p => p["status"]!.ToString() == "ready", There);
        // what will be loaded is known before anything runs; what is slow on a loaded machine must not decide here
        var before = await Get("/v1/projects/busy/performance");
        before["run"].ShouldBeNull();
        before["leftOut"]!.AsArray().ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe("POST /items");
        await Send(HttpMethod.Put, "/v1/projects/busy/performance/budgets", new
        {
            budgets = new object[] { new { route = "GET /orders/{id}", p95Ms = 600000.0, errorPercent = 1.0 }, new { route = "GET /items", p95Ms = 600000.0, errorPercent = 100.0 } },
            reason = "orders may not fail",
        }, Ben);
        (await Get("/v1/projects/busy/performance/script"))["script"]!.ToString().ShouldContain("\"http_req_failed{route:GET /orders/{id}}\": ['rate<=0.01'], // its budget");
        await Post("/v1/projects/busy/plans/1/approve", new { reason = "read" }, Ben);
        await server.Until("/v1/projects/busy/timeline?limit=500", t => t["items"]!.AsArray().Any(r => r!["kind"]!.ToString() == "project.plan-accepted"), There);
        await Post("/v1/projects/busy/releases", new { plan = 1 });

        var failed = await server.Until("/v1/projects/busy/releases/1", r => r["phase"]!.ToString() == "ended", There);

        failed["outcome"]!.ToString().ShouldBe("failed");
        failed["cause"]!.ToString().ShouldContain("GET /orders/{id}: 100 % of 60 requests failed (60 × 500), and at most 1 % may (its budget)");
        failed["cause"]!.ToString().ShouldContain("prodsprint waivers create control \"performance.GET /orders/{id}\" --project busy");
        var seen = await Get("/v1/projects/busy/performance?release=1");
        seen["routes"]!.AsArray().Select(r => (r!["route"]!.ToString(), (int)r["measure"]!["requests"]!, r["breach"] is null)).ShouldBe([("GET /items", 60, true), ("GET /orders/{id}", 60, false)]);
        (await Get("/v1/readiness/busy"))["items"]!.AsArray().Single(i => i!["id"]!.ToString() == "performance.kept")!["state"]!.ToString().ShouldBe("warn");

        await Post("/v1/projects/busy/waivers", new { covers = "control", subject = "performance.GET /orders/{id}", ticket = "T-3", expires = DateTimeOffset.UtcNow.AddDays(1), reason = "orders come next week" }, Ben);
        await Post("/v1/projects/busy/releases/1/retry", new { });
        var done = await server.Until("/v1/projects/busy/releases/1", r => r["phase"]!.ToString() == "ended" && (int)r["attempt"]! == 2, There);
        done["outcome"]!.ToString().ShouldBe("promoted", done.ToJsonString());
        ((double)done["stages"]!.AsArray().Single(s => s!["name"]!.ToString() == "gates")!["figures"]!["performanceWaived"]!).ShouldBe(1);
        // what it showed is what the next version is held against
        var baseline = await server.Until("/v1/projects/busy/performance", p => p["routes"]![1]!["baseline"] is not null, There);
        ((double)baseline["routes"]![1]!["baseline"]!["errorPercent"]!).ShouldBe(100);
        (await Get("/v1/projects/busy/performance/runs"))["items"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Budgets_AreCheckedBeforeTheyAreKept_AndOneWithoutFiguresIsRemoved()
    {
        await server.Import("limits", await server.Repository("limits", ("index.html", "<h1>x</h1>")), There);
        const string path = "/v1/projects/limits/performance/budgets";
        foreach (var bad in new object[] { new { route = "POST /items", p95Ms = 1.0 }, new { route = "GET items", p95Ms = 1.0 }, new { route = "GET /items", p95Ms = 0.0 }, new { route = "GET /items", errorPercent = 101.0 } })
        {
            var (response, problem) = await server.Send(HttpMethod.Put, path, new { budgets = new[] { bad } }, There);
            ((int)response.StatusCode, problem!["type"]!.ToString().Split('/')[^1]).ShouldBe((422, "performance.bad-budget"), problem.ToJsonString());
        }
        (await Send(HttpMethod.Put, path, new { budgets = new[] { new { route = "GET /a", p95Ms = 5.0 }, new { route = "GET /b", p95Ms = 6.0 } } }))["items"]!.AsArray().Count.ShouldBe(2);
        (await Send(HttpMethod.Put, path, new { budgets = new[] { new { route = "GET /a" } } }))["items"]!.AsArray().ShouldHaveSingleItem()!["route"]!.ToString().ShouldBe("GET /b");
        (await Get("/v1/projects/limits/performance"))["routes"]![0]!["budget"]!["p95Ms"]!.GetValue<double>().ShouldBe(6, "a route with a budget is put under load without any document");
        (await Send(HttpMethod.Put, path, new { budgets = new[] { new { route = "GET /b" } } }))["items"]!.AsArray().ShouldBeEmpty();
        (await server.Send(HttpMethod.Get, "/v1/projects/limits/performance", null, There)).Body!["detail"]!.ToString().ShouldContain("No routes of this project are known");

        Task<CliRun> Run(params string[] arguments) => CliRun.Of([.. arguments, "--project", "limits", "--workspace", There.Item2], server.Home, ("PRODSPRINT_URL", server.Url.ToString()));
        var set = await Run("performance", "budgets", "set", "GET", "/c/[d]", "--p95", "1.5s", "--errors", "2%", "--json");
        (set.Exit, set.Envelope["data"]!["items"]![0]!["p95Ms"]!.GetValue<double>(), set.Envelope["data"]!["items"]![0]!["errorPercent"]!.GetValue<double>()).ShouldBe((0, 1500, 2), set.Error);
        (await Run("performance", "show")).Out.ShouldContain("GET /c/[d]");
        var script = await Run("performance", "script");
        script.Exit.ShouldBe(0, script.Error);
        script.Out.ShouldStartWith("// k6 run -e BASE_URL=");
        script.Out.TrimEnd().ShouldEndWith("}");
        script.Out.ShouldContain("\"http_req_duration{route:GET /c/[d]}\": ['p(95)<=1500'], // its budget");
        (await Run("performance", "budgets", "set", "GET", "/c", "--p95", "soon")).Exit.ShouldBe(2);
        (await Run("performance", "budgets", "remove", "GET", "/c/[d]")).Exit.ShouldBe(0);
        (await server.Send(HttpMethod.Get, "/v1/projects/nobody/performance/script", null, There)).Body!["type"]!.ToString().ShouldContain("project.not-found");
    }

    private async Task<JsonNode> Get(string path)
    {
        var (response, body) = await server.Send(HttpMethod.Get, path, null, There);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {body?.ToJsonString()}");
        return body!;
    }

    private Task<JsonNode> Post(string path, object body, params (string, string)[] headers) => Send(HttpMethod.Post, path, body, headers);

    private async Task<JsonNode> Send(HttpMethod method, string path, object body, params (string, string)[] headers)
    {
        var (response, answer) = await server.Send(method, path, body, [There, .. headers]);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer?.ToJsonString()}");
        return answer!;
    }
}
