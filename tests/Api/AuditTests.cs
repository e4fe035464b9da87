using ProdSprint.Tests.Api.Cli;
using System.Net;
using Npgsql;

namespace ProdSprint.Tests.Api;

/// <summary>What people do over HTTP is in the audit log, also what was refused; looking at it as well; and it can be verified from outside.</summary>
public sealed class AuditTests(ServerFixture server)
{
    private static (string, string)[] In(string workspace, string user = "ana") => [("X-ProdSprint-Workspace", workspace), ("X-ProdSprint-User", user), ("User-Agent", "tests/1")];

    [Fact]
    public async Task Mutation_LeavesWhatWasAskedAndWhatCameOfIt()
    {
        var repository = await server.Repository("audited", ("index.html", "x"));
        await server.Send(HttpMethod.Post, "/v1/projects", new { source = repository, name = "audited" }, [.. In("audit-a"), ("X-Request-ID", "first-one")]);
        await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { reason = "it is slow" }, In("audit-a", "bob"));

        var rows = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?limit=10", null, In("audit-a"))).Body!["items"]!.AsArray();
        rows.Select(r => $"{r!["actor"]} {r["action"]} {r["resource"]} {r["outcome"]}").Reverse().ShouldBe(
        [
            "user:ana ImportProject projects requested", "user:ana ImportProject projects accepted",
            "user:bob RollBack projects/absent/rollback requested", "user:bob RollBack projects/absent/rollback refused: project.not-found",
            "user:ana ListAuditLog admin/audit-logs read",
        ]);
        rows.Last()!["request"]!.ToString().ShouldBe("first-one");
        rows[1]!["reason"]!.ToString().ShouldBe("it is slow");
        rows[1]!["agent"]!.ToString().ShouldBe("tests/1");
        rows[1]!["origin"]!.ToString().ShouldBe("127.0.0.1");
        rows.ShouldAllBe(r => r!["credential"]!.ToString() == "development");

