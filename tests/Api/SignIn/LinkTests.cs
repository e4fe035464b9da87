using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Several logins of one account: linked by whoever proves both, never by an address, and never all unlinked.</summary>
[Collection(SignInCollection.Name)]
public sealed class LinkTests(SignInFixture fixture)
{
    private async Task<string> Actor(Browser browser) => (await fixture.As(browser, HttpMethod.Get, "/v1/me")).Body!["actor"]!.ToString();

    private async Task<string[]> Logins(Browser browser) => [.. (await fixture.As(browser, HttpMethod.Get, "/v1/me/logins")).Body!["items"]!.AsArray().Select(l => l!["provider"]!.ToString())];

    /// <summary>Somebody nobody has seen yet, at a provider of a workspace's own.</summary>
    private async Task<string> Way(string workspace) => (await (await Organisation.MakeAsync(fixture, workspace)).Saml())["id"]!.ToString();

    /// <summary>The answer's cookie is the browser's, as if its page had asked.</summary>
    private async Task<Page> Link(Browser browser, string provider, string who) => await SignInFixture.At(browser, await Begin(browser, provider), provider, who);

    [Fact]
    public async Task SameAddress_AtAnotherProvider_IsAnotherAccount()
    {
        using var google = new Browser();
        using var apple = new Browser();
        await fixture.SignIn(google, "google", "ana@example.com");
        await fixture.SignIn(apple, "apple", "ana@example.com");
        (await Actor(google)).ShouldNotBe(await Actor(apple));
    }

    [Fact]
    public async Task Login_ThatIsLinked_OpensTheSameAccount_UntilItIsUnlinked()
    {
        var (one, two) = (await Way("link-one"), await Way("link-two"));
        using var browser = new Browser();
        await fixture.SignIn(browser, one, "ana");
        var me = await Actor(browser);
        var page = await Link(browser, two, "max");
        page.Error.ShouldBeNull();
        page.Address.PathAndQuery.ShouldBe("/settings");
        (await Logins(browser)).ShouldBe([one, two]);

        using var other = new Browser();
        await fixture.SignIn(other, two, "max");
        (await Actor(other)).ShouldBe(me);

        var all = (await fixture.As(browser, HttpMethod.Get, "/v1/me/logins")).Body!["items"]!.AsArray();
        (await fixture.As(browser, HttpMethod.Delete, $"/v1/me/logins/{all[0]!["id"]}")).Status.ShouldBe(HttpStatusCode.OK);
        var (status, problem) = await fixture.As(browser, HttpMethod.Delete, $"/v1/me/logins/{all[1]!["id"]}");
        status.ShouldBe(HttpStatusCode.Conflict);
        problem!["code"]!.ToString().ShouldBe("login.last");
        using var later = new Browser();
        await fixture.SignIn(later, one, "ana");
        (await Actor(later)).ShouldNotBe(me);
    }

    [Fact]
    public async Task LastTwoLogins_UnlinkedAtTheSameMoment_LeaveOne()
    {
        var (one, two) = (await Way("last-one"), await Way("last-two"));
        using var browser = new Browser();
        await fixture.SignIn(browser, one, "ana");
        (await Link(browser, two, "ana")).Error.ShouldBeNull();
        var all = (await fixture.As(browser, HttpMethod.Get, "/v1/me/logins")).Body!["items"]!.AsArray();
        var answers = await Task.WhenAll(all.Select(l => fixture.As(browser, HttpMethod.Delete, $"/v1/me/logins/{l!["id"]}")));
        answers.Select(a => a.Status).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict]);
        (await Logins(browser)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Login_OfSomebodyElse_IsNotTakenFromThem()
    {
        var way = await Way("link-theirs");
        using var theirs = new Browser();
        using var mine = new Browser();
        await fixture.SignIn(theirs, way, "ana");
        await fixture.SignIn(mine, way, "max");
        (await Link(mine, way, "ana")).Error.ShouldBe("signin.linked-elsewhere");
        (await Logins(theirs)).ShouldBe([way]);
    }

    [Fact]
    public async Task Link_AfterTheSessionEnded_IsNotMade()
    {
        var (one, two) = (await Way("link-ended"), await Way("link-ended-too"));
        using var browser = new Browser();
        await fixture.SignIn(browser, one, "ana");
        var account = (await Actor(browser))["user:".Length..];
        var (_, body) = await fixture.As(browser, HttpMethod.Post, "/v1/me/logins", new { provider = two });
        // The browser of whoever asked: its sign-in cookie came with the answer, which this one never saw.
        (await SignInFixture.At(browser, await browser.Open(new(body!["location"]!.ToString())), two, "max")).Error.ShouldBe("signin.other-browser");

        await fixture.Get<ProdSprint.Identity.Sessions>().EndAllAsync(account, "test");
        (await fixture.As(browser, HttpMethod.Post, "/v1/me/logins", new { provider = two })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task SessionThatEndsOnTheWay_LinksNothing()
    {
        var (one, two) = (await Way("link-way"), await Way("link-way-too"));
        using var browser = new Browser();
        await fixture.SignIn(browser, one, "ana");
        var account = (await Actor(browser))["user:".Length..];
        var form = await Begin(browser, two);
        await fixture.Get<ProdSprint.Identity.Sessions>().EndAllAsync(account, "test");
        (await SignInFixture.At(browser, form, two, "max")).Error.ShouldBe("signin.link-changed");
    }

    private async Task<Page> Begin(Browser browser, string provider)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Url, "/v1/me/logins")) { Content = System.Net.Http.Json.JsonContent.Create(new { provider, returnTo = "/settings" }) };
        request.Headers.Add("Cookie", browser.CookiesOf(fixture.Url));
        request.Headers.Add("X-CSRF-Token", browser.Cookie(fixture.Url, "prodsprint-csrf"));
        using var answer = await fixture.Http.SendAsync(request);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body.ToJsonString());
        browser.Keep(fixture.Url, answer);
        return await browser.Open(new(body["location"]!.ToString()));
    }
}
