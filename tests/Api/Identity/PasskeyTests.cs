using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>Passkeys over HTTP with an authenticator in software; real Chromium's is in tests/Dashboard.</summary>
[Collection(AccountsCollection.Name)]
public sealed class PasskeyTests(AccountsFixture servers)
{
    private static string Origin(HttpClient server) => server.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private async Task<(SoftAuthenticator Key, string Id)> Registered(SessionStarted session)
    {
        var key = new SoftAuthenticator();
        var asked = (await Send(servers.One, HttpMethod.Post, "/v1/passkeys/options", null, session.AccessToken)).Body!;
        var (status, made, _) = await Send(servers.Other, HttpMethod.Post, "/v1/passkeys",
            new { challenge = asked["challenge"]!.ToString(), credential = key.Create(asked["options"]!.ToString(), Origin(servers.Other)), name = "Telephone" }, session.AccessToken);
        status.ShouldBe(HttpStatusCode.OK, made?.ToJsonString());
        return (key, made!["id"]!.ToString());
    }

    private async Task<JsonNode> Asked() => (await Send(servers.One, HttpMethod.Post, "/v1/sign-in/passkey/options")).Body!;

    private static Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> SignIn(HttpClient server, JsonNode asked, string credential) =>
        Send(server, HttpMethod.Post, "/v1/sign-in/passkey", new { challenge = asked["challenge"]!.ToString(), credential });

    [Fact]
    public async Task Passkey_SignsIn_WithoutAName_OnWhicheverServer_AsTwoFactors()
    {
        var (key, id) = await Registered(await servers.SignIn("paula"));
        var asked = await Asked();
        var (status, body, response) = await SignIn(servers.Other, asked, key.Get(asked["options"]!.ToString(), Origin(servers.Other)));
        status.ShouldBe(HttpStatusCode.OK, body?.ToJsonString());
        body!["account"]!.ToString().ShouldBe("paula");
        var access = response.Headers.GetValues("Set-Cookie").First(c => c.StartsWith("prodsprint=", StringComparison.Ordinal)).Split(';')[0];
        var session = (await Send(servers.One, HttpMethod.Get, "/v1/session", null, null, ("Cookie", access))).Body!;
        session["factorAt"].ShouldNotBeNull();
        (await servers.Told("paula"))[0].ShouldBe("SignIn sign-in/passkey accepted");

        var own = await servers.SignIn("paula");
        (await Send(servers.One, HttpMethod.Get, "/v1/passkeys", null, own.AccessToken)).Body!["items"]![0]!["usedAt"].ShouldNotBeNull();
        (await Send(servers.One, HttpMethod.Delete, $"/v1/passkeys/{id}", null, (await servers.SignIn("stranger")).AccessToken)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Send(servers.One, HttpMethod.Delete, $"/v1/passkeys/{id}", null, own.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        var again = await Asked();
        (await SignIn(servers.One, again, key.Get(again["options"]!.ToString(), Origin(servers.One)))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Answer_ThatIsReplayed_ForAnotherOrigin_Unverified_OrFromACopy_IsRefused()
    {
        var (key, _) = await Registered(await servers.SignIn("quentin"));
        var asked = await Asked();
        var answer = key.Get(asked["options"]!.ToString(), Origin(servers.One));
        (await SignIn(servers.One, asked, answer)).Status.ShouldBe(HttpStatusCode.OK);
        (await SignIn(servers.One, asked, answer)).Body!["code"]!.ToString().ShouldBe("passkey.refused", "a challenge is good once");

        foreach (var bad in (Func<JsonNode, string>[])[
            a => key.Get(a["options"]!.ToString(), "https://evil.example"),
            a => key.Get(a["options"]!.ToString(), Origin(servers.One), flags: 0x01),
            a => new SoftAuthenticator().Get(a["options"]!.ToString(), Origin(servers.One)),
            a => answer,
            _ => "{}", _ => "not json",
        ])
        {
            var fresh = await Asked();
            (await SignIn(servers.One, fresh, bad(fresh))).Body!["code"]!.ToString().ShouldBe("passkey.refused");
        }
        key.Count = 0;
        var copied = await Asked();
        (await SignIn(servers.One, copied, key.Get(copied["options"]!.ToString(), Origin(servers.One)))).Body!["code"]!.ToString().ShouldBe("passkey.refused", "the count has gone back: a copy");
    }

    [Fact]
    public async Task Passkey_ConfirmsASession_OfItsOwnAccountOnly()
    {
        var rita = await servers.SignIn("rita");
        var (key, _) = await Registered(rita);
        var sam = await servers.SignIn("sam");
        foreach (var (session, expected) in ((SessionStarted, HttpStatusCode)[])[(sam, HttpStatusCode.Unauthorized), (rita, HttpStatusCode.OK)])
        {
            var asked = await Asked();
            var body = new { challenge = asked["challenge"]!.ToString(), credential = key.Get(asked["options"]!.ToString(), Origin(servers.One)) };
            (await Send(servers.One, HttpMethod.Post, "/v1/session/confirm", body, session.AccessToken)).Status.ShouldBe(expected);
        }
        (await Send(servers.One, HttpMethod.Get, "/v1/session", null, rita.AccessToken)).Body!["factorAt"].ShouldNotBeNull();
    }
}
