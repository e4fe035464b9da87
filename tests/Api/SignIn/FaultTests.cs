using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Providers that are down, slow or lying: each ends as a state a person can act on, with nobody signed in.</summary>
[Collection(SignInCollection.Name)]
public sealed class FaultTests(SignInFixture fixture)
{
    private static readonly Dictionary<string, Func<Lies, JsonObject, string>> Tokens = new()
    {
        ["honest"] = (l, c) => l.Sign(c),
        ["five minutes ahead"] = (l, c) => l.Sign(With(c, "iat", DateTimeOffset.UtcNow.AddMinutes(4.8).ToUnixTimeSeconds())),
        ["five minutes behind"] = (l, c) => l.Sign(With(With(c, "iat", DateTimeOffset.UtcNow.AddMinutes(-6).ToUnixTimeSeconds()), "exp", DateTimeOffset.UtcNow.AddMinutes(-4.8).ToUnixTimeSeconds())),
        ["an hour ahead"] = (l, c) => l.Sign(With(c, "iat", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds())),
        ["expired"] = (l, c) => l.Sign(With(c, "exp", DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds())),
        ["alg none"] = (l, c) => l.Sign(c, "none"),
        ["key confusion"] = (l, c) => l.Sign(c, "HS256", signer: d => HMACSHA256.HashData(l.Rsa.ExportSubjectPublicKeyInfo(), d)),
        ["wrong key"] = (l, c) =>
        {
            using var other = RSA.Create(2048);
            return l.Sign(c, signer: d => other.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        },
        ["unknown key"] = (l, c) => l.Sign(c, kid: Guid.NewGuid().ToString("N")),
        ["wrong audience"] = (l, c) => l.Sign(With(c, "aud", "another")),
        ["wrong issuer"] = (l, c) => l.Sign(With(c, "iss", "https://accounts.google.com")),
        ["replayed token"] = (l, c) => l.Sign(With(c, "nonce", "of-another-sign-in")),
        ["no subject"] = (l, c) => l.Sign(With(c, "sub", null)),
        ["unverified"] = (l, c) => l.Sign(With(c, "email_verified", false)),
    };

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        claims[name] = value;
        return claims;
    }

    private async Task<(Organisation Corp, string Id)> Connection(LyingProvider provider)
    {
        var corp = await Organisation.MakeAsync(fixture, $"lies-{Guid.NewGuid():N}"[..20]);
        var made = await corp.Ok(HttpMethod.Post, "/v1/connections", new { kind = "oidc", name = "Lies", issuer = provider.Issuer, clientId = "client", clientSecret = "secret" });
        return (corp, made["id"]!.ToString());
    }

    private async Task<string?> Outcome(string id)
    {
        using var browser = new Browser();
        var page = await browser.Open(new(fixture.Url, $"/sign-in/start/{id}"));
        (browser.Cookie(fixture.Url, "prodsprint") is null).ShouldBe(page.Error is not null);
        return page.Error;
    }

    [Theory]
    [InlineData("honest", null), InlineData("five minutes ahead", null), InlineData("five minutes behind", null), InlineData("an hour ahead", "signin.clock"), InlineData("expired", "signin.clock")]
    [InlineData("alg none", "signin.untrusted-answer"), InlineData("key confusion", "signin.untrusted-answer"), InlineData("wrong key", "signin.untrusted-answer"), InlineData("unknown key", "signin.untrusted-answer")]
    [InlineData("wrong audience", "signin.untrusted-answer"), InlineData("wrong issuer", "signin.untrusted-answer"), InlineData("replayed token", "signin.untrusted-answer")]
    [InlineData("no subject", "signin.incomplete"), InlineData("unverified", "signin.email-unverified")]
    public async Task Token_ThatLies_SignsNobodyIn(string lie, string? code)
    {
        await using var provider = await LyingProvider.StartAsync();
        provider.Token = Tokens[lie];
        var (_, id) = await Connection(provider);
        (await Outcome(id)).ShouldBe(code);
    }

    [Fact]
    public async Task KeyIds_ThatAreMadeUp_DoNotMakeUsHammerTheIssuer()
    {
        await using var provider = await LyingProvider.StartAsync();
        provider.Token = Tokens["unknown key"];
        var (_, id) = await Connection(provider);
        for (var i = 0; i < 6; i++) (await Outcome(id)).ShouldBe("signin.untrusted-answer");
        provider.KeysAsked.ShouldBe(2, "once at first, once because of a key that might be new; then not again within a minute");
    }

