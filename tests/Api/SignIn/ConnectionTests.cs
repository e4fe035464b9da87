using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>A workspace's own ways to sign in, at an OpenID Connect and a SAML provider that nobody here wrote.</summary>
[Collection(SignInCollection.Name)]
public sealed class ConnectionTests(SignInFixture fixture)
{
    private static readonly object Mapped = new { groupRoles = new[] { new { group = "release-managers", role = "planner" }, new { group = "staff", role = "viewer" } }, defaultRoles = Array.Empty<string>() };

    private async Task<(Page Page, string? Actor)> SignIn(Browser browser, string connection, string who)
    {
        var page = await fixture.SignIn(browser, connection, who);
        return (page, page.Error is null ? (await fixture.As(browser, HttpMethod.Get, "/v1/me")).Body!["actor"]!.ToString() : null);
    }

    [Theory, InlineData("assertion", "either"), InlineData("response", "response"), InlineData("both", "both")]
    public async Task Saml_WhateverIsSigned_SignsIn_AndGroupsGiveTheRoles(string way, string signed)
    {
        var corp = await Organisation.MakeAsync(fixture, $"saml-{way}");
        var id = (await corp.Saml(way, new { groupRoles = new[] { new { group = "release-managers", role = "planner" } }, signed }))["id"]!.ToString();
        using var browser = new Browser();
        var (page, actor) = await SignIn(browser, id, "ana");
        page.Error.ShouldBeNull();
        page.Address.PathAndQuery.ShouldBe("/projects");
        (await corp.RolesOf(actor!)).ShouldBe(["planner"]);
        using var other = new Browser();
        var (_, max) = await SignIn(other, id, "max");
        (await corp.RolesOf(max!)).ShouldBe(["viewer"]);
        (await fixture.As(other, HttpMethod.Get, "/v1/projects", workspace: corp.Workspace)).Status.ShouldBe(HttpStatusCode.OK);
        (await fixture.As(other, HttpMethod.Get, "/v1/projects", workspace: "saml-elsewhere")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Saml_WithSha1_OrLessSignedThanWanted_IsRefused()
    {
        var corp = await Organisation.MakeAsync(fixture, "saml-weak");
        using var browser = new Browser();
        (await SignIn(browser, (await corp.Saml("sha1"))["id"]!.ToString(), "ana")).Page.Error.ShouldBe("signin.untrusted-answer");
        (await SignIn(browser, (await corp.Saml("assertion", new { signed = "both" }))["id"]!.ToString(), "ana")).Page.Error.ShouldBe("signin.untrusted-answer");
        var rows = (await corp.Ok(HttpMethod.Get, "/v1/admin/audit-logs?action=CreateConnection"))["items"]!.AsArray();
        rows.Select(r => r!["outcome"]!.ToString()).ShouldBe(["accepted", "requested", "accepted", "requested"]);
    }

    [Fact]
    public async Task Saml_ResponseThatComesTwice_OrUnasked_IsRefused()
    {
        var corp = await Organisation.MakeAsync(fixture, "saml-replay");
        var made = await corp.Saml();
        var id = made["id"]!.ToString();
        using var browser = new Browser();
        var form = await browser.Submit(await browser.Open(new(fixture.Url, $"/sign-in/start/{id}")), "as", ("as", "ana"));
        (await browser.Submit(form)).Error.ShouldBeNull();
        (await browser.Submit(form)).Error.ShouldBe("signin.replayed");

        // The same response for another sign-in of the same browser, and of somebody else's: it answers neither.
        foreach (var visitor in (Browser[])[browser, new()])
        {
            var again = await visitor.Submit(await visitor.Open(new(fixture.Url, $"/sign-in/start/{id}")), "as", ("as", "ana"));
            (await visitor.Submit(again, "", ("SAMLResponse", Browser.FieldOf(form, "SAMLResponse")))).Error.ShouldBe("signin.untrusted-answer");
            (await visitor.Submit(again, "", ("RelayState", ""))).Error.ShouldBe("signin.not-asked");
        }
    }

    /// <summary>node-saml judges the same responses: what it takes we take, what it refuses we refuse.</summary>
    [Theory, InlineData("as it came", true), InlineData("another name", false), InlineData("for others", false)]
    public async Task Saml_AnotherVerifier_ComesToTheSameVerdict(string what, bool believed)
    {
        var corp = await Organisation.MakeAsync(fixture, $"saml-check-{what.Replace(' ', '-')}");
        var made = await corp.Saml();
        using var browser = new Browser();
        var form = await browser.Submit(await browser.Open(new(fixture.Url, $"/sign-in/start/{made["id"]}")), "as", ("as", "ana"));
        var xml = Encoding.UTF8.GetString(Convert.FromBase64String(Browser.FieldOf(form, "SAMLResponse")));
        xml = what switch { "another name" => xml.Replace(">ana</", ">root</", StringComparison.Ordinal), "for others" => xml.Replace("/metadata</saml:Audience>", "/other</saml:Audience>", StringComparison.Ordinal), _ => xml };
        var response = Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));

        using var http = new HttpClient();
        var checkedBy = await (await http.PostAsJsonAsync(new Uri(fixture.Providers["saml"], "control/check"), new { response, callbackUrl = made["callback"]!.ToString(), audience = made["metadata"]!.ToString() }))
            .Content.ReadFromJsonAsync<JsonNode>();
        (checkedBy!["nameID"]?.ToString() == "ana").ShouldBe(believed, checkedBy.ToJsonString());
        (await browser.Submit(form, "", ("SAMLResponse", response))).Error.ShouldBe(believed ? null : "signin.untrusted-answer");
    }

