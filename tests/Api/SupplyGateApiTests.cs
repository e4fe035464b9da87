using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api;

/// <summary>A version with a known weakness: stopped at its gates, waived by a second person, and on its way again.</summary>
public sealed class SupplyGateApiTests(ServerFixture server)
{
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", "supplied");
    private static readonly (string, string) Ben = ("X-ProdSprint-User", "ben");

    private static readonly object Advisory = new
    {
        id = "RUSTSEC-2020-0071", modified = "2023-06-13T13:10:24Z", aliases = new[] { "CVE-2020-26235" }, summary = "Potential segfault in the time crate",
        affected = new[] { new { package = new { ecosystem = "crates.io", name = "time" }, ranges = new[] { new { type = "SEMVER", events = new object[] { new { introduced = "0.1.0" }, new { @fixed = "0.2.23" } } } } } },
        database_specific = new { severity = "HIGH" },
    };

    [Fact]
    public async Task Release_WithAKnownWeakness_StopsAtItsGates_UntilItIsWaived()
    {
        await server.Import("early", await server.Repository("early", ("index.html", "x")), There);
        var first = await Post("/v1/admin/advisories", new { advisories = new[] { Advisory, new { id = "" } } });
        first.ToJsonString().ShouldBe("""{"changed":1,"unchanged":0,"broken":1,"projects":1}""");
        (await Post("/v1/admin/advisories", new { advisories = new[] { Advisory } })).ToJsonString().ShouldBe("""{"changed":0,"unchanged":1,"broken":0,"projects":0}""");
        (await server.Send(HttpMethod.Post, "/v1/admin/advisories", new { advisories = Array.Empty<object>() }, There)).Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // what is imported later finds out by itself
        var project = await server.Import("weak", await server.Repository("weak", ("index.html", "<h1>A site</h1>"), ("Cargo.lock", "version = 3\n\n[[package]]\nname = \"time\"\nversion = \"0.1.40\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n")), There);
        ((bool)project["advisories"]!).ShouldBeTrue();
        await Post("/v1/projects/weak/plans", new { });
        await server.Until("/v1/projects/weak/plans/1", p => p["status"]!.ToString() == "ready", There);
        await Post("/v1/projects/weak/plans/1/approve", new { reason = "read" }, Ben);
        await server.Until("/v1/projects/weak/timeline?limit=500", t => t["items"]!.AsArray().Any(r => r!["kind"]!.ToString() == "project.plan-accepted"), There);
        await Post("/v1/projects/weak/releases", new { plan = 1 });
        var failed = await server.Until("/v1/projects/weak/releases/1", r => r["phase"]!.ToString() == "ended", There);
        failed["outcome"]!.ToString().ShouldBe("failed");
        failed["cause"]!.ToString().ShouldContain("high RUSTSEC-2020-0071 in pkg:cargo/time@0.1.40, mended in 0.2.23");

        var found = (await server.Send(HttpMethod.Get, "/v1/projects/weak/findings", null, There)).Body!;
        ((int)found["release"]!, (int)found["components"]!, (bool)found["compared"]!, (int)found["levels"]!["high"]!, (int)found["open"]!).ShouldBe((1, 1, true, 1, 1));
        var finding = found["items"]!.AsArray().ShouldHaveSingleItem()!;
        string[] said = [.. ((string[])["kind", "level", "id", "ecosystem", "name", "version", "purl", "fixedIn", "standing"]).Select(f => finding[f]!.ToString())];
        said.ShouldBe(["vulnerability", "high", "RUSTSEC-2020-0071", "crates.io", "time", "0.1.40", "pkg:cargo/time@0.1.40", "0.2.23", "open"]);
        finding["files"]![0]!.ToString().ShouldBe("Cargo.lock");
        (await server.Send(HttpMethod.Get, "/v1/projects/weak/findings?release=1&level=low", null, There)).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await server.Send(HttpMethod.Get, "/v1/projects/weak/findings?release=9", null, There)).Body!["code"]!.ToString().ShouldBe("release.not-found");

        await Post("/v1/projects/weak/waivers", new { covers = "vulnerability", subject = "CVE-2020-26235", package = "pkg:cargo/time", ticket = "T-1", expires = DateTimeOffset.UtcNow.AddDays(1), reason = "no local time is read" }, Ben);
        await Post("/v1/projects/weak/releases/1/retry", new { });
        var done = await server.Until("/v1/projects/weak/releases/1", r => r["phase"]!.ToString() == "ended" && (int)r["attempt"]! == 2, There);
        done["outcome"]!.ToString().ShouldBe("promoted", done.ToJsonString());
        var gates = done["stages"]!.AsArray().Single(s => s!["name"]!.ToString() == "gates")!;
        ((int)gates["figures"]!["waived"]!).ShouldBe(1);
        var waived = (await server.Send(HttpMethod.Get, "/v1/projects/weak/findings?standing=waived", null, There)).Body!["items"]!.AsArray().ShouldHaveSingleItem()!["waiver"]!;
        ((int)waived["number"]!, waived["by"]!.ToString(), waived["ticket"]!.ToString(), (bool)waived["counts"]!).ShouldBe((1, "user:ben", "T-1", true));
        var listed = await CliRun.Of(["vulnerabilities", "list", "--project", "weak", "--workspace", There.Item2], server.Home, ("PRODSPRINT_URL", server.Url.ToString()));
        listed.Exit.ShouldBe(0, listed.Error);
        listed.Out.ShouldContain("high     RUSTSEC-2020-0071  time 0.1.40 → 0.2.23  waived until");
        listed.Out.ShouldContain("release 1: 1 package, 0 findings stop it now");
        (await server.Send(HttpMethod.Get, "/v1/admin/advisories", null, There)).Body!["advisories"]!.ToString().ShouldBe("1");
    }

    private async Task<JsonNode> Post(string path, object body, params (string, string)[] headers)
    {
        var (response, answer) = await server.Send(HttpMethod.Post, path, body, [There, .. headers]);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer?.ToJsonString()}");
        return answer!;
    }
}