    [Theory]
    [InlineData(500, "{}", "signin.provider-down"), InlineData(503, "busy", "signin.provider-down"), InlineData(200, "<html>", "signin.provider-down"), InlineData(200, "{}", "signin.provider-refused")]
    [InlineData(400, "{\"error\":\"invalid_client\"}", "signin.provider-refused"), InlineData(400, "{\"error\":\"invalid_grant\"}", "signin.replayed")]
    public async Task TokenEndpoint_ThatFails_IsTold(int status, string body, string code)
    {
        await using var provider = await LyingProvider.StartAsync();
        var (_, id) = await Connection(provider);
        (provider.TokenStatus, provider.TokenBody) = (status, body);
        (await Outcome(id)).ShouldBe(code);
    }

    [Theory]
    [InlineData("issuer", "https://accounts.google.com"), InlineData("token_endpoint", "http://token.example.com/"), InlineData("jwks_uri", "file:///etc/passwd"), InlineData("authorization_endpoint", "javascript:alert(1)")]
    public async Task Discovery_ThatLeadsElsewhere_IsNotFollowed(string field, string value)
    {
        await using var provider = await LyingProvider.StartAsync();
        provider.Discovery = d => With(d, field, value);
        var (_, id) = await Connection(provider);
        (await Outcome(id)).ShouldBe("signin.provider-refused");
    }

    [Fact]
    public async Task Provider_ThatGoesDownOnTheWay_IsTold()
    {
        var provider = await LyingProvider.StartAsync();
        var (corp, id) = await Connection(provider);
        (await Outcome(id)).ShouldBeNull();
        await provider.DisposeAsync();
        using var browser = new Browser();
        // What is known of it still leads there; nobody answers.
        await Should.ThrowAsync<HttpRequestException>(() => browser.Open(new(fixture.Url, $"/sign-in/start/{id}")));
        (await corp.Ok(HttpMethod.Post, $"/v1/connections/{id}/test"))["steps"]![0]!["ok"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Provider_ThatIsSlow_IsWaitedForAsLongAsTheSettingsSay()
    {
        await using var silent = new AnsweringServer();
        using var http = new ProviderHttp(new SignInOptions { ProviderSeconds = 0.2 }.Allowing(true));
        (await Should.ThrowAsync<SignInException>(() => http.GetAsync(new(silent.Url), null, default))).Fault.ShouldBe(SignInFault.ProviderSlow);
    }

    [Fact]
    public async Task Provider_WithinThisNetwork_IsNotSpokenTo_UnlessAllowed()
    {
        await using var inside = AnsweringServer.Of(200, "{}");
        using var http = new ProviderHttp(new SignInOptions().Allowing(false));
        foreach (var address in (string[])[inside.Url, inside.Url.Replace("127.0.0.1", "localhost")])
            (await Should.ThrowAsync<SignInException>(() => http.GetAsync(new(address), null, default))).Message.ShouldContain("AllowPrivateProviders");
        inside.Asked.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.1", false), InlineData("10.1.2.3", false), InlineData("172.16.0.1", false), InlineData("172.32.0.1", true), InlineData("192.168.1.1", false), InlineData("192.0.0.8", false), InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false), InlineData("0.0.0.0", false), InlineData("224.0.0.1", false), InlineData("::1", false), InlineData("::ffff:10.0.0.1", false), InlineData("fd00::1", false), InlineData("fe80::1", false)]
    [InlineData("192.0.3.1", true), InlineData("8.8.8.8", true), InlineData("2606:4700::1", true)]
    public void Address_IsPublic(string address, bool expected) => PublicAddresses.IsPublic(System.Net.IPAddress.Parse(address)).ShouldBe(expected);

    [Fact]
    public async Task SignIns_AreInTheAuditLog_ThoseRefusedAsWell()
    {
        await using var provider = await LyingProvider.StartAsync();
        var (_, id) = await Connection(provider);
        (await Outcome(id)).ShouldBeNull();
        provider.Token = Tokens["wrong key"];
        (await Outcome(id)).ShouldBe("signin.untrusted-answer");
        var rows = new List<string>();
        await foreach (var row in fixture.Get<ProdSprint.Audit.AuditLog>().ReadAsync(ProdSprint.Audit.AuditTrail.Accounts, new(Resource: $"sign-in/{id}"), newestFirst: false))
            rows.Add($"{row.Event.Action} {row.Event.Outcome} {row.Event.Credential.Split(':')[0]}");
        rows.ShouldBe(["SignIn accepted session", "SignIn refused: signin.untrusted-answer none"]);
    }
}
