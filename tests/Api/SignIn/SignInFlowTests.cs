using System.Net;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Signing in at providers that nobody here wrote, as a browser does it.</summary>
[Collection(SignInCollection.Name)]
public sealed class SignInFlowTests(SignInFixture fixture)
{
    /// <summary>nginx does so where nobody says otherwise: the server is asked by the name it has for the proxy, and browsers go on naming the one they know.</summary>
    [Theory]
    [InlineData(null, "same-origin", 401)]
    [InlineData(null, "cross-site", 403)]
    [InlineData("https://elsewhere.example", "same-origin", 403)]
    public async Task ProxyThatNamesItselfAsTheHost_LetsTheDashboardThrough_AndNoOtherPage(string? origin, string site, int status)
    {
        fixture.OtherUrl.ShouldNotBe(fixture.Url, "the other server listens elsewhere, and has the same public address");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.OtherUrl, "/v1/session/refresh")) { Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("Origin", origin ?? fixture.Url.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("google", "ana@example.com", "ana")]
    [InlineData("apple", "ana@example.com", "ana")]
    [InlineData("github", "ana", "ana")]
    [InlineData("corp", "ana", "ana")]
    public async Task Provider_VouchesForSomebody_WhoIsSignedInAndSentBack(string provider, string who, string account)
    {
        using var browser = new Browser();
        var page = await fixture.SignIn(browser, provider, who);
        page.Error.ShouldBeNull();
        page.Address.PathAndQuery.ShouldBe("/projects");
        var (status, me) = await fixture.As(browser, HttpMethod.Get, "/v1/me");
        status.ShouldBe(HttpStatusCode.OK);
        me!["actor"]!.ToString().ShouldStartWith($"user:{account}");

        // The same login is the same account, and another provider's with the same address another one.
        using var again = new Browser();
        await fixture.SignIn(again, provider, who);
        (await fixture.As(again, HttpMethod.Get, "/v1/me")).Body!["actor"]!.ToString().ShouldBe(me["actor"]!.ToString());
        var logins = (await fixture.As(browser, HttpMethod.Get, "/v1/me/logins")).Body!["items"]!.AsArray();
        logins.Select(l => l!["provider"]!.ToString()).ShouldBe([provider]);
        logins[0]!["emailVerified"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task State_IsGoodOnce_AndOnlyInItsBrowser()
    {
        using var browser = new Browser();
        using var thief = new Browser();
        var picker = await browser.Open(new(fixture.Url, "/sign-in/start/github"));
        var (state, callback) = (Browser.FieldOf(picker, "state"), Browser.FieldOf(picker, "redirect_uri"));
        (await thief.Open(new($"{callback}?code=stolen&state={state}"))).Error.ShouldBe("signin.other-browser");
        (await thief.Open(new($"{callback}?code=x&state=made-up"))).Error.ShouldBe("signin.not-asked");
        // The thief's try has not used it up.
        (await browser.Submit(picker, "ben")).Error.ShouldBeNull();
        (await browser.Open(new($"{callback}?code=again&state={state}"))).Error.ShouldBe("signin.replayed");
        // One provider's answer is not another's.
        var google = Browser.FieldOf(await browser.Open(new(fixture.Url, "/sign-in/start/google")), "state");
        (await browser.Open(new($"{callback}?code=x&state={google}"))).Error.ShouldBe("signin.not-asked");
    }

    [Fact]
    public async Task Code_ThatSomebodyElseGot_IsOfNoUse()
    {
        using var victim = new Browser();
        using var thief = new Browser();
        var (theirs, mine) = (await victim.Open(new(fixture.Url, "/sign-in/start/corp")), await thief.Open(new(fixture.Url, "/sign-in/start/corp")));
        var code = await Answer(victim, theirs, "ana");
        var own = await Answer(thief, mine, "ben");
        // PKCE: the code was given for the victim's verifier.
        var page = await thief.Open(new(fixture.Url, $"/sign-in/callback/corp?code={Uri.EscapeDataString(code.Code)}&state={own.State}&iss={Uri.EscapeDataString(fixture.Providers["oidc"].ToString().TrimEnd('/'))}"));
        page.Error.ShouldBe("signin.replayed");
        thief.Cookie(fixture.Url, "prodsprint").ShouldBeNull();
    }

    /// <summary>As far as the provider's answer, which is looked at instead of followed.</summary>
    private async Task<(string Code, string State)> Answer(Browser browser, Page form, string who)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        using var http = new HttpClient(handler);
        var address = new Uri($"{form.Address.GetLeftPart(UriPartial.Path)}?as={who}");
        while (address.Authority != fixture.Url.Authority)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Cookie", browser.CookiesOf(address));
            using var response = await http.SendAsync(request);
            browser.Keep(address, response);
            address = new(address, response.Headers.Location!);
        }
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query);
        return (query["code"]!, query["state"]!);
    }

    [Fact]
    public async Task SignIn_GoesOnAtAnotherServer()
    {
        using var browser = new Browser();
        var form = await browser.Open(new(fixture.Url, "/sign-in/start/corp?returnTo=/runs"));
        var answer = await Answer(browser, form, "max");
        browser.CopyCookies(fixture.Url, fixture.OtherUrl);
        var page = await browser.Open(new(fixture.OtherUrl, $"/sign-in/callback/corp?code={Uri.EscapeDataString(answer.Code)}&state={answer.State}&iss={Uri.EscapeDataString(fixture.Providers["oidc"].ToString().TrimEnd('/'))}"));
        page.Error.ShouldBeNull();
        page.Address.PathAndQuery.ShouldBe("/runs");
        browser.Cookie(fixture.OtherUrl, "prodsprint").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("corp", "nobody", "signin.cancelled")]
    [InlineData("corp", "ben", "signin.email-unverified")]
    [InlineData("google", "new@example.com", "signin.email-unverified")]
    [InlineData("down", "ana", "signin.provider-down")]
    [InlineData("absent", "ana", "signin.no-way")]
    public async Task Failure_ComesBackAsAStateToActOn(string provider, string who, string code)
    {
        using var browser = new Browser();
        var page = await fixture.SignIn(browser, provider, who);
        page.Address.AbsolutePath.ShouldBe("/sign-in");
        page.Error.ShouldBe(code);
        page.Address.Query.ShouldContain("request=");
        browser.Cookie(fixture.Url, "prodsprint").ShouldBeNull();
        ProdSprint.Identity.SignInFault.Of(code).ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_Rotate_AndSignInGoesOn()
    {
        using var first = new Browser();
        (await fixture.SignIn(first, "corp", "ana")).Error.ShouldBeNull();
        using var http = new HttpClient();
        (await http.PostAsync(new Uri(fixture.Providers["oidc"], "/control/rotate"), null)).EnsureSuccessStatusCode();
        using var second = new Browser();
        (await fixture.SignIn(second, "corp", "ana")).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("/runs?x=1", "/runs?x=1"), InlineData("//evil.example", "/"), InlineData("/\\evil.example", "/"), InlineData("https://evil.example", "/"), InlineData(null, "/"), InlineData("/a\r\nb", "/")]
    public void ReturnTo_LeadsNowhereElse(string? asked, string expected) => ProdSprint.Identity.SignInApi.ReturnTo(asked).ShouldBe(expected);
}
