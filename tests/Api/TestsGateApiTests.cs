using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

/// <summary>A version whose tests cover too little: stopped at its gates by their report, waived by a second person, and on its way again.</summary>
public sealed class TestsGateApiTests(ServerFixture server)
{
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", "covered");
    private static readonly (string, string) Ben = ("X-ProdSprint-User", "ben");

    private const string Server = "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT || 3000, '127.0.0.1');";

    [Fact]
    public async Task Release_WhoseTestsCoverTooLittle_StopsAtItsGates_UntilItIsWaived()
    {
        await server.Import("thin", await server.Repository("thin",
            ("package.json", """{ "name": "thin", "scripts": { "start": "node server.js", "test": "sh report.sh" } }"""), ("server.js", Server),
            ("report.sh", "echo '<testsuite name=\"s\"><testcase classname=\"s\" name=\"a\"/></testsuite>' > r.xml; printf 'SF:server.js\\nDA:1,1\\nDA:2,0\\nend_of_record\\n' > lcov.info\n")), There);
        await Post("/v1/projects/thin/plans", new { });
        await server.Until("/v1/projects/thin/plans/1", p => p["status"]!.ToString() == "ready", There);
        await Post("/v1/projects/thin/plans/1/approve", new { reason = "read" }, Ben);
        await server.Until("/v1/projects/thin/timeline?limit=500", t => t["items"]!.AsArray().Any(r => r!["kind"]!.ToString() == "project.plan-accepted"), There);
        await Post("/v1/projects/thin/releases", new { plan = 1 });
        var failed = await server.Until("/v1/projects/thin/releases/1", r => r["phase"]!.ToString() == "ended", There);
        failed["outcome"]!.ToString().ShouldBe("failed");
        failed["cause"]!.ToString().ShouldContain("50 % of 2 lines are covered, and at least 80 % are to be");
        (await server.Send(HttpMethod.Get, "/v1/projects/thin/tests", null, There)).Body!["coveragePercent"]!.ToString().ShouldBe("50");

        await Post("/v1/projects/thin/waivers", new { covers = "control", subject = "tests.coverage", ticket = "T-2", expires = DateTimeOffset.UtcNow.AddDays(1), reason = "it is one line" }, Ben);
        await Post("/v1/projects/thin/releases/1/retry", new { });
        var done = await server.Until("/v1/projects/thin/releases/1", r => r["phase"]!.ToString() == "ended" && (int)r["attempt"]! == 2, There);
        done["outcome"]!.ToString().ShouldBe("promoted", done.ToJsonString());
        ((double)done["stages"]!.AsArray().Single(s => s!["name"]!.ToString() == "gates")!["figures"]!["coveragePercent"]!).ShouldBe(50);
    }

    private async Task Post(string path, object body, params (string, string)[] headers)
    {
        var (response, answer) = await server.Send(HttpMethod.Post, path, body, [There, .. headers]);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer?.ToJsonString()}");
    }
}
