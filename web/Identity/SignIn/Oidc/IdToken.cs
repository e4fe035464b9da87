using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>What an ID token has to say to be about this sign-in.</summary>
/// <param name="AccessToken">What came with it; held against <c>at_hash</c> when the token has one.</param>
public sealed record IdTokenExpected(string Issuer, string ClientId, string Nonce, string? AccessToken);

/// <summary>What is wrong with a token.</summary>
public enum TokenFlaw
{
    /// <summary>Not three parts of JSON and a signature.</summary>
    Malformed,

    /// <summary><c>none</c>, HMAC, or one that nobody uses.</summary>
    Algorithm,

    /// <summary>No key of the issuer has this id: it may have rotated them.</summary>
    UnknownKey,
    Signature,
    Issuer,
    Audience,
    Expired,

    /// <summary>Made in the future, by more than clocks may differ.</summary>
    Clock,
    Nonce,
    AccessTokenHash,
    Subject,
}

/// <summary>Either what the token says, or why it says nothing.</summary>
public sealed record IdTokenVerdict(JsonElement Claims, TokenFlaw? Flaw, string Detail);

/// <summary>OpenID Connect Core 3.1.3.7, all of it, with nothing to configure: the keys are the issuer's, the algorithm is one of ours, the token is for us and for this sign-in.</summary>
public static class IdToken
{
    /// <summary>How far two clocks may be apart. A token serves one sign-in that was asked for (nonce), so this opens nothing to replays.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private const int Longest = 32_768;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public static IdTokenVerdict Verify(string token, SigningKeys keys, IdTokenExpected expected, DateTimeOffset now)
    {
        JsonElement header, claims;
        byte[] signature;
        var parts = token.Length <= Longest ? token.Split('.') : [];
        try
        {
            if (parts is not [var h, var c, var s]) return Flawed(TokenFlaw.Malformed, "It has not three parts.");
            (header, claims, signature) = (Json(h), Json(c), Base64Url.DecodeFromChars(s));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return Flawed(TokenFlaw.Malformed, e.Message);
        }
        if (header.ValueKind != JsonValueKind.Object || claims.ValueKind != JsonValueKind.Object) return Flawed(TokenFlaw.Malformed, "A part is no object.");
        if (header.TryGetProperty("crit", out _)) return Flawed(TokenFlaw.Malformed, "It demands extensions.");
        if (TokenAlgorithm.Of(Text(header, "alg")) is not { } algorithm) return Flawed(TokenFlaw.Algorithm, $"'{Text(header, "alg")}' is no algorithm that is taken.");

        var fitting = keys.All.Where(algorithm.Fits).ToList();
        var key = Text(header, "kid") is { } id ? fitting.Find(k => k.Id == id) : fitting is [var only] ? only : null;
        if (key is null) return Flawed(TokenFlaw.UnknownKey, $"None of the {keys.All.Length} keys is '{Text(header, "kid") ?? "(without id)"}' for {algorithm.Name}.");
        if (!algorithm.Verifies(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature)) return Flawed(TokenFlaw.Signature, $"Key '{key.Id}' did not sign it.");
        return Judge(claims, algorithm, expected, now) is var (flaw, detail) ? Flawed(flaw, detail) : new(claims, null, "");
    }

    private static (TokenFlaw, string)? Judge(JsonElement claims, TokenAlgorithm algorithm, IdTokenExpected expected, DateTimeOffset now)
    {
        if (Text(claims, "iss") != expected.Issuer) return (TokenFlaw.Issuer, $"It is of '{Text(claims, "iss")}', not of '{expected.Issuer}'.");
        var audiences = Audiences(claims);
        if (!audiences.Contains(expected.ClientId)) return (TokenFlaw.Audience, $"It is for '{string.Join("', '", audiences)}'.");
        var party = Text(claims, "azp");
        if (party is null ? audiences.Length > 1 : party != expected.ClientId) return (TokenFlaw.Audience, $"It was given to '{party}', for {audiences.Length} audiences.");

        if (Time(claims, "exp") is not { } expires || Time(claims, "iat") is not { } issued) return (TokenFlaw.Malformed, "It has no 'exp' or no 'iat'.");
        if (now - Skew >= expires) return (TokenFlaw.Expired, $"It ended {(now - expires).TotalSeconds:0} s ago.");
        if (issued - Skew > now) return (TokenFlaw.Clock, $"It was made {(issued - now).TotalSeconds:0} s in the future.");
        if (claims.TryGetProperty("nbf", out _) && (Time(claims, "nbf") is not { } from || from - Skew > now)) return (TokenFlaw.Clock, "It does not hold yet.");

        if (!Same(Text(claims, "nonce") ?? "", expected.Nonce)) return (TokenFlaw.Nonce, "It is of another sign-in.");
        if (Text(claims, "at_hash") is { } hash && (expected.AccessToken is null || !Same(hash, Base64Url.EncodeToString(algorithm.HalfHash(expected.AccessToken)))))
            return (TokenFlaw.AccessTokenHash, "The access token beside it is another's.");
        return Text(claims, "sub") is { Length: > 0 and <= 255 } ? null : (TokenFlaw.Subject, "It names no subject.");
    }

    private static ImmutableArray<string> Audiences(JsonElement claims) => claims.TryGetProperty("aud", out var aud) ? aud.ValueKind switch
    {
        JsonValueKind.String => [aud.GetString()!],
        JsonValueKind.Array when aud.EnumerateArray().All(a => a.ValueKind == JsonValueKind.String) => [.. aud.EnumerateArray().Select(a => a.GetString()!)],
        _ => [],
    }
    : [];

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static JsonElement Json(string part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
        return document.RootElement.Clone();
    }

    private static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));

    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IdTokenVerdict Flawed(TokenFlaw flaw, string detail) => new(default, flaw, detail);
}