    [Fact]
    public async Task Metadata_OfEitherSide_IsReadByTheOther()
    {
        var corp = await Organisation.MakeAsync(fixture, "saml-metadata");
        var metadataUrl = new Uri(fixture.Providers["saml"], "metadata").ToString();
        (await corp.Ok(HttpMethod.Post, "/v1/connections", new { kind = "saml", name = "As it comes", metadataUrl }))["signed"]!.ToString().ShouldBe("both");
        // This provider signs the assertion only.
        var made = await corp.Ok(HttpMethod.Post, "/v1/connections", new { kind = "saml", name = "By metadata", metadataUrl, signed = "assertion" });
        made["entityId"]!.ToString().ShouldBe(new Uri(fixture.Providers["saml"], "metadata").ToString());
        made["signOnUrl"]!.ToString().ShouldEndWith("/sso/assertion");
        using var browser = new Browser();
        (await SignIn(browser, made["id"]!.ToString(), "ana")).Page.Error.ShouldBeNull();

        using var answer = await fixture.Http.GetAsync(new Uri(made["metadata"]!.ToString()));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/samlmetadata+xml");
        var ours = new XmlDocument();
        ours.LoadXml(await answer.Content.ReadAsStringAsync());
        ours.DocumentElement!.GetAttribute("entityID").ShouldBe(made["metadata"]!.ToString());
        ((XmlElement)ours.GetElementsByTagName("AssertionConsumerService", "urn:oasis:names:tc:SAML:2.0:metadata")[0]!).GetAttribute("Location").ShouldBe(made["callback"]!.ToString());
    }

    [Fact]
    public async Task Oidc_GroupsDecideAtEverySignIn_AndNobodyElseDoes()
    {
        var corp = await Organisation.MakeAsync(fixture, "oidc-groups");
        var made = await corp.Oidc(Mapped);
        var id = made["id"]!.ToString();
        using var browser = new Browser();
        var (page, actor) = await SignIn(browser, id, "ana");
        page.Error.ShouldBeNull();
        (await corp.RolesOf(actor!)).ShouldBe(["viewer", "planner"]);
        // Without a group that has a role, and without a default: no member, and told so.
        using var max = new Browser();
        (await SignIn(max, id, "max")).Page.Error.ShouldBe("signin.no-member");
        await corp.Ok(HttpMethod.Put, $"/v1/members/{actor!["user:".Length..]}", new { roles = new[] { "admin" } });
        using var again = new Browser();
        await SignIn(again, id, "ana");
        (await corp.RolesOf(actor)).ShouldBe(["viewer", "planner"]);
    }

