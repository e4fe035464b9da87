using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProdSprint.Telemetry;

namespace ProdSprint.Tests.Api;

/// <summary>What services use, from the process to the plan of another size.</summary>
public sealed class UsageTests(ServerFixture server)
{
    private static readonly (string, string) Reviewer = ("X-ProdSprint-User", "reviewer");

    [Fact]
    public async Task Usage_OfARunningService_IsSeenOverTheApi()
    {
        (string, string) ana = ("X-ProdSprint-User", "ana");
        await server.Approved("usage", ana, Reviewer);
        (await server.Send(HttpMethod.Get, "/v1/projects/usage/usage")).Body!["services"]!.AsArray().ShouldBeEmpty();
        await server.Begin("usage", ana);
        (await server.Ended("usage"))["outcome"]!.ToString().ShouldBeOneOf("promoted", "fastPromoted");
        var url = (await server.Until("/v1/projects/usage/traffic", t => t["url"] is not null))["url"]!.ToString();

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var sampler = server.Services.GetRequiredService<UsageSampler>();
        sampler.Look();
        JsonNode? used;
        do
        {
            // It works for its living; a tick of the kernel's clock is a hundredth of a second.
            for (var i = 0; i < 100; i++) await http.GetStringAsync(url, TestContext.Current.CancellationToken);
            sampler.Look();
            await sampler.WriteAsync(CancellationToken.None);
            used = (await server.Send(HttpMethod.Get, "/v1/projects/usage/usage?environment=production&days=1")).Body!["services"]!.AsArray().SingleOrDefault();
        }
        while (used is null || (double)used["cpuMax"]! == 0);
        ((double)used["memoryMaxMiB"]!).ShouldBeGreaterThan(1);
        ((int)used["limitMemoryMiB"]!).ShouldBe(128);
        used["points"]!.AsArray().Sum(p => (long)p!["samples"]!).ShouldBe((long)used["samples"]!);
        (await server.Send(HttpMethod.Get, "/v1/projects/usage/usage", null, ("X-ProdSprint-Workspace", "another"))).Body?["services"]?.AsArray().ShouldBeEmpty();
        var (refused, problem) = await server.Send(HttpMethod.Get, "/v1/projects/usage/usage?days=0");
        ((int)refused.StatusCode, problem!["code"]!.ToString()).ShouldBe((422, "usage.bad-days"));
    }

    [Fact]
    public async Task Rightsize_OneClick_IsABranchWhosePlanHasTheOtherLimits()
    {
        var folder = await server.Repository("rightsize",
            ("package.json", """{ "name": "app", "scripts": { "start": "node s.js" } }"""), ("s.js", "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT || 3000)"),
            ("prodsprint.yml", "# ours\nservices:\n  app:\n    memory: 4096 # a guess\n"));
        await server.Import("rightsize", folder);
        await Plan(1, new { });
        (await server.Send(HttpMethod.Post, "/v1/projects/rightsize/plans/1/approve", new { }, Reviewer)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.Until("/v1/projects/rightsize/plans/1", p => p["status"]!.ToString() == "approved");
        await Seen("rightsize", 48, 0.05, 300);

        var plain = await Generate(new { project = "rightsize" });
        var saving = plain["cost_estimate"]!["savings"]!.AsArray().Single(s => s!["code"]!.ToString() == "rightsize.app")!;
        ((int)saving["change"]!["limits"]![0]!["memoryMiB"]!, plain["applied"]!.AsArray().Count).ShouldBe((512, 0));
        var sized = await Generate(new { project = "rightsize", apply = new[] { "rightsize.app" } });
        ((double)sized["cost_estimate"]!["change"]!).ShouldBe(-(double)saving["monthly"]!, 0.01);
        sized["applied"]!.AsArray().Select(s => s!["code"]!.ToString()).ShouldBe(["rightsize.app"]);
        sized["iac_ref"]!.ToString().ShouldNotBe(plain["iac_ref"]!.ToString());
        var changes = sized["plan_diff"]!.AsArray();
        changes.Select(c => c!["path"]!.ToString()).ShouldBe([
            "production/app memory", "staging/app memory", "infrastructure/aws/environments/production.tfvars", "infrastructure/aws/environments/staging.tfvars"]);
        (changes[0]!["before"]!.ToString(), changes[0]!["after"]!.ToString()).ShouldBe(("4096 MiB", "512 MiB"));

        var (refused, problem) = await server.Send(HttpMethod.Post, "/v1/blueprints/generate", new { project = "rightsize", apply = new[] { "rightsize.web" } });
        ((int)refused.StatusCode, problem!["code"]!.ToString()).ShouldBe((422, "blueprint.no-such-saving"));
        problem["next"]!.ToString().ShouldContain("rightsize.app");

        var (asked, why) = await server.Send(HttpMethod.Post, "/v1/projects/rightsize/plans/1/branch", new { infrastructure = false, pipelines = false, apply = new[] { "rightsize.app" } });
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted, why?.ToJsonString());
        var branch = await server.Until("/v1/projects/rightsize/plans/1/branch", b => b["branch"]!["state"]!.ToString() != "writing");
        (branch["branch"]!["state"]!.ToString(), branch["branch"]!["name"]!.ToString()).ShouldBe(("written", "prodsprint/plan-1-app-512-mib"), branch.ToJsonString());
        branch["diff"]!.ToString().ShouldContain("-    memory: 4096 # a guess\n+    memory: 512 # a guess");
        branch["text"]!.ToString().ShouldContain("## Chosen\n- saves ");
        (await server.Git(folder, "diff", "--name-only", "main", "prodsprint/plan-1-app-512-mib")).ShouldBe("prodsprint.yml");

        var next = await Plan(2, new { @ref = "prodsprint/plan-1-app-512-mib" });
        next["document"]!["changes"]!.AsArray().Select(c => c!["path"]!.ToString()).ShouldBe(["commit", "production/app memory", "staging/app memory"]);
    }

    private async Task Seen(string project, int hours, double cores, double memoryMiB)
    {
        var now = UsageHour.Of(DateTimeOffset.UtcNow);
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        await using var request = database.CreateCommand(
            "INSERT INTO prodsprint.traffic_second (workspace, project, environment, version, second, batch, requests, errors, faults, classes, buckets, counts) VALUES ('default', $1, 'production', 'v1', $2, 1, 3, 0, 0, '{0,3,0,0,0,0}', '{}', '{}')");
        request.Parameters.Add(new() { Value = project });
        request.Parameters.Add(new() { Value = (now - 1) * 3600 });
        await request.ExecuteNonQueryAsync();
        await server.Services.GetRequiredService<UsageLog>().AddAsync(
            [.. Enumerable.Range(1, hours).Select(n => (new UsageOwner("default", project), new UsageHour("production", "app", now - n,
                UsageHistogram.Of(Enumerable.Repeat(cores, 100)), UsageHistogram.Of(Enumerable.Repeat(memoryMiB, 100)), 4096, null)))], CancellationToken.None);
    }

    private async Task<JsonNode> Plan(int number, object body)
    {
        (await server.Send(HttpMethod.Post, "/v1/projects/rightsize/plans", body)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return await server.Until($"/v1/projects/rightsize/plans/{number}", p => p["status"]!.ToString() != "generating");
    }

    private async Task<JsonNode> Generate(object body)
    {
        var (answer, made) = await server.Send(HttpMethod.Post, "/v1/blueprints/generate", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, made?.ToJsonString());
        return made!;
    }
}
