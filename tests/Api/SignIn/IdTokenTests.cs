using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Whom an ID token makes us believe, and whom not. Each lie is a token that an honest one differs from in one thing.</summary>
public sealed class IdTokenTests : IDisposable
{
    private readonly Lies _lies = new();

    private IdTokenVerdict Judge(string token, SigningKeys? keys = null, IdTokenExpected? expected = null, DateTimeOffset? now = null) => IdToken.Verify(token, keys ?? _lies.Keys, expected ?? Lies.Expected, now ?? Lies.Now);

    [Theory, InlineData("RS256", "rsa-1"), InlineData("PS384", "rsa-1"), InlineData("ES256", "ec-1")]
    public void Honest_IsBelieved(string algorithm, string key)
    {
        var verdict = Judge(_lies.Sign(Lies.Claims(), algorithm, key));
        verdict.Flaw.ShouldBeNull(verdict.Detail);
        verdict.Claims.GetProperty("sub").GetString().ShouldBe("s-1");
    }

    public static TheoryData<string, TokenFlaw, string> Claims => new()
    {
        { "iss", TokenFlaw.Issuer, "\"https://evil.example\"" }, { "iss", TokenFlaw.Issuer, "\"https://idp.example.com/\"" }, { "iss", TokenFlaw.Issuer, "null" },
        { "aud", TokenFlaw.Audience, "\"another\"" }, { "aud", TokenFlaw.Audience, "[]" }, { "aud", TokenFlaw.Audience, "[\"client\",\"another\"]" }, { "aud", TokenFlaw.Audience, "[\"client\",1]" },
        { "azp", TokenFlaw.Audience, "\"another\"" }, { "nonce", TokenFlaw.Nonce, "\"of-another-sign-in\"" }, { "nonce", TokenFlaw.Nonce, "null" },
        { "exp", TokenFlaw.Malformed, "null" }, { "exp", TokenFlaw.Malformed, "\"2030-01-01\"" }, { "exp", TokenFlaw.Malformed, "1e300" }, { "iat", TokenFlaw.Malformed, "null" },
        { "at_hash", TokenFlaw.AccessTokenHash, "\"AAAAAAAAAAAAAAAAAAAAAA\"" }, { "sub", TokenFlaw.Subject, "\"\"" }, { "sub", TokenFlaw.Subject, "5" },
    };

    [Theory, MemberData(nameof(Claims))]
    public void Claim_ThatIsWrong_IsFound(string claim, TokenFlaw flaw, string value) => Judge(_lies.Sign(Lies.Claims(c => c[claim] = JsonNode.Parse(value)))).Flaw.ShouldBe(flaw);

    [Theory]
    [InlineData(0, 60, null), InlineData(5 * 60, 60, null), InlineData((5 * 60) + 1, 60, TokenFlaw.Clock), InlineData(-65 * 60, 60 + (60 * 60), null), InlineData(-65 * 60, 0, TokenFlaw.Expired)]
    [InlineData(-3600, 3600 - 299, null), InlineData(-3600, 3600 - 300, TokenFlaw.Expired)]
    public void Clocks_MayDifferByFiveMinutes(int issued, int lifetime, TokenFlaw? flaw)
    {
        var at = Lies.Now.AddSeconds(issued);
        Judge(_lies.Sign(Lies.Claims(c => (c["iat"], c["exp"]) = (at.ToUnixTimeSeconds(), at.AddSeconds(lifetime).ToUnixTimeSeconds())))).Flaw.ShouldBe(flaw);
    }

    [Fact]
    public void NotBefore_InTheFuture_IsFound() => Judge(_lies.Sign(Lies.Claims(c => c["nbf"] = Lies.Now.AddMinutes(6).ToUnixTimeSeconds()))).Flaw.ShouldBe(TokenFlaw.Clock);

    [Theory, InlineData("none"), InlineData("None"), InlineData("nOnE"), InlineData("HS256"), InlineData("HS512"), InlineData("RS1"), InlineData("ES256K"), InlineData("")]
    public void Algorithm_ThatProvesNothing_IsRefused(string algorithm) => Judge(_lies.Sign(Lies.Claims(), algorithm)).Flaw.ShouldBe(TokenFlaw.Algorithm);

