using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>An issuer that says whatever a test wants, true or not, signed with whatever it wants.</summary>
public sealed class Lies : IDisposable
{
    public const string Issuer = "https://idp.example.com";
    public const string Client = "client";
    public const string Nonce = "nonce";
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static IdTokenExpected Expected => new(Issuer, Client, Nonce, "access");

    public string KeySet => new JsonObject { ["keys"] = new JsonArray(RsaKey("rsa-1"), EcKey("ec-1")) }.ToJsonString();

    public SigningKeys Keys => SigningKeys.Parse(KeySet);

    public JsonObject RsaKey(string id)
    {
        var p = Rsa.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = id, ["n"] = Base64Url.EncodeToString(p.Modulus), ["e"] = Base64Url.EncodeToString(p.Exponent) };
    }

    public JsonObject EcKey(string id)
    {
        var p = Ec.ExportParameters(false);
        return new() { ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["kid"] = id, ["x"] = Base64Url.EncodeToString(p.Q.X), ["y"] = Base64Url.EncodeToString(p.Q.Y) };
    }

    /// <summary>What an honest issuer would say, to be changed.</summary>
    public static JsonObject Claims(Action<JsonObject>? change = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = Client, ["sub"] = "s-1", ["nonce"] = Nonce, ["iat"] = Now.ToUnixTimeSeconds(), ["exp"] = Now.AddHours(1).ToUnixTimeSeconds(),
            ["email"] = "ana@example.com", ["email_verified"] = true,
        };
        change?.Invoke(claims);
        return claims;
    }

    public string Sign(JsonObject claims, string algorithm = "RS256", string? kid = "rsa-1", Func<byte[], byte[]>? signer = null, Action<JsonObject>? header = null)
    {
        var head = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (kid is not null) head["kid"] = kid;
        header?.Invoke(head);
        var signed = $"{Part(head)}.{Part(claims)}";
        signer ??= algorithm switch
        {
            "RS256" => d => Rsa.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS384" => d => Rsa.SignData(d, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            "ES256" => d => Ec.SignData(d, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => _ => [],
        };
        return $"{signed}.{Base64Url.EncodeToString(signer(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    public void Dispose()
    {
        Rsa.Dispose();
        Ec.Dispose();
    }
}
