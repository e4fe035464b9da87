using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Audit;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>A token may what it was given, where it was given, for as long, and never more than whoever made it.</summary>
[Collection(AccountsCollection.Name)]
public sealed class TokenTests(AccountsFixture servers)
{
    private static (string, string) In(string workspace) => ("X-ProdSprint-Workspace", workspace);

    private async Task<(SessionStarted Root, SessionStarted Member)> Workspace(string name, string member, params string[] roles)
    {
        var (root, person) = (await servers.SignIn("root"), await servers.SignIn(member));
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", new { roles = new[] { "admin" } }, root.AccessToken, In(name))).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Put, $"/v1/members/{member}", new { roles }, root.AccessToken, In(name))).Status.ShouldBe(HttpStatusCode.OK);
        return (root, person);
    }

    private async Task<JsonNode> Make(SessionStarted by, string workspace, params string[] permissions) =>
        (await Send(servers.One, HttpMethod.Post, "/v1/tokens", new { name = "ci", permissions, days = 1 }, by.AccessToken, In(workspace))).Body!;

    [Fact]
    public async Task Token_MayWhatItWasGiven_InItsWorkspace_OnEveryServer()
    {
        var (root, tess) = await Workspace("tokens-a", "tess", "planner");
        var token = (await Make(tess, "tokens-a", "projects.read"))["token"]!.ToString();
        token.ShouldStartWith("psp_");
        TokenFormat.IsWhole(token).ShouldBeTrue();
        foreach (var server in (HttpClient[])[servers.One, servers.Other]) (await Send(server, HttpMethod.Get, "/v1/projects", null, token)).Status.ShouldBe(HttpStatusCode.OK);
        var refused = await Send(servers.One, HttpMethod.Post, "/v1/projects", new { source = "x", name = "x" }, token);
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Body!["detail"]!.ToString().ShouldContain("projects.import");
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, token, In("tokens-other"))).Body!["code"]!.ToString().ShouldBe("token.other-workspace");
        (await Send(servers.One, HttpMethod.Post, "/v1/tokens", new { name = "more", permissions = new[] { "projects.read" } }, token)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(servers.One, HttpMethod.Get, "/v1/sessions", null, token)).Status.ShouldBe(HttpStatusCode.Forbidden);
        var me = (await Send(servers.One, HttpMethod.Get, "/v1/me", null, token)).Body!;
        me["permissions"]!.AsArray().Select(p => p!.ToString()).ShouldBe(["projects.read"]);

        var log = (await Send(servers.One, HttpMethod.Get, "/v1/admin/audit-logs", null, root.AccessToken, In("tokens-a"))).Body!.ToJsonString();
        log.ShouldContain("CreateToken");
        log.ShouldContain("token:");
        log.ShouldNotContain(token);
        (await servers.Scalar<long>($"SELECT count(*) FROM identity.token t WHERE t::text LIKE '%{token}%'")).ShouldBe(0);
        (await servers.Scalar<long>($"SELECT count(*) FROM prodsprint.idempotency_key t WHERE position('{token}'::bytea IN body) > 0")).ShouldBe(0);
    }

    [Fact]
    public async Task Token_LosesWhatItsOwnerLoses_AtOnce()
    {
        var (root, tom) = await Workspace("tokens-b", "tom", "planner");
        var token = (await Make(tom, "tokens-b", "projects.read", "releases.start"))["token"]!.ToString();
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, token)).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Delete, "/v1/members/tom", null, root.AccessToken, In("tokens-b"))).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, token)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await servers.Get<Accounts>().SetDisabledAsync("tom", true);
        await Until(async () => (await Send(servers.Other, HttpMethod.Get, "/v1/me", null, token)).Status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task TokenThatOnlyReads_IsOnTheRecord_OnceADay_AndAgainFromAnotherAddress()
    {
        var (_, rita) = await Workspace("tokens-read", "rita", "viewer");
        var made = await Make(rita, "tokens-read", "projects.read");
        async Task<string[]> Used(string? before = null)
        {
            if (before is not null) await servers.Owner($"UPDATE identity.token SET {before} WHERE workspace = 'tokens-read'");
            (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, made["token"]!.ToString())).Status.ShouldBe(HttpStatusCode.OK);
            await servers.Get<LastUse>().WriteAsync(CancellationToken.None);
            return [.. (await servers.Get<AuditLog>().ListAsync("tokens-read", new(Action: "UseToken"), null, 50)).Rows.Select(r => $"{r.Event.Actor} {r.Event.Credential} {r.Event.Resource} {r.Event.Origin}")];
        }
        var row = $"user:rita token:{made["id"]} tokens/{made["id"]} 127.0.0.1";
        (await Used()).ShouldBe([row]);
        (await Used("used_at = used_at - interval '2 seconds'")).Length.ShouldBeInRange(1, 2, "at midnight it is another day");
        var before = (await Used()).Length;
        (await Used("origin = '192.0.2.7'")).Length.ShouldBe(before + 1);
        (await Used("used_at = now() - interval '1 day'")).Length.ShouldBe(before + 2);
    }

    [Fact]
    public async Task Tokens_ThatCouldNotBeSeen_AreNotMade()
    {
        var (_, max) = await Workspace("tokens-many", "max", "viewer");
        await servers.Owner("""
            INSERT INTO identity.token (id, workspace, kind, owner, name, digest, permissions, created_by, expires_at)
            SELECT 'many-' || n, 'tokens-many', 'personal', 'max', 'n', sha256(('many-' || n)::bytea), '{projects.read}', 'user:max', now() + interval '1 day' FROM generate_series(1, 500) n
            """);
        (await Make(max, "tokens-many", "projects.read"))["code"]!.ToString().ShouldBe("token.too-many");
        await servers.Owner("UPDATE identity.token SET revoked_at = now() WHERE id = 'many-7'");
        (await Make(max, "tokens-many", "projects.read"))["token"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Nobody_HandsOnMoreThanTheyHave()
    {
        var (_, viv) = await Workspace("tokens-c", "viv", "viewer");
        foreach (var (permission, code) in (ReadOnlySpan<(string, string)>)[("releases.start", "token.too-much"), ("account.tokens", "token.unknown-permission"), ("nothing", "token.unknown-permission")])
            (Make(viv, "tokens-c", permission).GetAwaiter().GetResult())["code"]!.ToString().ShouldBe(code);
        (await Send(servers.One, HttpMethod.Post, "/v1/service-tokens", new { service = "ci", name = "x", permissions = new[] { "projects.read" } }, viv.AccessToken, In("tokens-c"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task ServiceToken_IsTheWorkspaces_AndActsInItsOwnName()
    {
        var (root, _) = await Workspace("tokens-d", "dora", "viewer");
        var made = (await Send(servers.One, HttpMethod.Post, "/v1/service-tokens", new { service = "ci", name = "deploys", permissions = new[] { "projects.read", "releases.stop" } }, root.AccessToken, In("tokens-d"))).Body!;
        var token = made["token"]!.ToString();
        token.ShouldStartWith("pss_");
        (await Send(servers.Other, HttpMethod.Get, "/v1/me", null, token)).Body!["actor"]!.ToString().ShouldBe("service:ci");
        (await Send(servers.Other, HttpMethod.Post, "/v1/projects/absent/rollback", new { }, token)).Status.ShouldBe(HttpStatusCode.NotFound);
        var listed = (await Send(servers.Other, HttpMethod.Get, "/v1/service-tokens", null, root.AccessToken, In("tokens-d"))).Body!["items"]!.AsArray().ShouldHaveSingleItem()!;
        listed["usedAt"].ShouldNotBeNull();
        listed["origin"]!.ToString().ShouldBe("127.0.0.1");
        (await Send(servers.One, HttpMethod.Delete, $"/v1/service-tokens/{made["id"]}", null, root.AccessToken, In("tokens-other"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Send(servers.One, HttpMethod.Delete, $"/v1/service-tokens/{made["id"]}", null, root.AccessToken, In("tokens-d"))).Status.ShouldBe(HttpStatusCode.OK);
        await Until(async () => (await Send(servers.Other, HttpMethod.Get, "/v1/me", null, token)).Status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_LetsNobodyIn_AndSeesNothingOfOtherWorkspaces()
    {
        var (root, _) = await Workspace("tokens-f", "fay", "viewer");
        foreach (var permission in (string[])["tokens.write", "members.write", "connections.write", "security.write"])
        {
            Make(root, "tokens-f", "projects.read", permission).GetAwaiter().GetResult()["code"]!.ToString().ShouldBe("token.unknown-permission");
            (await Send(servers.One, HttpMethod.Post, "/v1/service-tokens", new { service = "ci", name = "x", permissions = new[] { permission } }, root.AccessToken, In("tokens-f"))).Body!["code"]!.ToString().ShouldBe("token.unknown-permission");
        }
        var made = await Make(root, "tokens-f", "projects.read");
        // As one that was made before they were refused.
        await servers.Owner($"UPDATE identity.token SET permissions = '{{projects.read,tokens.write,members.write}}' WHERE id = '{made["id"]}'");
        var token = made["token"]!.ToString();
        foreach (var (method, path, body) in (ReadOnlySpan<(HttpMethod, string, object?)>)[
            (HttpMethod.Post, "/v1/service-tokens", new { service = "ci", name = "x", permissions = new[] { "projects.read" }, days = 366 }), (HttpMethod.Put, "/v1/members/fay", new { roles = new[] { "admin" } }),
            (HttpMethod.Get, "/v1/workspaces", null), (HttpMethod.Get, "/v1/organisations", null), (HttpMethod.Get, "/v1/organisations/tokens-f", null)])
            Send(servers.One, method, path, body, token).GetAwaiter().GetResult().Body!["code"]!.ToString().ShouldBe("permission.missing", path);
        (await Send(servers.One, HttpMethod.Get, "/v1/me", null, token)).Body!["permissions"]!.AsArray().Select(p => p!.ToString()).ShouldBe(["projects.read"]);
        (await Send(servers.One, HttpMethod.Get, "/v1/permissions", null, token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Token_EndsByItself()
    {
        var (_, eve) = await Workspace("tokens-e", "eve", "viewer");
        var made = await Make(eve, "tokens-e", "projects.read");
        await servers.Owner($"UPDATE identity.token SET expires_at = now() - interval '1 s' WHERE id = '{made["id"]}'");
        (await Send(servers.One, HttpMethod.Get, "/v1/me", null, made["token"]!.ToString())).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