        var bobs = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?user=bob&action=RollBack&resource=projects/absent", null, In("audit-a"))).Body!["items"]!.AsArray();
        bobs.Count.ShouldBe(2);
        (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs", null, In("audit-other"))).Body!["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Change_OfAResource_HasItsDigestBeforeAndAfter()
    {
        var repository = await server.Repository("digested", ("index.html", "x"));
        await server.Send(HttpMethod.Post, "/v1/projects", new { source = repository, name = "digested" }, In("audit-d"));
        await server.Until("/v1/projects/digested", p => p["state"]?.ToString() != "importing", In("audit-d"));
        var changed = await server.Send(HttpMethod.Put, "/v1/projects/digested/variables", new { values = new { GREETING = "hi" }, reason = "greet" }, In("audit-d"));
        changed.Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var end = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?action=SetVariables", null, In("audit-d"))).Body!["items"]![0]!;
        end["before"]!.ToString().ShouldStartWith("sha256:");
        end["after"]!.ToString().ShouldStartWith("sha256:");
        end["after"]!.ToString().ShouldNotBe(end["before"]!.ToString());
        end.ToJsonString().ShouldNotContain("hi\"", customMessage: "values are not for the log");
    }

    [Fact]
    public async Task Erased_IsWhereFromAndByWhat_NotWhatWasDone_AndTheChainIsWhole()
    {
        await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { }, In("audit-e", "ben"));
        await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { }, In("audit-e"));
        await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { }, In("audit-elsewhere", "ben"));
        (await server.Send(HttpMethod.Post, "/v1/admin/audit-logs/erase", new { person = "ben", reason = " " }, In("audit-e"))).Body!["code"]!.ToString().ShouldBe("audit.no-reason");
        (await server.Send(HttpMethod.Post, "/v1/admin/audit-logs/erase", new { person = "ben", reason = "asked for", until = "2020-01-01T00:00:00Z" }, In("audit-e"))).Body!["rows"]!.GetValue<long>().ShouldBe(0);
        (await server.Send(HttpMethod.Post, "/v1/admin/audit-logs/erase", new { person = "ben", reason = "asked for" }, In("audit-e"))).Body!["rows"]!.GetValue<long>().ShouldBe(2);

        var rows = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs", null, In("audit-e"))).Body!["items"]!.AsArray();
        rows.Where(r => r!["actor"]!.ToString() == "user:ben").Select(r => $"{r!["action"]} {r["outcome"]} {r["origin"]}{r["agent"]}{r["salt"]}").ShouldBe(["RollBack refused: project.not-found ", "RollBack requested "]);
        rows.Where(r => r!["actor"]!.ToString() == "user:ana").ShouldAllBe(r => r!["origin"] != null && r["agent"]!.ToString() == "tests/1");
        var told = rows.First(r => r!["action"]!.ToString() == "EraseAuditPerson")!;
        $"{told["outcome"]}, {told["reason"]}: {told["before"]} {told["after"]}".ShouldBe("accepted, asked for: origin and agent of user:ben erased in 2 rows");
        (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs/verify", null, In("audit-e"))).Body!["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?user=ben", null, In("audit-elsewhere"))).Body!["items"]!.AsArray().ShouldAllBe(r => r!["origin"] != null, "another workspace's log is its own");
    }

    [Fact]
    public async Task Export_CanBeVerifiedWithoutTheServer_AndShowsTampering()
    {
        for (var n = 0; n < 3; n++) await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { reason = "=1+1, \"really\"" }, In("default"));
        var file = Path.Combine(server.Home, "audit.jsonl");
        var export = await CliRun.Of(["audit-log", "export", file, "--url", server.Url.ToString(), "--json"], server.Home);
        export.Exit.ShouldBe(0, export.Error);
        var good = await CliRun.Of(["audit-log", "verify", file, "--json"], server.Home);
        good.Exit.ShouldBe(0, good.Out);
        var head = good.Envelope["data"]!["head"]!.ToString();

        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, [.. lines[..1], lines[1].Replace("user:", "user:not-"), .. lines[2..]]);
        var bad = await CliRun.Of(["audit-log", "verify", file], server.Home);
        bad.Exit.ShouldBe(1);
        bad.Out.ShouldContain("row 2: altered");
        await File.WriteAllLinesAsync(file, lines[..^1]);
        (await CliRun.Of(["audit-log", "verify", file, "--head", head], server.Home)).Out.ShouldContain("cut-off");

        (await CliRun.Of(["audit-log", "verify", "--head", head, "--url", server.Url.ToString()], server.Home)).Exit.ShouldBe(0);
        var csv = await server.Http.GetStringAsync("/v1/admin/audit-logs/export?format=csv&action=RollBack");
        csv.ShouldStartWith("seq,at,actor");
        csv.ShouldContain("\"'=1+1, \"\"really\"\"\"");
    }

    [Fact]
    public async Task Verify_AfterSomeoneRewroteARow_SaysWhich()
    {
        for (var n = 0; n < 2; n++) await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { }, In("audit-v"));
        await using var owner = NpgsqlDataSource.Create(server.ConnectionString);
        await owner.CreateCommand("SET session_replication_role = replica; UPDATE prodsprint.audit_log SET outcome = 'accepted' WHERE workspace = 'audit-v' AND seq = 2; RESET session_replication_role").ExecuteNonQueryAsync();

        var verdict = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs/verify", null, In("audit-v"))).Body!;
        verdict["intact"]!.GetValue<bool>().ShouldBeFalse();
        verdict["faults"]![0]!["seq"]!.GetValue<long>().ShouldBe(2);
        verdict["faults"]![0]!["kind"]!.ToString().ShouldBe("altered");
    }

    [Theory]
    [InlineData("/v1/admin/audit-logs/verify?head=nonsense", "audit.bad-head")]
    [InlineData("/v1/admin/audit-logs?limit=0", "page.bad-limit")]
    public async Task BadQuestion_IsToldSo(string path, string code)
    {
        var (response, body) = await server.Send(HttpMethod.Get, path, null, In("audit-q"));
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        body!["code"]!.ToString().ShouldBe(code);
    }
}
