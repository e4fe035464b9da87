using System.Net;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>Who administers what: rights are somebody's, given by whoever has just proved who they are, and written down where they count.</summary>
[Collection(AccountsCollection.Name)]
public sealed class OrganisationRightsTests(AccountsFixture servers)
{
    private async Task<string> Code(HttpMethod method, string path, object? body, SessionStarted by, string workspace)
    {
        var (status, answer, _) = await Send(servers.One, method, path, body, by.AccessToken, ("X-ProdSprint-Workspace", workspace));
        return status == HttpStatusCode.OK ? "ok" : answer?["code"]?.ToString() ?? status.ToString();
    }

    private async Task<SessionStarted> Organisation(string id)
    {
        var root = await servers.SignIn("root");
        (await Code(HttpMethod.Post, "/v1/organisations", new { id }, root, $"{id}.shop")).ShouldBe("ok");
        (await Code(HttpMethod.Post, "/v1/workspaces", new { name = $"{id}.shop", organisation = id }, root, $"{id}.shop")).ShouldBe("ok");
        return root;
    }

    private async Task<string[]> Log(string chain, string action) =>
        [.. (await servers.Get<AuditLog>().ListAsync(chain, new(Action: action), null, 50)).Rows.Select(r => $"{r.Event.Actor} {r.Event.Resource} {r.Event.Outcome}")];

    [Fact]
    public async Task WorkspaceWhoseAdminsAreAllSuspended_GetsOneFromWhoeverRunsTheInstallation_AndNoOtherDoes()
    {
        var root = await Organisation("rights-left");
        var (cleo, dora) = (await servers.SignIn("left-cleo"), await servers.SignIn("left-dora"));
        var grain = servers.Get<IGrainFactory>().GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace("left"));
        (await grain.Do(new SetMember(Actor.User(cleo.Account), [Role.Admin], Actor.System("test"), null))).Rejection.ShouldBeNull();
        Task<string> Name(SessionStarted by, string workspace = "left", string user = "left-dora", string reason = "Ticket 1") => Code(HttpMethod.Put, $"/v1/workspaces/{workspace}/admins/{user}", new { reason }, by, "rights-left.shop");