    /// <summary>The oldest trick: the public key, which everybody has, as the secret of an HMAC.</summary>
    [Fact]
    public void PublicKey_AsASecret_IsRefused()
    {
        foreach (var secret in (byte[][])[_lies.Rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(_lies.Rsa.ExportSubjectPublicKeyInfoPem())])
            Judge(_lies.Sign(Lies.Claims(), "HS256", signer: d => HMACSHA256.HashData(secret, d))).Flaw.ShouldBe(TokenFlaw.Algorithm);
        var oct = SigningKeys.Parse("""{"keys":[{"kty":"oct","kid":"rsa-1","k":"c2VjcmV0"}]}""");
        oct.All.ShouldBeEmpty();
    }

    [Fact]
    public void Key_OfSomebodyElse_IsFound()
    {
        using var stranger = RSA.Create(2048);
        Judge(_lies.Sign(Lies.Claims(), signer: d => stranger.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))).Flaw.ShouldBe(TokenFlaw.Signature);
        Judge(_lies.Sign(Lies.Claims(), kid: "unknown")).Flaw.ShouldBe(TokenFlaw.UnknownKey);
    }

    [Fact]
    public void Key_OfAnotherKind_IsNotTaken()
    {
        Judge(_lies.Sign(Lies.Claims(), "RS256", "ec-1")).Flaw.ShouldBe(TokenFlaw.UnknownKey);
        Judge(_lies.Sign(Lies.Claims(), "ES256", "rsa-1")).Flaw.ShouldBe(TokenFlaw.UnknownKey);
        Judge(_lies.Sign(Lies.Claims(), "ES384", "ec-1")).Flaw.ShouldBe(TokenFlaw.UnknownKey);
    }

    [Fact]
    public void Key_WithoutAnId_IsTakenWhenItIsTheOnlyOne()
    {
        Judge(_lies.Sign(Lies.Claims(), kid: null)).Flaw.ShouldBeNull();
        var two = SigningKeys.Parse(new JsonObject { ["keys"] = new JsonArray(_lies.RsaKey("a"), _lies.RsaKey("b")) }.ToJsonString());
        Judge(_lies.Sign(Lies.Claims(), kid: null), two).Flaw.ShouldBe(TokenFlaw.UnknownKey);
    }

    [Fact]
    public void Key_ThatIsWeakOrForEncryption_IsNoKey()
    {
        using var small = RSA.Create(1024);
        var n = Base64Url.EncodeToString(small.ExportParameters(false).Modulus);
        SigningKeys.Parse($$"""{"keys":[{"kty":"RSA","kid":"s","n":"{{n}}","e":"AQAB"},{"kty":"RSA","use":"enc","kid":"e","n":"{{n}}","e":"AQAB"},{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},1,{}]}""").All.ShouldBeEmpty();
    }

    [Fact]
    public void AccessTokenHash_ThatFits_IsBelieved()
    {
        var hash = Base64Url.EncodeToString(SHA256.HashData("access"u8).AsSpan(0, 16));
        Judge(_lies.Sign(Lies.Claims(c => c["at_hash"] = hash))).Flaw.ShouldBeNull();
        Judge(_lies.Sign(Lies.Claims(c => c["at_hash"] = hash)), expected: Lies.Expected with { AccessToken = null }).Flaw.ShouldBe(TokenFlaw.AccessTokenHash);
    }

    [Fact]
    public void Token_ThatIsNone_IsMalformed()
    {
        var good = _lies.Sign(Lies.Claims());
        foreach (var bad in (string[])["", ".", "..", "a.b.c", good[..^20] + "…", good + ".x", good.Replace('.', '!'), new string('x', 40_000), _lies.Sign(Lies.Claims(), header: h => h["crit"] = new JsonArray("b64"))])
            Judge(bad).Flaw.ShouldBe(TokenFlaw.Malformed, bad[..Math.Min(40, bad.Length)]);
        // A claim said twice could be read either way.
        var parts = good.Split('.');
        var twice = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("{\"iss\":\"x\"," + Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]))[1..]));
        Judge($"{parts[0]}.{twice}.{parts[2]}").Flaw.ShouldBe(TokenFlaw.Malformed);
    }

    [Fact]
    public void Signature_CoversEveryByte()
    {
        var token = _lies.Sign(Lies.Claims());
        var parts = token.Split('.');
        var other = _lies.Sign(Lies.Claims(c => c["sub"] = "s-2")).Split('.');
        Judge($"{parts[0]}.{other[1]}.{parts[2]}").Flaw.ShouldBe(TokenFlaw.Signature);
        Judge($"{parts[0]}.{parts[1]}.").Flaw.ShouldBe(TokenFlaw.Signature);
    }

    public void Dispose() => _lies.Dispose();
}
