using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>An organisation asks everybody in its workspaces for a second factor: those who have none get nothing else of it, by whatever they come.</summary>
[Collection(AccountsCollection.Name)]
public sealed class OrganisationFactorTests(AccountsFixture servers)
{
    private static (string, string) In(string workspace) => ("X-ProdSprint-Workspace", workspace);

    private static async Task<string?> Code(HttpClient server, HttpMethod method, string path, object? body, string bearer, string workspace)
    {
        var (status, answer, _) = await Send(server, method, path, body, bearer, In(workspace));
        return status == HttpStatusCode.OK ? "ok" : answer?["code"]?.ToString();
    }

    /// <summary>An organisation with a workspace, its Admin with a factor in this session, and a viewer without one.</summary>
    private async Task<(SessionStarted Root, SessionStarted Member)> Organisation(string organisation, string member)
    {
        var (root, person) = (await servers.SignIn("root", secondFactor: true), await servers.SignIn(member));
        var shop = $"{organisation}.shop";
        (await Code(servers.One, HttpMethod.Post, "/v1/organisations", new { id = organisation }, root.AccessToken, shop)).ShouldBe("ok");
        (await Code(servers.One, HttpMethod.Post, "/v1/workspaces", new { name = shop, organisation }, root.AccessToken, shop)).ShouldBe("ok");
        (await Code(servers.One, HttpMethod.Put, $"/v1/members/{member}", new { roles = new[] { "viewer" } }, root.AccessToken, shop)).ShouldBe("ok");
        return (root, person);
    }

    private Task<string?> Ask(string organisation, bool asked, SessionStarted by) =>
        Code(servers.One, HttpMethod.Put, $"/v1/organisations/{organisation}/security-policy", new { secondFactor = asked, reason = "the auditors" }, by.AccessToken, $"{organisation}.shop");

    private async Task SetUp(SessionStarted session)
    {
        var secret = await servers.Get<SecondFactors>().StartAsync(session.Account, CancellationToken.None);
        (await Code(servers.One, HttpMethod.Post, "/v1/second-factor/totp/confirm", new { code = Totp.Code(secret, Totp.StepAt(DateTimeOffset.UtcNow)) }, session.AccessToken, "factor-org.shop")).ShouldBe("ok");
    }

    [Fact]
    public async Task Member_WithoutOne_GetsNothingOfTheOrganisation_OnAnyServer_UntilTheyHaveOne()
    {
        var (root, vera) = await Organisation("factor-org", "vera");
        var token = (await Send(servers.One, HttpMethod.Post, "/v1/tokens", new { name = "ci", permissions = new[] { "projects.read" }, days = 1 }, vera.AccessToken, In("factor-org.shop"))).Body!["token"]!.ToString();
        Task<string?> Look(HttpClient server, string bearer) => Code(server, HttpMethod.Get, "/v1/projects", null, bearer, "factor-org.shop");
        foreach (var server in (HttpClient[])[servers.One, servers.Other]) foreach (var bearer in (string[])[vera.AccessToken, token]) (await Look(server, bearer)).ShouldBe("ok");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var live = await LiveSessionTests.Connect(servers.Other, limit.Token, ("Authorization", $"Bearer {vera.AccessToken}"), In("factor-org.shop"));
        using var elsewhere = await LiveSessionTests.Connect(servers.Other, limit.Token, ("Authorization", $"Bearer {vera.AccessToken}"), In("factor-none"));
        await LiveSessionTests.Subscribe(live, limit.Token);

        (await Ask("factor-org", true, root)).ShouldBe("ok");
        await LiveSessionTests.Cut(live, limit.Token);
        elsewhere.State.ShouldBe(WebSocketState.Open);
        foreach (var bearer in (string[])[vera.AccessToken, token])
        {
            (await Look(servers.One, bearer)).ShouldBe("workspace.second-factor");
            await Until(async () => await Look(servers.Other, bearer) == "workspace.second-factor");
        }
        (await Look(servers.One, root.AccessToken)).ShouldBe("ok");
        (await Code(servers.One, HttpMethod.Get, "/v1/second-factor", null, vera.AccessToken, "factor-org.shop")).ShouldBe("ok", "what is about oneself is how one gets a factor");

        await SetUp(vera);
        (await Look(servers.One, vera.AccessToken)).ShouldBe("ok");
        (await Look(servers.One, token)).ShouldBe("ok");
        // Whoever has taken their last one away is where they were.
        (await Code(servers.One, HttpMethod.Delete, "/v1/second-factor/totp", null, vera.AccessToken, "factor-org.shop")).ShouldBe("ok");
        (await Look(servers.One, vera.AccessToken)).ShouldBe("workspace.second-factor");
        (await Look(servers.One, token)).ShouldBe("workspace.second-factor");

        (await Ask("factor-org", false, root)).ShouldBe("ok");
        (await Look(servers.One, vera.AccessToken)).ShouldBe("ok");
    }