        (await Name(root)).ShouldBe("workspace.has-admin");
        (await grain.Do(new DismissMember(Actor.User(cleo.Account), Actor.System("test"), null))).Rejection.ShouldBeNull();
        (await Name(dora)).ShouldBe("workspace.administrators-only");
        (await Name(root, reason: " ")).ShouldBe("workspace.no-reason");
        (await Name(root, user: "left-nobody")).ShouldBe("member.no-account");
        (await Name(root, workspace: "left-unmade")).ShouldBe("workspace.not-found");
        (await Name(root)).ShouldBe("ok");
        (await Code(HttpMethod.Get, "/v1/members", null, dora, "left")).ShouldBe("ok");
        (await Code(HttpMethod.Get, "/v1/members", null, cleo, "left")).ShouldBe("permission.missing");
        (await Name(root)).ShouldBe("workspace.has-admin");
        (await Log("left", "NameWorkspaceAdmin")).ShouldBe([$"user:{root.Account} workspaces/left/admins/left-dora accepted", $"user:{root.Account} workspaces/left/admins/left-dora requested"]);
    }

    [Fact]
    public async Task Admin_IsSomebodyWhoIsThere_AndANameWithRightsIsNobodyElses()
    {
        var root = await Organisation("rights-a");
        (await Code(HttpMethod.Put, "/v1/organisations/rights-a/admins/zoe", new { }, root, "rights-a.shop")).ShouldBe("member.no-account");
        // As they were given before that was refused.
        await servers.Get<Organisations>().AddAdminAsync("rights-a", "user:zoe", "user:root", CancellationToken.None);
        (await servers.Get<IGrainFactory>().GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace("rights-a.shop")).Do(new SetMember(Actor.User("yves"), [Role.Admin], Actor.System("test"), null))).Rejection.ShouldBeNull();
        await Until(async () => await servers.Scalar<bool>("SELECT EXISTS (SELECT FROM prodsprint.resource_view WHERE kind = 'workspace' AND body::text LIKE '%user:yves%')"));
        foreach (var name in (string[])["zoe", "yves"])
            (await servers.Get<Accounts>().FindOrCreateAsync(new("a-directory", $"scim:{name}", name, null, false))).Id.ShouldBe($"{name}-2");
    }

    [Fact]
    public async Task WhatGivesRightsOrTakesRecordsAway_NeedsAProofThatIsNotOld()
    {
        var root = await Organisation("rights-b");
        var old = await servers.SignIn("root");
        await servers.Owner($"UPDATE identity.session SET authenticated_at = now() - interval '16 min' WHERE id = '{old.Id}'");
        foreach (var (method, path, body) in (ReadOnlySpan<(HttpMethod, string, object?)>)[
            (HttpMethod.Put, "/v1/organisations/rights-b/admins/root", new { }), (HttpMethod.Delete, "/v1/organisations/rights-b/admins/root", null), (HttpMethod.Put, "/v1/organisations/rights-b/workspaces/rights-b.shop/admin", new { }),
            (HttpMethod.Post, "/v1/workspaces", new { name = "rights-b.more", organisation = "rights-b" }), (HttpMethod.Post, "/v1/organisations", new { id = "rights-b-more" }),
            (HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/x", events = new[] { "release" } }), (HttpMethod.Post, "/v1/admin/audit-logs/prune", new { })])
            Code(method, path, body, old, "rights-b.shop").GetAwaiter().GetResult().ShouldBe("session.step-up", path);
        (await Code(HttpMethod.Put, "/v1/organisations/rights-b/workspaces/rights-b.shop/admin", new { }, root, "rights-b.shop")).ShouldBe("ok");
    }

    [Fact]
    public async Task Change_StandsInTheLogsOfTheWorkspacesItIsAbout_AndInNoOther()
    {
        var root = await Organisation("rights-c");
        await Organisation("rights-elsewhere");
        var ugo = await servers.SignIn("ugo");
        (await Code(HttpMethod.Put, "/v1/organisations/rights-c/admins/ugo", new { }, root, "rights-elsewhere.shop")).ShouldBe("ok");
        (await Log("rights-c.shop", "SetOrganisationAdmin")).ShouldBe(["user:root organisations/rights-c/admins/ugo accepted", "user:root organisations/rights-c/admins/ugo requested"]);

        // Somebody who is nobody there names a workspace in a header.
        (await Code(HttpMethod.Put, "/v1/organisations/rights-c/workspaces/rights-c.shop/admin", new { }, ugo, "rights-elsewhere.shop")).ShouldBe("ok");
        (await Log("rights-c.shop", "JoinWorkspace")).Length.ShouldBe(2);
        (await Log("rights-elsewhere.shop", "JoinWorkspace")).ShouldBeEmpty();
        (await Log(AuditTrail.Accounts, "JoinWorkspace")).ShouldContain("user:ugo organisations/rights-c/workspaces/rights-c.shop/admin accepted");
        (await Code(HttpMethod.Get, "/v1/projects", null, ugo, "rights-nowhere")).ShouldBe("permission.missing");
        (await Log("rights-nowhere", "ListProjects")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Refusals_AndLooksAtWhoMayComeIn_LeaveARow()
    {
        var root = await Organisation("rights-e");
        (await Code(HttpMethod.Get, "/v1/members", null, root, "rights-e.shop")).ShouldBe("ok");
        (await Log("rights-e.shop", "GetMembers")).ShouldBe(["user:root members read"]);

        var token = (await Send(servers.One, HttpMethod.Post, "/v1/tokens", new { name = "x", permissions = new[] { "projects.read" } }, root.AccessToken, ("X-ProdSprint-Workspace", "rights-e.shop"))).Body!["token"]!.ToString();
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, token, ("X-ProdSprint-Workspace", "rights-other"))).Body!["code"]!.ToString().ShouldBe("token.other-workspace");
        (await Log("rights-e.shop", "ListProjects")).ShouldBe(["user:root projects denied: token.other-workspace"]);

        // What a browser would send by itself, from another site and from one of ours without the header that only a page of ours can set.
        (string, string)[] cookie = [("Cookie", $"prodsprint={root.AccessToken}"), ("X-ProdSprint-Workspace", "rights-e.shop")];
        (await Send(servers.One, HttpMethod.Post, "/v1/projects", new { }, null, [.. cookie, ("Sec-Fetch-Site", "cross-site")])).Body!["code"]!.ToString().ShouldBe("request.cross-site");
        (await Send(servers.One, HttpMethod.Post, "/v1/projects", new { }, null, cookie)).Body!["code"]!.ToString().ShouldBe("request.forged");
        (await Log("rights-e.shop", "ImportProject")).ShouldBe(["user:root projects denied: request.forged", "user:root projects denied: request.cross-site"]);

        var nuria = await servers.SignIn("nuria");
        (await Code(HttpMethod.Put, "/v1/members/nuria", new { roles = new[] { "viewer" } }, root, "rights-e.shop")).ShouldBe("ok");
        (await Send(servers.One, HttpMethod.Put, "/v1/security-policy", new { secondFactor = true }, (await servers.SignIn("root", secondFactor: true)).AccessToken, ("X-ProdSprint-Workspace", "rights-e.shop"))).Status.ShouldBe(HttpStatusCode.OK);
        (await Code(HttpMethod.Get, "/v1/runs", null, nuria, "rights-e.shop")).ShouldBe("workspace.second-factor");
        (await Log("rights-e.shop", "ListRuns")).ShouldBe(["user:nuria runs denied: workspace.second-factor"]);
    }

    [Fact]
    public async Task Membership_IsWrittenDownWithWhatItWasAndIs()
    {
        var root = await Organisation("rights-d");
        await servers.SignIn("tove");
        foreach (var role in (string[])["viewer", "planner"]) (await Code(HttpMethod.Put, "/v1/members/tove", new { roles = new[] { role } }, root, "rights-d.shop")).ShouldBe("ok");
        (await Code(HttpMethod.Delete, "/v1/members/tove", null, root, "rights-d.shop")).ShouldBe("ok");
        var rows = (await servers.Get<AuditLog>().ListAsync("rights-d.shop", new(Resource: "members/tove"), null, 50)).Rows.Where(r => r.Event.Outcome == "accepted").Select(r => $"{r.Event.Before} > {r.Event.After}");
        rows.ShouldBe(["roles: planner > ", "roles: viewer > roles: planner", " > roles: viewer"]);
    }
}
