using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

/// <summary>Blueprints of real plans over the API.</summary>
public sealed class BlueprintTests(ServerFixture server)
{
    private static readonly (string, string)[] App =
        [("package.json", """{ "name": "app", "scripts": { "start": "node s.js" }, "dependencies": { "pg": "8" } }"""), ("s.js", "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT || 3000)")];

    [Fact]
    public async Task Generate_TwiceTheSamePlan_GivesTheSameReferences_AndEachOpensItsFiles()
    {
        await Planned("blueprint", 1, App);
        var (first, second) = (await Generate(new { project = "blueprint" }), await Generate(new { project = "blueprint", plan = 1 }));
        first["iac_ref"]!.ToString().ShouldBe(second["iac_ref"]!.ToString());
        first["cost_estimate"]!.ToJsonString().ShouldBe(second["cost_estimate"]!.ToJsonString());
        (await Files(first["iac_ref"]!)).Select(f => f.Key).ShouldContain("infrastructure/aws/modules/database/main.tf");
        (await Files(first["cicd_ref"]!)).Select(f => f.Key).ShouldContain(".github/workflows/prodsprint.yml");
        (await Generate(new { project = "blueprint", domain = "shop.example.com" }))["iac_ref"]!.ToString().ShouldNotBe(first["iac_ref"]!.ToString());
    }

