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

    private async Task Put(string path, object body) =>
        (await server.Send(HttpMethod.Put, $"/v1/projects/{path}", body, ("If-Match", "*"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
}
