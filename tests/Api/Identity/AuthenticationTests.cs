using System.Net;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>With accounts nobody is believed without a credential, and a browser's counts for nothing that another page asks for.</summary>
[Collection(AccountsCollection.Name)]
public sealed class AuthenticationTests(AccountsFixture servers)
{
    [Fact]
    public async Task Nobody_MayLookAtWhatThereIsToSignInWith_AndAtNothingElse()
    {
        (await Send(servers.One, HttpMethod.Get, "/v1/config")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var forged in (string[])["nobody", "admin", "root"])
        {
            var (status, body, _) = await Send(servers.One, HttpMethod.Get, "/v1/me", null, null, ("X-ProdSprint-User", forged));
            status.ShouldBe(HttpStatusCode.Unauthorized);
            body!["code"]!.ToString().ShouldBe("session.none");
            body["next"]!.ToString().ShouldContain("prodsprint login");
        }
        (await Send(servers.One, HttpMethod.Post, "/v1/projects", new { source = "x" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task BodyOfAnotherType_IsToldAsThat_AndNotAsAPermissionThatNobodyHas()
    {
        var session = await servers.SignIn("body-type");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/support/tickets") { Content = new StringContent("x", new System.Net.Http.Headers.MediaTypeHeaderValue("text/plain")) };
        request.Headers.Authorization = new("Bearer", session.AccessToken);
        using var answer = await servers.One.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(415, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadAsStringAsync()).ShouldContain("request.not-json");
    }

    [Fact]
    public async Task Bearer_IsWhoSignedIn_WhateverTheHeadersSay_OnEveryServer()
    {
        var session = await servers.SignIn("Bea Trix");
        session.Account.ShouldBe("bea-trix");
        foreach (var server in (HttpClient[])[servers.One, servers.Other])
        {
            var me = await Send(server, HttpMethod.Get, "/v1/me", null, session.AccessToken, ("X-ProdSprint-User", "root"));
            me.Status.ShouldBe(HttpStatusCode.OK);
            me.Body!["actor"]!.ToString().ShouldBe("user:bea-trix");
            me.Body["roles"]!.AsArray().ShouldBeEmpty("a workspace without members is nobody's who just comes along");
            (await Send(server, HttpMethod.Get, "/v1/projects", null, session.AccessToken)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
        var tampered = session.AccessToken[..^2] + (session.AccessToken.EndsWith("AA", StringComparison.Ordinal) ? "BB" : "AA");
        foreach (var bad in (string[])[tampered, session.RefreshToken, "psa_", "psa_!!!!", "nonsense", new string('x', 5000)])
            (await Send(servers.One, HttpMethod.Get, "/v1/me", null, bad)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>Each name would be a bucket of its own otherwise, and there are as many names as one can think of.</summary>
    [Fact]
    public async Task WorkspaceThatNobodyMade_IsPaidForByTheAddress()
    {
        var guest = await servers.SignIn("name-maker");
        foreach (var made in (string[])["made-up-1", "made-up-2"])
        {
            var (_, _, answer) = await Send(servers.One, HttpMethod.Get, "/v1/projects", null, guest.AccessToken, ("X-ProdSprint-Workspace", made));
            answer.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"stranger\"");
        }
    }

    [Fact]
    public async Task Administrator_MakesTheFirstAdmin_AndThenTheWorkspaceIsItsMembers()
    {
        var root = await servers.SignIn("root");
        var guest = await servers.SignIn("guest");
        (string, string) there = ("X-ProdSprint-Workspace", "auth-first");
        (await Send(servers.One, HttpMethod.Put, "/v1/members/guest", new { roles = new[] { "admin" } }, guest.AccessToken, there)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", new { roles = new[] { "admin" } }, root.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(servers.One, HttpMethod.Get, "/v1/projects", null, root.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cookie_ChangesNothingWithoutTheProofThatTheDashboardAsked()
    {
        var root = await servers.SignIn("root");
        (string, string) cookie = ("Cookie", $"prodsprint={root.AccessToken}");
        (string, string) there = ("X-ProdSprint-Workspace", "auth-cookie");
        (await Send(servers.One, HttpMethod.Get, "/v1/me", null, null, cookie)).Status.ShouldBe(HttpStatusCode.OK);
        var body = new { roles = new[] { "admin" } };
        var (status, problem, _) = await Send(servers.One, HttpMethod.Put, "/v1/members/root", body, null, cookie, there);
        status.ShouldBe(HttpStatusCode.Forbidden);
        problem!["code"]!.ToString().ShouldBe("request.forged");
        var guest = await servers.SignIn("guest");
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", body, null, cookie, there, ("X-CSRF-Token", guest.Forgery))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", body, null, cookie, there, ("X-CSRF-Token", root.Forgery), ("Origin", "https://evil.example"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", body, null, cookie, there, ("X-CSRF-Token", root.Forgery))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task EndedOnOneServer_IsOverOnTheOther()
    {
        var session = await servers.SignIn("enders");
        (await Send(servers.Other, HttpMethod.Get, "/v1/me", null, session.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await servers.Get<Sessions>().EndAsync("enders", session.Id, "revoked")).ShouldBeTrue();
        (await Send(servers.One, HttpMethod.Get, "/v1/me", null, session.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await Until(async () => (await Send(servers.Other, HttpMethod.Get, "/v1/me", null, session.AccessToken)).Status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Disabled_MayNotSignIn_AndIsOutAtOnce()
    {
        var session = await servers.SignIn("leaver");
        await servers.Get<Accounts>().SetDisabledAsync("leaver", true);
        (await Send(servers.One, HttpMethod.Get, "/v1/me", null, session.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Should.ThrowAsync<ProdSprint.Kernel.ProblemException>(() => servers.SignIn("leaver"))).Code.ShouldBe("account.disabled");
    }
}
