using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>A provider's public keys (RFC 7517), those that may sign and that we trust in size: RSA from 2,048 bits, the three NIST curves. Anything else in the set is as if it were not there.</summary>
public sealed class SigningKeys
{
    private const int SmallestRsaBits = 2048;
    private const int LargestRsaBits = 8192;

    public sealed record Key(string? Id, string? Algorithm, RSAParameters? Rsa, ECParameters? Ec);

    private SigningKeys(ImmutableArray<Key> all) => All = all;

    public ImmutableArray<Key> All { get; }

    /// <exception cref="JsonException">It is no key set.</exception>
    public static SigningKeys Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new JsonException("A key set is an object with an array 'keys'.");
        return new([.. keys.EnumerateArray().Select(Read).OfType<Key>()]);
    }

    private static Key? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || (Text(key, "use") is { } use && use != "sig")) return null;
        try
        {
            return Text(key, "kty") switch
            {
                "RSA" when Bytes(key, "n") is { } n && Bytes(key, "e") is { } e && BitsOf(n) is >= SmallestRsaBits and <= LargestRsaBits =>
                    new(Text(key, "kid"), Text(key, "alg"), new RSAParameters { Modulus = n, Exponent = e }, null),
                "EC" when Curve(Text(key, "crv")) is { } curve && Bytes(key, "x") is { } x && Bytes(key, "y") is { } y =>
                    new(Text(key, "kid"), Text(key, "alg"), null, new ECParameters { Curve = curve, Q = new() { X = x, Y = y } }),
                // "oct" above all: a shared secret in a public document is a trap.
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static int BitsOf(byte[] modulus)
    {
        var first = modulus.AsSpan().IndexOfAnyExcept((byte)0);
        return first < 0 ? 0 : ((modulus.Length - first - 1) * 8) + (int)Math.Floor(Math.Log2(modulus[first])) + 1;
    }

    private static ECCurve? Curve(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement key, string name) => Text(key, name) is { Length: > 0 } text ? Base64Url.DecodeFromChars(text) : null;
}
