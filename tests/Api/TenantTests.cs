using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Identity;
using ProdSprint.Tests.Api.Cli;
using ProdSprint.Tests.Api.Description;

namespace ProdSprint.Tests.Api;

/// <summary>Roles decide what a request may do; the table they stand in covers every route.</summary>
public sealed class TenantTests(ServerFixture server)
{
    private static (string, string)[] As(string user, string workspace) => [("X-ProdSprint-User", user), ("X-ProdSprint-Workspace", workspace)];

    private async Task<HttpStatusCode> Status(HttpMethod method, string path, object? body, string user, string workspace) =>
        (await server.Send(method, path, body, As(user, workspace))).Response.StatusCode;

    private Task<HttpStatusCode> Set(string member, string by, string workspace, params string[] roles) =>
        Status(HttpMethod.Put, $"/v1/members/{member}", new { roles }, by, workspace);

    [Fact]
    public void EveryRoute_NamesItsPermission()
    {
        var verbs = new Dictionary<string, string[]> { ["SteerRelease"] = ["Approve", "Promote", "Pause", "Resume", "Abort", "Retry"], ["SteerJob"] = ["Retry", "Replay"] };
        var names = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("v1", StringComparison.Ordinal))
            .Select(e => (Route: e.RoutePattern.RawText, Name: e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName)).ToList();
        names.Count.ShouldBeGreaterThan(25);
        names.Where(n => n.Name is null).ShouldBeEmpty("a route of /v1 without a name");
        var actions = names.SelectMany(n => verbs.TryGetValue(n.Name!, out var all) ? all.Select(v => v + n.Name!["Steer".Length..]) : [n.Name!]).Distinct().ToList();
        actions.Where(a => Permissions.Of(a) is null && !Permissions.Open.Contains(a) && !Permissions.Anonymous.Contains(a)).ShouldBeEmpty("an action that stands in no permission (web/Identity/Permissions.cs)");
        Permissions.All.SelectMany(p => p.Actions).Except(actions).ShouldBeEmpty("an action of the table that no route has");
    }

    [Fact]
    public async Task Document_IsMadeFromTheTable()
    {
        var path = Path.Combine(ApiDocument.RepositoryRoot(), "docs", "permissions.md");
        var now = PermissionsDocument.Text();
        if (Environment.GetEnvironmentVariable("PRODSPRINT_WRITE") is not null) await File.WriteAllTextAsync(path, now);
        (await File.ReadAllTextAsync(path)).ShouldBe(now, "docs/permissions.md is not what the table says. Next: PRODSPRINT_WRITE=1 dotnet test tests/Api");
    }

    [Fact]
    public async Task Workspace_WithoutMembers_IsOpen_AndItsFirstAdminClosesIt()
    {
        const string ws = "ten-open";
        (await Status(HttpMethod.Get, "/v1/projects", null, "anyone", ws)).ShouldBe(HttpStatusCode.OK);
        (await Set("vera", "ana", ws, "viewer")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Set("ana", "ana", ws, "admin")).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Get, "/v1/projects", null, "anyone", ws)).ShouldBe(HttpStatusCode.Forbidden);
        (await Status(HttpMethod.Get, "/v1/projects", null, "ana", ws)).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Get, "/v1/nothing-there", null, "anyone", ws)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Refusal_NamesThePermission_AndIsAudited_AndTakesEffectAtOnce()
    {
        const string ws = "ten-roles";
        await Set("ana", "ana", ws, "admin");
        await Set("vera", "ana", ws, "viewer");
        var (response, body) = await server.Send(HttpMethod.Post, "/v1/projects/absent/releases/1/abort", new { }, As("vera", ws));
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        body!["code"]!.ToString().ShouldBe("permission.missing");
        body["detail"]!.ToString().ShouldContain("'releases.stop'");

        await Set("vera", "ana", ws, "viewer", "operator");
        (await Status(HttpMethod.Post, "/v1/projects/absent/releases/1/abort", new { }, "vera", ws)).ShouldBe(HttpStatusCode.NotFound);
        (await Status(HttpMethod.Delete, "/v1/members/vera", null, "ana", ws)).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Get, "/v1/projects", null, "vera", ws)).ShouldBe(HttpStatusCode.Forbidden);
        (await Status(HttpMethod.Delete, "/v1/members/ana", null, "ana", ws)).ShouldBe(HttpStatusCode.Conflict);

        var denied = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?user=vera", null, As("ana", ws))).Body!["items"]!.AsArray();
        denied.Select(r => $"{r!["action"]} {r["outcome"]}").ShouldContain("AbortRelease denied");
    }

    [Fact]
    public async Task SetMember_OnAStateThatHasChanged_IsRefused_AndNothingIsWipedOut()
    {
        const string ws = "ten-stale";
        await Set("ana", "ana", ws, "admin");
        var seen = (await server.Send(HttpMethod.Get, "/v1/members", null, As("ana", ws))).Response.Headers.ETag!.Tag;
        await Set("ben", "ana", ws, "reviewer");
        (await Status(HttpMethod.Put, "/v1/members/ben", new { roles = new[] { "viewer" } }, seen)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Status(HttpMethod.Delete, "/v1/members/ben", null, seen)).ShouldBe(HttpStatusCode.PreconditionFailed);
        var (now, members) = await server.Send(HttpMethod.Get, "/v1/members", null, As("ana", ws));
        members!["members"]!.AsArray().Select(m => $"{m!["actor"]} {m["roles"]![0]}").ShouldBe(["user:ana admin", "user:ben reviewer"]);
        (await Status(HttpMethod.Put, "/v1/members/ben", new { roles = new[] { "viewer" } }, now.Headers.ETag!.Tag)).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> Status(HttpMethod method, string path, object? body, string tag) =>
            (await server.Send(method, path, body, [.. As("ana", ws), ("If-Match", tag)])).Response.StatusCode;
    }

    [Fact]
    public async Task Invitation_MakesAMember_Once_AndOnlyWithItsSecret()
    {
        const string ws = "ten-invite";
        await Set("ana", "ana", ws, "admin");
        var made = (await server.Send(HttpMethod.Post, "/v1/invitations", new { roles = new[] { "planner" } }, As("ana", ws))).Body!;
        (await Status(HttpMethod.Post, "/v1/invitations/accept", new { secret = "psi_guess" }, "ben", ws)).ShouldBe(HttpStatusCode.NotFound);
        (await Status(HttpMethod.Post, "/v1/invitations/accept", new { secret = made["secret"]!.ToString() }, "ben", ws)).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Post, "/v1/invitations/accept", new { secret = made["secret"]!.ToString() }, "mallory", ws)).ShouldBe(HttpStatusCode.NotFound);

        var me = (await server.Send(HttpMethod.Get, "/v1/me", null, As("ben", ws))).Body!;
        me["roles"]!.AsArray().Select(r => r!.ToString()).ShouldBe(["planner"]);
        me["permissions"]!.AsArray().Select(p => p!.ToString()).ShouldContain("releases.start");
        me["permissions"]!.AsArray().Select(p => p!.ToString()).ShouldNotContain("members.write");
        (await server.Send(HttpMethod.Get, "/v1/members", null, As("ana", ws))).Body!.ToJsonString().ShouldNotContain(made["secret"]!.ToString());
    }

    [Fact]
    public async Task HiddenPost_IsForItsAuthorAndModerators()
    {
        const string ws = "hidden-posts";
        (await Set("ana", "ana", ws, "admin")).ShouldBe(HttpStatusCode.OK);
        foreach (var (who, role) in (ReadOnlySpan<(string, string)>)[("mo", "moderator"), ("pia", "planner"), ("vic", "viewer")]) Set(who, "ana", ws, role).GetAwaiter().GetResult().ShouldBe(HttpStatusCode.OK);
        var post = (await server.Send(HttpMethod.Post, "/v1/community/posts", new { title = "Rude", body = "and long" }, As("pia", ws))).Body!["id"]!.ToString();
        (await server.Send(HttpMethod.Put, $"/v1/community/posts/{post}", new { status = "hidden" }, [.. As("mo", ws), ("If-Match", "*")])).Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var (who, sees) in (ReadOnlySpan<(string, bool)>)[("mo", true), ("pia", true), ("ana", true), ("vic", false)])
        {
            Status(HttpMethod.Get, $"/v1/community/posts/{post}", null, who, ws).GetAwaiter().GetResult().ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound, who);
            foreach (var filter in (string[])["", "?status=hidden"])
                server.Send(HttpMethod.Get, "/v1/community/posts" + filter, null, As(who, ws)).GetAwaiter().GetResult().Body!["items"]!.AsArray().Count.ShouldBe(sees ? 1 : 0, who);
        }
    }

    [Fact]
    public async Task Members_FromTheCommandLine()
    {
        string[] server_ = ["--url", server.Url.ToString(), "--json"];
        var empty = await CliRun.Of(["members", "list", .. server_], server.Home);
        empty.Exit.ShouldBe(0, empty.Out);
        empty.Envelope["data"]!["members"]!.AsArray().ShouldBeEmpty();
        var wrong = await CliRun.Of(["members", "set", "ana", "--role", "Viewer", .. server_], server.Home);
        wrong.Exit.ShouldBe(2, wrong.Out);
        wrong.Envelope["error"]!["type"]!.ToString().ShouldEndWith("member.first-is-admin");
        (await CliRun.Of(["members", "remove", "ana", .. server_], server.Home)).Exit.ShouldBe(2);
    }
}
