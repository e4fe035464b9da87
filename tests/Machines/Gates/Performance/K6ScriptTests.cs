using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>The script that k6 is given: its bytes, its thresholds, and that it is a script whatever routes are called.</summary>
public sealed class K6ScriptTests
{
    private static KnownRoute Route(string name, string path, params (string Name, string Value)[] headers) => new(name, name[..name.IndexOf(' ')], path, headers.ToImmutableSortedDictionary(h => h.Name, h => h.Value));

    private static LoadScenario Scenario(params KnownRoute[] routes) => LoadScenario.Of(
        new("openapi.yaml\n*/ process.exit(9) //", [.. routes], [], []), PerformancePolicy.Usual,
        RouteLimit.All([new(routes[0].Name, 200, 1, "user:bo", default)], [new(routes[^1].Name, 2, 80, 12.5, 0)]));

    private static readonly LoadScenario Shop = Scenario(Route("GET /items/{id}", "/items/a%2F1", ("X-V", "2")), Route("HEAD /x,y'\"", "/x`${process.exit(8)}"), Route("GET /z", "/z?q=%22"));

    [Fact]
    public void Write_SameScenario_SameBytes() => K6Script.Write(Shop).ShouldBe(K6Script.Write(Shop with { Routes = [.. Shop.Routes] }));

    [Fact]
    public void Write_ThresholdsAreThoseOfTheScenario_ByRoute()
    {
        var script = K6Script.Write(Shop);
        script.ShouldContain("\"http_req_duration{route:GET /items/{id}}\": ['p(95)<=200'], // its budget");
        script.ShouldContain("\"http_req_failed{route:GET /items/{id}}\": ['rate<=0.01'], // its budget");
        script.ShouldContain("\"http_req_duration{route:GET /z}\": ['p(95)<=32.5'], // the stable version's 12.5 ms");
        script.ShouldContain("executor: 'constant-arrival-rate'");
        // figures of what has no limit are wanted as well
        script.ShouldContain("['max>=0']");
    }

    /// <summary>k6's own modules are not needed to see what the script asks of them.</summary>
    [Fact]
    public async Task Write_RunsAsAScript_AsksForEachRoute_AndSumsUp()
    {
        var folder = Directory.CreateTempSubdirectory("prodsprint-k6-script-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "load.mjs"), K6Script.Write(Shop).Replace("'k6/http'", "'./http.mjs'", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "http.mjs"), "export const asked = []; export default { request: (...a) => { asked.push(a); return {}; } };", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "run.mjs"), """
                globalThis.__ENV = { BASE_URL: 'http://127.0.0.1:1/', ROUTE: '0' };
                const { options, setup, load, handleSummary } = await import('./load.mjs');
                const { asked } = await import('./http.mjs');
                setup(); load();
                __ENV.PRODSPRINT_SUMMARY = 'out.json';
                const metrics = { 'http_reqs{route:GET /z}': { values: { count: 40 } }, 'http_req_failed{route:GET /z}': { values: { rate: 0.5 } }, 'http_req_duration{route:GET /z}': { values: { med: 1, 'p(95)': 2, 'p(99)': 3 } } };
                console.log(JSON.stringify({ options, asked, summary: JSON.parse(handleSummary({ metrics })['out.json']) }));
                """, TestContext.Current.CancellationToken);
            var said = JsonNode.Parse(await NodeAsync(folder))!;
            said["asked"]!.AsArray().Select(a => $"{a![0]} {a[1]}").ShouldBe(
                ["GET http://127.0.0.1:1/items/a%2F1", "HEAD http://127.0.0.1:1/x`${process.exit(8)}", "GET http://127.0.0.1:1/z?q=%22", "GET http://127.0.0.1:1/items/a%2F1"]);
            said["asked"]![3]![3]!["headers"]!["X-V"]!.ToString().ShouldBe("2");
            said["asked"]![0]![3]!["tags"]!["route"].ShouldBeNull("what warms up counts for no route");
            said["asked"]![3]![3]!["tags"]!["route"]!.ToString().ShouldBe("GET /items/{id}");
            said["options"]!["scenarios"]!.AsObject().Count.ShouldBe(3);
            ((int)said["options"]!["scenarios"]!["route1"]!["rate"]!).ShouldBe(40);
            said["options"]!["thresholds"]!.AsObject().Count.ShouldBe(9);
            said["summary"]!["routes"]![2]!.ToJsonString().ShouldBe("""{"route":"GET /z","requests":40,"failedRate":0.5,"p50Ms":1,"p95Ms":2,"p99Ms":3}""");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> NodeAsync(string folder)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["run.mjs"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, said[1]);
        return said[0];
    }
}