    [Fact]
    public async Task Connection_SwitchedOffOrRemoved_SignsNobodyIn()
    {
        var corp = await Organisation.MakeAsync(fixture, "conn-off");
        var made = await corp.Saml();
        var id = made["id"]!.ToString();
        using var browser = new Browser();
        var half = await browser.Submit(await browser.Open(new(fixture.Url, $"/sign-in/start/{id}")), "as", ("as", "ana"));
        (await corp.Send(HttpMethod.Put, $"/v1/connections/{id}/settings", new { name = "x" })).Status.ShouldBe((HttpStatusCode)428);
        await corp.Ok(HttpMethod.Delete, $"/v1/connections/{id}");
        (await browser.Submit(half)).Error.ShouldBe("signin.no-way");
        (await corp.Send(HttpMethod.Get, $"/v1/connections/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Domain_LeadsToItsConnection_AndIsOnlyOnes()
    {
        var (corp, rival) = (await Organisation.MakeAsync(fixture, "dom-corp"), await Organisation.MakeAsync(fixture, "dom-rival"));
        var (id, theirs) = ((await corp.Saml())["id"]!.ToString(), (await rival.Saml())["id"]!.ToString());
        (await corp.Send(HttpMethod.Put, $"/v1/connections/{id}/domains/corp.example", new { reason = " " })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await corp.Send(HttpMethod.Put, $"/v1/connections/{id}/domains/gmail.com", new { reason = "mine" })).Body!["code"]!.ToString().ShouldBe("domain.public");
        var stated = (await corp.Ok(HttpMethod.Put, $"/v1/connections/{id}/domains/Corp.Example", new { reason = "Ours since 2011" }))["domains"]![0]!;
        await rival.Ok(HttpMethod.Put, $"/v1/connections/{theirs}/domains/corp.example", new { reason = "Ours" });
        stated["record"]!.ToString().ShouldBe("_prodsprint-challenge.corp.example");

        async Task<JsonNode?> Way(string email) => (await fixture.Http.GetFromJsonAsync<JsonNode>($"/v1/sign-in/route?email={Uri.EscapeDataString(email)}"))!["way"];
        Task<(HttpStatusCode Status, JsonNode? Body)> Verify() => corp.Send(HttpMethod.Post, $"/v1/connections/{id}/domains/corp.example/verify");
        (await Way("somebody@corp.example")).ShouldBeNull("a word is no proof");
        (await Verify()).Body!["detail"]!.ToString().ShouldContain("There is no TXT record");
        fixture.Dns.Say("_prodsprint-challenge.corp.example", "v=spf1 -all");
        var (status, refused) = await Verify();
        (status, refused!["code"]!.ToString()).ShouldBe((HttpStatusCode.Conflict, "domain.not-proven"));
        refused["next"]!.ToString().ShouldContain(stated["value"]!.ToString());
        // Among so many that no datagram holds them: the server comes again by stream.
        fixture.Dns.Say("_prodsprint-challenge.corp.example", [.. Enumerable.Range(0, 12).Select(i => $"other-{i}-{new string('x', 60)}"), stated["value"]!.ToString()]);
        (await Verify()).Body!["domains"]![0]!["proof"]!.ToString().ShouldBe("dns");
        fixture.Dns.ByStream.ShouldBe(1);
        // What the other has stated is of another value, and the domain leads to one connection.
        (await rival.Send(HttpMethod.Post, $"/v1/connections/{theirs}/domains/corp.example/verify")).Body!["code"]!.ToString().ShouldBe("domain.not-proven");
        var others = (await rival.Ok(HttpMethod.Get, $"/v1/connections/{theirs}"))["domains"]![0]!["value"]!.ToString();
        fixture.Dns.Say("_prodsprint-challenge.corp.example", others);
        (await rival.Send(HttpMethod.Post, $"/v1/connections/{theirs}/domains/corp.example/verify")).Body!["code"]!.ToString().ShouldBe("domain.taken");
        (await Way("somebody@CORP.example"))!["start"]!.ToString().ShouldBe($"/sign-in/start/{id}");
        (await Way("somebody@elsewhere.example")).ShouldBeNull();
        var said = (await corp.Ok(HttpMethod.Get, "/v1/admin/audit-logs?action=StateDomain"))["items"]!.AsArray().First(r => r!["outcome"]!.ToString() == "accepted")!;
        said["reason"]!.ToString().ShouldBe("Ours since 2011");
        said["resource"]!.ToString().ShouldBe($"connections/{id}/domains/Corp.Example");
    }

    [Fact]
    public async Task Domain_WhoseRecordIsGone_IsTold_AndLeadsNowhereOnlyAfterAGrace()
    {
        var corp = await Organisation.MakeAsync(fixture, "dom-gone");
        var id = (await corp.Saml())["id"]!.ToString();
        var stated = (await corp.Ok(HttpMethod.Put, $"/v1/connections/{id}/domains/gone.example", new { reason = "Ours" }))["domains"]![0]!;
        fixture.Dns.Say("_prodsprint-challenge.gone.example", stated["value"]!.ToString());
        await corp.Ok(HttpMethod.Post, $"/v1/connections/{id}/domains/gone.example/verify");

        async Task<JsonNode> LookedAgain(int? missed = null)
        {
            await fixture.Owner($"UPDATE prodsprint.sign_in_domain SET looked_at = now() - interval '25 hours'{(missed is null ? "" : $", missed = {missed}")} WHERE domain = 'gone.example'");
            await fixture.Get<DomainWatch>().RunAsync(TestContext.Current.CancellationToken);
            return (await corp.Ok(HttpMethod.Get, $"/v1/connections/{id}"))["domains"]![0]!;
        }
        (await LookedAgain())["missed"]!.GetValue<int>().ShouldBe(0);
        fixture.Dns.Say("_prodsprint-challenge.gone.example");
        (await LookedAgain())["missed"]!.GetValue<int>().ShouldBe(1);
        await fixture.Get<DomainWatch>().RunAsync(TestContext.Current.CancellationToken);
        (await corp.Ok(HttpMethod.Get, $"/v1/connections/{id}"))["domains"]![0]!["missed"]!.GetValue<int>().ShouldBe(1, "it is looked at once a day");
        var warned = await LookedAgain(13);
        (warned["daysLeft"]!.GetValue<int>(), warned["proof"]!.ToString()).ShouldBe((14, "dns"));
        (await fixture.Http.GetFromJsonAsync<JsonNode>("/v1/sign-in/route?email=a%40gone.example"))!["way"].ShouldNotBeNull();
        var lapsed = await LookedAgain(27);
        lapsed["provenAt"].ShouldBeNull();
        (await fixture.Http.GetFromJsonAsync<JsonNode>("/v1/sign-in/route?email=a%40gone.example"))!["way"].ShouldBeNull();
        (await corp.Ok(HttpMethod.Get, "/v1/admin/audit-logs?action=WatchDomain"))["items"]!.AsArray().Select(r => r!["outcome"]!.ToString()).ShouldBe(["lapsed", "warned"]);
        // Proven anew, it leads here again.
        fixture.Dns.Say("_prodsprint-challenge.gone.example", stated["value"]!.ToString());
        (await corp.Ok(HttpMethod.Post, $"/v1/connections/{id}/domains/gone.example/verify"))["domains"]![0]!["missed"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Domain_WhoseDnsGivesNoAnswer_IsNotProven_AndSaysSo()
    {
        var corp = await Organisation.MakeAsync(fixture, "dom-dead");
        var id = (await corp.Saml())["id"]!.ToString();
        await corp.Ok(HttpMethod.Put, $"/v1/connections/{id}/domains/dead.example", new { reason = "Ours" });
        var (status, refused) = await corp.Send(HttpMethod.Post, $"/v1/connections/{id}/domains/dead.example/verify");
        (status, refused!["code"]!.ToString()).ShouldBe((HttpStatusCode.ServiceUnavailable, "domain.resolver-down"));
        refused["detail"]!.ToString().ShouldContain("answered with code 2");
        (await corp.Send(HttpMethod.Post, $"/v1/connections/{id}/domains/other.example/verify")).Body!["code"]!.ToString().ShouldBe("domain.not-found");
        var step = (await corp.Ok(HttpMethod.Post, $"/v1/connections/{id}/test"))["steps"]!.AsArray().Single(s => s!["name"]!.ToString() == "domains")!;
        step["detail"]!.ToString().ShouldContain("dead.example is not proven");
        step["next"]!.ToString().ShouldContain("_prodsprint-challenge.dead.example");
    }

    [Fact]
    public async Task Connections_OfOneWorkspace_AreNotAnothers()
    {
        var (corp, rival) = (await Organisation.MakeAsync(fixture, "iso-corp"), await Organisation.MakeAsync(fixture, "iso-rival"));
        var id = (await corp.Saml())["id"]!.ToString();
        (await rival.Ok(HttpMethod.Get, "/v1/connections"))["items"]!.AsArray().ShouldBeEmpty();
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
            {
                (HttpMethod.Get, "", null), (HttpMethod.Delete, "", null), (HttpMethod.Post, "/test", null), (HttpMethod.Post, "/scim-token", null), (HttpMethod.Delete, "/scim-token", null),
                (HttpMethod.Put, "/domains/iso.example", new { reason = "x" }), (HttpMethod.Delete, "/domains/iso.example", null),
            }) (await rival.Send(method, $"/v1/connections/{id}{path}", body)).Status.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}");
    }

    [Fact]
    public async Task Test_SaysStepByStepWhatWorks()
    {
        var corp = await Organisation.MakeAsync(fixture, "conn-test");
        async Task<string[]> Steps(JsonNode made) =>
            [.. (await corp.Ok(HttpMethod.Post, $"/v1/connections/{made["id"]}/test"))["steps"]!.AsArray().Select(s => $"{s!["name"]} {s["ok"]}")];
        (await Steps(await corp.Oidc())).ShouldBe(["discovery true", "keys true", "client true", "domains false"]);
        (await Steps(await corp.Saml())).ShouldBe(["certificate true", "sign-on true", "signatures true", "domains false"]);
        var issuer = fixture.Providers["oidc"].ToString().TrimEnd('/');
        (await Steps(await corp.Ok(HttpMethod.Post, "/v1/connections", new { kind = "oidc", name = "x", issuer, clientId = "stranger", clientSecret = "x" }))).ShouldBe(["discovery true", "keys true", "client false", "domains false"]);
        (await Steps(await corp.Ok(HttpMethod.Post, "/v1/connections", new { kind = "oidc", name = "x", issuer = "http://127.0.0.1:1", clientId = "x", clientSecret = "x" }))).ShouldBe(["discovery false", "domains false"]);
    }

    [Fact]
    public async Task Secret_IsNeverShown_AndLiesEncrypted()
    {
        var corp = await Organisation.MakeAsync(fixture, "conn-secret");
        var made = await corp.Ok(HttpMethod.Post, "/v1/connections", new { kind = "oidc", name = "x", issuer = "https://idp.example.com", clientId = "x", clientSecret = "very-secret-indeed" });
        made.ToJsonString().ShouldNotContain("very-secret-indeed");
        made["hasSecret"]!.GetValue<bool>().ShouldBeTrue();
        (await corp.Ok(HttpMethod.Get, "/v1/connections")).ToJsonString().ShouldNotContain("very-secret-indeed");
        var stored = await fixture.Get<Connections>().FindAsync(corp.Workspace, made["id"]!.ToString(), default);
        stored!.Secret!.ShouldNotContain("very-secret-indeed");
        fixture.Get<Connections>().Provider(stored).Secret.ShouldBe("very-secret-indeed");
    }
}