    [Fact]
    public async Task Generate_SecondPlan_SaysWhatIsOtherThanApproved_AndHowRisky()
    {
        var folder = await Planned("blueprint-next", 1, [("package.json", """{ "name": "app", "scripts": { "start": "node s.js" } }"""), App[1]]);
        (await server.Send(HttpMethod.Post, "/v1/projects/blueprint-next/plans/1/approve", new { }, ("X-ProdSprint-User", "reviewer"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.Until("/v1/projects/blueprint-next/plans/1", p => p["status"]!.ToString() == "approved");
        (await Generate(new { project = "blueprint-next", plan = 1 }))["risk"]!["terms"]!.AsArray().Select(t => t!["name"]!.ToString()).ShouldBe(["history", "first"]);
        // What is risky is what differs from what users have.
        await server.Begin("blueprint-next");
        (await server.Ended("blueprint-next"))["outcome"]!.ToString().ShouldBe("promoted");

        await server.Repository(Path.GetFileName(folder), ("s.js", "require('http').createServer((q, r) => r.end('better')).listen(process.env.PORT || 3000)"), ("prodsprint.yml", "services:\n  app:\n    memory: 4096\n"));
        (await server.Send(HttpMethod.Post, "/v1/projects/blueprint-next/plans", new { })).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.Until("/v1/projects/blueprint-next/plans/2", p => p["status"]!.ToString() == "ready");
        var next = await Generate(new { project = "blueprint-next" });
        ((double)next["cost_estimate"]!["change"]!).ShouldBeGreaterThan(0);
        next["plan_diff"]!.AsArray().Select(c => c!["path"]!.ToString()).ShouldContain("infrastructure/aws/environments/production.tfvars");
        next["risk"]!["terms"]!.AsArray().Single(t => t!["name"]!.ToString() == "size")!["value"]!.ToString().ShouldContain("files: 2, commits: 1");
    }

    [Theory]
    [InlineData("""{"project":"blueprint-bad","region":"moon"}""", 422, "blueprint.bad-option")]
    [InlineData("""{"project":"blueprint-bad","domain":"a b\"; x"}""", 422, "blueprint.bad-option")]
    [InlineData("""{"project":"blueprint-bad","usage":{"stagingHours":731}}""", 422, "blueprint.bad-option")]
    [InlineData("""{"project":"blueprint-bad","compute":"lambda"}""", 422, "blueprint.bad-option")]
    [InlineData("""{"project":"blueprint-bad","profile":"pci"}""", 422, "plan.no-such-profile")]
    [InlineData("""{"project":"blueprint-bad","plan":99}""", 404, "plan.not-found")]
    [InlineData("""{"project":"no-such"}""", 404, "project.not-found")]
    public async Task Generate_BadOption_IsRefusedWithTheNextStep(string body, int status, string code)
    {
        if ((await server.Send(HttpMethod.Get, "/v1/projects/blueprint-bad", null)).Response.StatusCode == HttpStatusCode.NotFound) await Planned("blueprint-bad", 1, App);
        var (answer, problem) = await server.Send(HttpMethod.Post, "/v1/blueprints/generate", JsonNode.Parse(body));
        ((int)answer.StatusCode, problem!["code"]!.ToString()).ShouldBe((status, code));
        problem["next"]!.ToString().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Branch_OfAnApprovedPlan_IsInTheRepository_AndOverwritesNothing()
    {
        var folder = await Planned("blueprint-branch", 1, App);
        const string plan = "/v1/projects/blueprint-branch/plans/1";
        var (early, problem) = await server.Send(HttpMethod.Post, $"{plan}/branch", new { });
        ((int)early.StatusCode, problem!["code"]!.ToString()).ShouldBe((409, "plan.not-approved"));
        (await server.Send(HttpMethod.Post, $"{plan}/approve", new { }, ("X-ProdSprint-User", "reviewer"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        // Hooks of the repository are its owner's: they do not run in the server's name.
        var hook = Path.Combine(folder, ".git", "hooks", "pre-receive");
        await File.WriteAllTextAsync(hook, "#!/bin/sh\ntouch \"$GIT_DIR/hook-ran\"\nexit 1\n");
        using (var runnable = System.Diagnostics.Process.Start("chmod", ["+x", hook])) await runnable.WaitForExitAsync();

        var written = await Branched(plan, new { });
        written["branch"]!["state"]!.ToString().ShouldBe("written", written.ToJsonString());
        File.Exists(Path.Combine(folder, ".git", "hook-ran")).ShouldBeFalse();
        var commit = written["branch"]!["commit"]!.ToString();
        (await server.Git(folder, "rev-parse", "prodsprint/plan-1")).ShouldBe(commit);
        (await server.Git(folder, "rev-parse", "prodsprint/plan-1^")).ShouldBe(await server.Git(folder, "rev-parse", "main"));
        (await server.Git(folder, "show", "--stat", "--format=%s", "prodsprint/plan-1")).ShouldContain(".github/workflows/prodsprint.yml");
        written["diff"]!.ToString().ShouldContain("+++ b/.github/workflows/prodsprint.yml");
        written["text"]!.ToString().ShouldContain("## Rules");

        await server.Git(folder, "branch", "taken", "main");
        (await Branched(plan, new { branch = "taken", pipelines = false }))["branch"]!["state"]!.ToString().ShouldBe("written", "it adds to what is there");
        (await Branched(plan, new { branch = "taken", infrastructure = false }))["branch"]!["problem"]!.ToString().ShouldContain("Choose another name");
        (await server.Git(folder, "show", "--stat", "--format=%s", "taken")).ShouldNotContain(".github/workflows");
    }

    private async Task<JsonNode> Branched(string plan, object body)
    {
        var (asked, problem) = await server.Send(HttpMethod.Post, $"{plan}/branch", body);
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted, problem?.ToJsonString());
        return await server.Until($"{plan}/branch", b => b["branch"]!["state"]!.ToString() != "writing");
    }

    [Fact]
    public async Task Get_OtherWorkspace_SeesNothing()
    {
        await Planned("blueprint-mine", 1, App);
        var reference = (await Generate(new { project = "blueprint-mine" }))["iac_ref"]!.ToString();
        (await server.Send(HttpMethod.Get, reference, null, ("X-ProdSprint-Workspace", "another"))).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<string> Planned(string project, int number, (string, string)[] files)
    {
        var folder = await server.Repository(project, files);
        await server.Import(project, folder);
        (await server.Send(HttpMethod.Post, $"/v1/projects/{project}/plans", new { })).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.Until($"/v1/projects/{project}/plans/{number}", p => p["status"]!.ToString() == "ready");
        return folder;
    }

    private async Task<JsonNode> Generate(object body)
    {
        var (answer, made) = await server.Send(HttpMethod.Post, "/v1/blueprints/generate", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, made?.ToJsonString());
        return made!;
    }

    private async Task<JsonObject> Files(JsonNode reference) => (await server.Send(HttpMethod.Get, reference.ToString(), null)).Body!["files"]!.AsObject();
}