    [Fact]
    public async Task Admin_AsksOnlyWithOne_AndWithoutOneCannotEndIt()
    {
        var (root, _) = await Organisation("factor-admins", "walt");
        (await Ask("factor-admins", true, await servers.SignIn("root"))).ShouldBe("security.not-yourself");
        (await Ask("factor-admins", true, await servers.SignIn("walt"))).ShouldBe("organisation.not-found");
        (await Code(servers.One, HttpMethod.Put, "/v1/organisations/factor-admins/admins/walt", new { }, root.AccessToken, "factor-admins.shop")).ShouldBe("ok");
        (await Ask("factor-admins", true, root)).ShouldBe("ok");

        var walt = await servers.SignIn("walt");
        foreach (var (method, path, body) in (ReadOnlySpan<(HttpMethod, string, object?)>)[
            (HttpMethod.Get, "", null), (HttpMethod.Put, "/security-policy", new { secondFactor = false }), (HttpMethod.Put, "/admins/mallory", new { }), (HttpMethod.Put, "/workspaces/factor-admins.shop/admin", new { })])
            Code(servers.One, method, $"/v1/organisations/factor-admins{path}", body, walt.AccessToken, "factor-admins.shop").GetAwaiter().GetResult().ShouldBe("organisation.second-factor", path);
        (await Code(servers.One, HttpMethod.Post, "/v1/workspaces", new { name = "factor-admins.more", organisation = "factor-admins" }, walt.AccessToken, "factor-admins.shop")).ShouldBe("organisation.second-factor");
        // They see that it asks, and what it is called.
        (await Send(servers.One, HttpMethod.Get, "/v1/organisations", null, walt.AccessToken)).Body!["items"]!.AsArray().Single(o => o!["id"]!.ToString() == "factor-admins")!["secondFactor"]!.GetValue<bool>().ShouldBeTrue();
        var policy = (await Send(servers.One, HttpMethod.Get, "/v1/security-policy", null, root.AccessToken, In("factor-admins.shop"))).Body!;
        (policy["secondFactor"]!.GetValue<bool>(), policy["organisation"]!.ToString()).ShouldBe((false, "factor-admins"));
    }

    [Fact]
    public async Task EveryWorkspaceOfTheOrganisation_HasItInItsAuditLog()
    {
        var (root, _) = await Organisation("factor-told", "xenia");
        (await Code(servers.One, HttpMethod.Post, "/v1/workspaces", new { name = "factor-told.more", organisation = "factor-told" }, root.AccessToken, "factor-told.shop")).ShouldBe("ok");
        (await Ask("factor-told", true, root)).ShouldBe("ok");
        foreach (var (workspace, outcomes) in (ReadOnlySpan<(string, string[])>)[("factor-told.shop", ["accepted", "requested"]), ("factor-told.more", ["accepted", "requested"])])
        {
            var log = Send(servers.One, HttpMethod.Get, "/v1/admin/audit-logs?action=SetOrganisationPolicy", null, root.AccessToken, In(workspace)).GetAwaiter().GetResult().Body!;
            log["items"]!.AsArray().Select(r => $"{r!["actor"]} {r["outcome"]} {r["reason"]}").ShouldBe(outcomes.Select(o => $"user:root {o} the auditors"), log.ToJsonString());
        }
    }
}
