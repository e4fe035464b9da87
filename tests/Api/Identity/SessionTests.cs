using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>Sessions over HTTP, on two servers: refreshed, found out, listed, ended.</summary>
[Collection(AccountsCollection.Name)]
public sealed class SessionTests(AccountsFixture servers)
{
    private static Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> Refresh(HttpClient server, string token) =>
        Send(server, HttpMethod.Post, "/v1/session/refresh", new { refreshToken = token });

    private static async Task<HttpStatusCode> Me(HttpClient server, string token) => (await Send(server, HttpMethod.Get, "/v1/me", null, token)).Status;

    [Fact]
    public async Task ThousandRefreshesOfOneToken_OnTwoServers_HaveOneSuccessor()
    {
        var session = await servers.SignIn("parallel");
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => Refresh(n % 2 == 0 ? servers.One : servers.Other, session.RefreshToken)));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        var successor = answers.Select(a => a.Body!["refreshToken"]!.ToString()).Distinct().ShouldHaveSingleItem();
        successor.ShouldNotBe(session.RefreshToken);
        (await servers.Scalar<int>($"SELECT generation FROM identity.session WHERE id = '{session.Id}'")).ShouldBe(2);
        (await Refresh(servers.Other, successor)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SpentToken_AfterTheGrace_EndsTheWholeFamilyOnEveryServer()
    {
        var session = await servers.SignIn("stolen-from");
        var next = (await Refresh(servers.One, session.RefreshToken)).Body!;
        (await Refresh(servers.Other, session.RefreshToken)).Body!["refreshToken"]!.ToString().ShouldBe(next["refreshToken"]!.ToString(), "a lost answer is given once more");
        (await Me(servers.Other, next["accessToken"]!.ToString())).ShouldBe(HttpStatusCode.OK);

        await servers.Owner($"UPDATE identity.session SET rotated_at = rotated_at - interval '11 s' WHERE id = '{session.Id}'");
        var (status, problem, _) = await Refresh(servers.One, session.RefreshToken);
        status.ShouldBe(HttpStatusCode.Unauthorized);
        problem!["code"]!.ToString().ShouldBe("session.reused");
        (await Refresh(servers.One, next["refreshToken"]!.ToString())).Body!["code"]!.ToString().ShouldBe("session.over");
        (await Me(servers.One, next["accessToken"]!.ToString())).ShouldBe(HttpStatusCode.Unauthorized);
        await Until(async () => await Me(servers.Other, next["accessToken"]!.ToString()) == HttpStatusCode.Unauthorized);
        (await servers.Told("stolen-from")).ShouldBe(["SignIn sign-in/refresh refused: session.reused", "SignIn sign-in/test accepted"]);
    }

    [Fact]
    public async Task ForgedToken_OfSomebodysSession_EndsNothing()
    {
        var session = await servers.SignIn("not-hers");
        var forged = new SessionTokens(new IdentityOptions { Secret = new string('x', 40) }, null!).Refresh(session.Id, 7, new byte[32]);
        foreach (var token in (string[])[forged, session.AccessToken, "psr_", "", new string('x', 10_000)])
            (await Refresh(servers.One, token)).Body!["code"]!.ToString().ShouldBe("session.over");
        (await Refresh(servers.One, session.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Browser_IsRefreshedByItsCookies_WhichNoScriptAndNoOtherSiteCanUse()
    {
        var account = await servers.Get<Accounts>().FindOrCreateAsync(new("test", "browser", "browser", null, false));
        var http = new DefaultHttpContext { RequestServices = servers.Services };
        var session = await servers.Get<Sessions>().StartAsync(http, account, "test");
        var set = http.Response.Headers.SetCookie.ToArray();
        set.Length.ShouldBe(3);
        set.ShouldAllBe(c => c!.Contains("samesite=strict") && c.Contains("path=/"));
        set.Count(c => c!.Contains("httponly")).ShouldBe(2);
        set.Single(c => c!.Contains("refresh"))!.ShouldContain("path=/v1/session");

        (string, string) cookies = ("Cookie", $"prodsprint-refresh={session.RefreshToken}");
        var (status, body, response) = await Send(servers.One, HttpMethod.Post, "/v1/session/refresh", null, null, cookies);
        status.ShouldBe(HttpStatusCode.OK);
        body!["accessToken"].ShouldBeNull("a browser's tokens are in its cookies");
        body["refreshToken"].ShouldBeNull();
        response.Headers.GetValues("Set-Cookie").Count().ShouldBe(3);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Send(servers.One, HttpMethod.Post, "/v1/session/refresh", null, null, cookies, ("Origin", "https://evil.example"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public void Cookies_OverHttps_CarryThePrefixesThatOnlyHttpsCan()
    {
        var secure = new SessionCookies(new IdentityOptions { PublicUrl = "https://ship.example.com" });
        secure.Access.ShouldBe("__Host-prodsprint");
        secure.Refresh.ShouldBe("__Secure-prodsprint-refresh");
        var http = new DefaultHttpContext();
        secure.Set(http.Response, new(Guid.NewGuid(), "ana", "psa_", default, "psr_", DateTimeOffset.MaxValue, "x"));
        http.Response.Headers.SetCookie.ShouldAllBe(c => c!.Contains("secure"));
    }

    [Fact]
    public async Task Inventory_ShowsEachSession_AndEndsOneOrAllOthers()
    {
        var first = await servers.SignIn("many");
        var second = await servers.SignIn("many");
        var third = await servers.SignIn("many");
        var stranger = await servers.SignIn("stranger");
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/v1/me") { Headers = { { "User-Agent", "tests/1" } } }) await servers.One.SendAsync(request);
        var items = (await Send(servers.One, HttpMethod.Get, "/v1/sessions", null, first.AccessToken)).Body!["items"]!.AsArray();
        items.Count.ShouldBe(3);
        var current = items.Where(s => s!["current"]!.GetValue<bool>()).ShouldHaveSingleItem()!;
        current["id"]!.ToString().ShouldBe(first.Id.ToString());
        current["origin"]!.ToString().ShouldBe("127.0.0.1");
        current["network"]!.ToString().ShouldBe("loopback");

        (await Send(servers.One, HttpMethod.Delete, $"/v1/sessions/{second.Id}", null, stranger.AccessToken)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Send(servers.One, HttpMethod.Delete, $"/v1/sessions/{second.Id}", null, first.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await Me(servers.One, second.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Send(servers.Other, HttpMethod.Delete, "/v1/sessions", null, first.AccessToken)).Body!["ended"]!.GetValue<int>().ShouldBe(1);
        await Until(async () => await Me(servers.One, third.AccessToken) == HttpStatusCode.Unauthorized);
        (await Me(servers.One, first.AccessToken)).ShouldBe(HttpStatusCode.OK);

        var (_, _, out_) = await Send(servers.One, HttpMethod.Delete, "/v1/session", null, first.AccessToken);
        out_.Headers.GetValues("Set-Cookie").ShouldAllBe(c => c.Contains("expires=Thu, 01 Jan 1970"));
        (await Me(servers.One, first.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Me(servers.One, stranger.AccessToken)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task WhatCannotBeTakenBack_NeedsAProofThatIsNotOld()
    {
        var root = await servers.SignIn("root");
        (string, string) there = ("X-ProdSprint-Workspace", "step-up");
        var body = new { roles = new[] { "admin" } };
        await servers.Owner($"UPDATE identity.session SET authenticated_at = now() - interval '16 min' WHERE id = '{root.Id}'");
        var (status, problem, _) = await Send(servers.One, HttpMethod.Put, "/v1/members/root", body, root.AccessToken, there);
        status.ShouldBe(HttpStatusCode.Forbidden);
        problem!["code"]!.ToString().ShouldBe("session.step-up");
        (await Send(servers.One, HttpMethod.Get, "/v1/members", null, root.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
        var again = await servers.SignIn("root");
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", body, again.AccessToken, there)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task WhatOneServerProtects_TheOtherReads_AndTheDatabaseHoldsNoKey()
    {
        var sealed_ = servers.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("a secret");
        servers.OtherServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(sealed_).ShouldBe("a secret");
        var stored = (await servers.Scalar<string>("SELECT string_agg(xml, ' ') FROM identity.protection_key"))!;
        stored.ShouldContain("prodsprintKey");
        stored.ShouldNotContain("masterKey");
    }
}
