using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Description;

/// <summary>ETag, If-None-Match and If-Match.</summary>
public sealed class PreconditionTests(ServerFixture server)
{
    private static readonly object Holidays = new { windows = new[] { new { from = "2030-12-20T00:00:00Z", until = "2031-01-02T00:00:00Z", reason = "Holidays" } } };
    private static readonly object Nothing = new { windows = Array.Empty<object>() };

    [Fact]
    public async Task FreezeWindows_WithoutIfMatch_428_OnWhatChanged_412_OnWhatIsThere_202()
    {
        const string project = "/v1/projects/matched";
        await server.Import("matched", await server.Repository("matched", ("index.html", "x")));
        var seen = (await server.Send(HttpMethod.Get, project)).Response.Headers.ETag!.Tag;

        var without = await server.Send(HttpMethod.Put, project + "/freeze", Holidays);
        ((int)without.Response.StatusCode).ShouldBe(428);
        without.Body!["code"]!.ToString().ShouldBe("precondition.required");
        (await server.Send(HttpMethod.Put, project + "/freeze", Holidays, ("If-Match", seen))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var late = await server.Send(HttpMethod.Put, project + "/freeze", Nothing, ("If-Match", seen));
        late.Response.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        late.Body!["code"]!.ToString().ShouldBe("precondition.stale");
        var now = await server.Send(HttpMethod.Get, project);
        now.Body!["freeze"]!.AsArray().Count.ShouldBe(1, "the refused change was made");
        (await server.Send(HttpMethod.Put, project + "/freeze", Nothing, ("If-Match", "\"nonsense\""))).Response.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await server.Send(HttpMethod.Put, project + "/freeze", Nothing, ("If-Match", $"\"x\", {now.Response.Headers.ETag!.Tag}"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await server.Send(HttpMethod.Put, project + "/freeze", Nothing, ("If-Match", "*"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task TwoAtOnce_OnTheSameState_OnlyOneIsAccepted()
    {
        await server.Import("raced", await server.Repository("raced", ("index.html", "x")));
        var seen = (await server.Send(HttpMethod.Get, "/v1/projects/raced")).Response.Headers.ETag!.Tag;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            server.Send(HttpMethod.Put, "/v1/projects/raced/variables", new { values = new Dictionary<string, string> { ["N"] = $"{i}" } }, ("If-Match", seen))));
        answers.Count(a => a.Response.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(a => a.Response.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(7);
    }

    /// <summary>What keeps no version that the change could compare is compared with what is there to be read.</summary>
    [Fact]
    public async Task Mutation_OfAnotherState_IsRefusedWhereverThereIsSomethingToRead()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "if-match");
        async Task<(int, string?)> Do(HttpMethod method, string path, object? body, string tag)
        {
            var (response, answer) = await server.Send(method, path, body, there, ("If-Match", tag));
            return ((int)response.StatusCode, answer?["code"]?.ToString());
        }
        async Task<string> Tag(string path) => (await server.Send(HttpMethod.Get, path, null, there)).Response.Headers.ETag!.Tag;
        async Task<string> Hook() => (await server.Send(HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/x", events = new[] { "release.*" } }, there)).Body!["id"]!.ToString();
        var hook = await Hook();
        var seen = await Tag($"/v1/webhooks/{hook}");
        foreach (var wrong in (string[])["\"999.zzz\"", "\"nonsense\"", "W/\"1.weak\""])
        {
            (await Do(HttpMethod.Delete, $"/v1/webhooks/{hook}", null, wrong)).ShouldBe((412, "precondition.stale"), wrong);
            (await Do(HttpMethod.Post, $"/v1/webhooks/{hook}/test", new { }, wrong)).ShouldBe((412, "precondition.stale"), wrong);
            (await Do(HttpMethod.Put, "/v1/security-policy", new { secondFactor = false }, wrong)).ShouldBe((412, "precondition.stale"), wrong);
            (await Do(HttpMethod.Post, "/v1/invitations", new { roles = new[] { "viewer" } }, wrong)).ShouldBe((412, "precondition.stale"), wrong);
        }
        (await Tag($"/v1/webhooks/{hook}")).ShouldBe(seen);
        (await Do(HttpMethod.Put, "/v1/security-policy", new { secondFactor = false }, await Tag("/v1/security-policy"))).Item1.ShouldBe(200);
        (await Do(HttpMethod.Delete, $"/v1/webhooks/{hook}", null, seen)).Item1.ShouldBe(200);
        hook = await Hook();
        (await Do(HttpMethod.Delete, $"/v1/webhooks/{hook}", null, await Tag("/v1/webhooks"))).Item1.ShouldBe(200);
        (await Do(HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/x", events = new[] { "release.*" } }, "*")).Item1.ShouldBe(200);
    }

    [Theory]
    [InlineData("/v1/projects")]
    [InlineData("/v1/projects/listed")]
    [InlineData("/v1/projects/listed/plans")]
    [InlineData("/v1/projects/listed/releases")]
    [InlineData("/v1/projects/listed/timeline")]
    [InlineData("/v1/projects/listed/artifacts")]
    [InlineData("/v1/runs")]
    [InlineData("/v1/decisions")]
    [InlineData("/v1/operations/jobs?state=dead&project=listed")]
    [InlineData("/v1/config")]
    public async Task SameTag_Is304_AnotherIsTheWhole(string path)
    {
        if (!(await server.Send(HttpMethod.Get, "/v1/projects/listed")).Response.IsSuccessStatusCode) await server.Import("listed", await server.Repository("listed", ("index.html", "x")));
        var (first, body) = await server.Send(HttpMethod.Get, path);
        body.ShouldNotBeNull();
        foreach (var tag in (string[])[first.Headers.ETag!.Tag, "W/" + first.Headers.ETag.Tag, $"\"other\", {first.Headers.ETag.Tag}", "*"])
        {
            var again = await server.Send(HttpMethod.Get, path, null, ("If-None-Match", tag));
            again.Response.StatusCode.ShouldBe(HttpStatusCode.NotModified, tag);
            again.Body.ShouldBeNull();
            again.Response.Headers.ETag.ShouldBe(first.Headers.ETag);
        }
        (await server.Send(HttpMethod.Get, path, null, ("If-None-Match", "\"other\""))).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
