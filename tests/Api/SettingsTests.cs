using System.Net;

namespace ProdSprint.Tests.Api;

/// <summary>Freeze windows and variables through the API.</summary>
public sealed class SettingsTests(ServerFixture server)
{
    [Fact]
    public async Task Variables_AreSetAndRemoved_AndTheirValuesAreNotSaidAgain()
    {
        await server.Import("settings", await server.Repository("settings", ("index.html", "x")));
        await Put("settings/variables", new { values = new Dictionary<string, string?> { ["API_URL"] = "https://api.example.org", ["OLD"] = "1" } });
        await Put("settings/variables", new { values = new Dictionary<string, string?> { ["OLD"] = null }, reason = "not used any more" });
        var project = await server.Until("/v1/projects/settings", p => p["variables"]?.AsArray().Count == 1);
        project["variables"]![0]!.ToString().ShouldBe("API_URL");
        project.ToJsonString().ShouldNotContain("api.example.org");
    }

    [Fact]
    public async Task Freeze_WindowBackwards_IsRefusedWithTheNextStep_AndAnOpenOneFreezes()
    {
        await server.Import("frozen", await server.Repository("frozen", ("index.html", "x")));
        var now = DateTimeOffset.UtcNow;
        var (refused, problem) = await server.Send(HttpMethod.Put, "/v1/projects/frozen/freeze", new { windows = new[] { new { from = now, until = now.AddHours(-1), reason = "sale" } } }, ("If-Match", "*"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem!["next"]!.ToString().ShouldContain("end after the beginning");
        await Put("frozen/freeze", new { windows = new[] { new { from = now.AddMinutes(-1), until = now.AddHours(1), reason = "sale" } }, reason = "Black Friday" });
        var project = await server.Until("/v1/projects/frozen", p => (bool)p["frozenNow"]!);
        project["freeze"]![0]!["reason"]!.ToString().ShouldBe("sale");
    }

    [Fact]
    public async Task Freeze_OfTheWorkspace_HoldsForProjectsThereAndImportedLater_AndNoneOfThemEndsIt()
    {
        (string, string)[] ana = [("X-ProdSprint-Workspace", "still"), ("X-ProdSprint-User", "ana")];
        var folder = await server.Repository("still", ("index.html", "x"));
        await server.Import("before", folder, ana);
        var now = DateTimeOffset.UtcNow;
        async Task<HttpStatusCode> Put(string path, object windows, params (string, string)[] who) =>
            (await server.Send(HttpMethod.Put, path, new { windows }, [("If-Match", (await server.Send(HttpMethod.Get, path == "/v1/freeze" ? path : path[..^"/freeze".Length], null, ana)).Response.Headers.ETag!.Tag), .. who])).Response.StatusCode;
        (await Put("/v1/freeze", new[] { new { from = now.AddMinutes(-1), until = now.AddHours(1), reason = "audit" } }, ana)).ShouldBe(HttpStatusCode.Accepted);
        (await server.Send(HttpMethod.Get, "/v1/me", null, ana)).Body!["open"]!.GetValue<bool>().ShouldBeTrue("freezing makes nobody a member");
        await server.Until("/v1/projects/before", p => p["workspaceFreeze"]!.AsArray().Count == 1 && (bool)p["frozenNow"]!, ana);
        await server.Import("after", folder, ana);
        await server.Until("/v1/projects/after", p => p["workspaceFreeze"]!.AsArray().Count == 1 && (bool)p["frozenNow"]!, ana);
        (await Put("/v1/projects/after/freeze", Array.Empty<object>(), ana)).ShouldBe(HttpStatusCode.Accepted);
        var (refused, problem) = await server.Send(HttpMethod.Post, "/v1/projects/after/releases", new { @ref = "main" }, ana);
        (refused.IsSuccessStatusCode, problem!["code"]!.ToString()).ShouldBe((false, "release.frozen"));

        (await server.Send(HttpMethod.Put, "/v1/members/ana", new { roles = new[] { "admin" } }, ana)).Response.EnsureSuccessStatusCode();
        (await server.Send(HttpMethod.Put, "/v1/members/pia", new { roles = new[] { "planner", "reviewer", "operator" } }, ana)).Response.EnsureSuccessStatusCode();
        (await Put("/v1/freeze", Array.Empty<object>(), ("X-ProdSprint-Workspace", "still"), ("X-ProdSprint-User", "pia"))).ShouldBe(HttpStatusCode.Forbidden);

        string[] there = ["--all-projects", "--json", "--as", "ana", "--workspace", "still", "--url", server.Url.ToString()];
        var listed = await Cli.CliRun.Of(["freeze", "list", .. there], server.Home);
        listed.Envelope["data"]!["windows"]![0]!["reason"]!.ToString().ShouldBe("audit");
        (await Cli.CliRun.Of(["freeze", "remove", "1", .. there], server.Home)).Exit.ShouldBe(0);
        await server.Until("/v1/projects/before", p => !(bool)p["frozenNow"]!, ana);
        await server.Until("/v1/projects/after", p => !(bool)p["frozenNow"]!, ana);
    }

    private async Task Put(string path, object body) =>
        (await server.Send(HttpMethod.Put, $"/v1/projects/{path}", body, ("If-Match", "*"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
}
