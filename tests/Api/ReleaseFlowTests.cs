using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

public sealed class ReleaseFlowTests(ServerFixture server)
{
    [Fact]
    public async Task Site_FromRepositoryToProduction_ServesAndIsInTheTimeline()
    {
        (string, string) ana = ("X-ProdSprint-User", "ana"), ben = ("X-ProdSprint-User", "ben");
        await server.Approved("flow", ana, ben);
        await server.Begin("flow", ana);
        var release = await server.Ended("flow");
        release["outcome"]!.ToString().ShouldBeOneOf("promoted", "fastPromoted");

        var traffic = await server.Until("/v1/projects/flow/traffic", t => t["url"] is not null);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        (await http.GetStringAsync(traffic["url"]!.ToString())).ShouldContain("A site");

        var rows = (await server.Send(HttpMethod.Get, "/v1/projects/flow/timeline?limit=500")).Body!["items"]!.AsArray();
        rows.Count.ShouldBeGreaterThan(8);
        rows.Select(r => r!["actor"]!.ToString()).ShouldContain("user:ben");
        rows.Select(r => (long)r!["seq"]!).ShouldBeInOrder();
        var page = (await server.Send(HttpMethod.Get, "/v1/projects/flow/timeline?limit=3")).Body!;
        var next = (await server.Send(HttpMethod.Get, $"/v1/projects/flow/timeline?limit=3&after={page["next"]}")).Body!;
        JsonNode.DeepEquals(next["items"]![0], rows[3]).ShouldBeTrue();
    }

    [Fact]
    public async Task Plan_WithBlockers_IsRefusedByTheGate()
    {
        await server.Import("blocked", await server.Repository("blocked", ("README.md", "Nothing to run")));
        (await server.Send(HttpMethod.Post, "/v1/projects/blocked/plans", new { })).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var plan = await server.Until("/v1/projects/blocked/plans/1", p => p["status"]!.ToString() != "generating");
        plan["document"]!["blockers"]!.AsArray().ShouldNotBeEmpty(plan.ToJsonString());

        var (response, problem) = await server.Send(HttpMethod.Post, "/v1/projects/blocked/plans/1/approve", new { reason = "Please" });
        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        problem!["code"]!.ToString().ShouldBe("plan.blocked");
        ((bool)problem["gate"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task Workspaces_DoNotSeeEachOther()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "elsewhere");
        await server.Import("hidden", await server.Repository("hidden", ("index.html", "x")), there);

        (await server.Send(HttpMethod.Get, "/v1/projects/hidden")).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Send(HttpMethod.Get, "/v1/projects/hidden/timeline")).Body!["items"]!.AsArray().ShouldBeEmpty();
        (await server.Send(HttpMethod.Get, "/v1/projects")).Body!["items"]!.AsArray().Select(p => p!["id"]!.ToString()).ShouldNotContain("hidden");
        (await server.Send(HttpMethod.Get, "/v1/projects", null, there)).Body!["items"]!.AsArray().Select(p => p!["id"]!.ToString()).ShouldBe(["hidden"]);
    }

    [Fact]
    public async Task View_SameTag_Is304()
    {
        await server.Import("tagged", await server.Repository("tagged", ("index.html", "x")));
        var first = await server.Send(HttpMethod.Get, "/v1/projects/tagged");
        var again = await server.Send(HttpMethod.Get, "/v1/projects/tagged", null, ("If-None-Match", first.Response.Headers.ETag!.Tag));
        again.Response.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        again.Body.ShouldBeNull();
    }
}
