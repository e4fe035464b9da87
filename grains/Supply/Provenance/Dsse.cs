using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Supply;

/// <param name="KeyId">A hint only, as DSSE has it: which key to try. What counts is which trusted key the signature fits.</param>
public sealed record DsseSignature(string? KeyId, ImmutableArray<byte> Signature);

/// <summary>A signed message, by DSSE 1.0.0 (github.com/secure-systems-lab/dsse): payload, what it is, and signatures over both.</summary>
public sealed record DsseEnvelope(string PayloadType, ImmutableArray<byte> Payload, ImmutableArray<DsseSignature> Signatures)
{
    /// <summary>An attestation has a few kilobytes and one signature; what is far beyond that is nobody's honest envelope.</summary>
    public const int LongestJson = 4 << 20;

    private const int MostSignatures = 16;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Everything that is signed, each part with its length before it, so that no two different messages have the same bytes.</summary>
    public static byte[] PreAuthenticationEncoding(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = Encoding.UTF8.GetBytes(payloadType);
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {type.Length} "));
        var middle = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {payload.Length} "));
        return [.. head, .. type, .. middle, .. payload];
    }

    /// <summary>In the field order of the specification's envelope; the same envelope gives the same bytes.</summary>
    public string Write()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) WriteTo(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBase64String("payload", Payload.AsSpan());
        json.WriteString("payloadType", PayloadType);
        json.WriteStartArray("signatures");
        foreach (var s in Signatures)
        {
            json.WriteStartObject();
            if (s.KeyId is not null) json.WriteString("keyid", s.KeyId);
            json.WriteBase64String("sig", s.Signature.AsSpan());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="AttestationException">It is no envelope.</exception>
    public static DsseEnvelope Read(string text)
    {
        if (text.Length > LongestJson) throw new AttestationException($"the envelope has {text.Length >> 20} MiB; at most {LongestJson >> 20} are read");
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            var root = document.RootElement;
            ImmutableArray<DsseSignature> signatures = [.. root.GetProperty("signatures").EnumerateArray().Take(MostSignatures + 1).Select(s =>
                new DsseSignature(s.TryGetProperty("keyid", out var id) ? id.GetString() : null, Bytes(s.GetProperty("sig"))))];
            if (signatures.Length > MostSignatures) throw new AttestationException($"the envelope has more than {MostSignatures} signatures");
            return new(root.GetProperty("payloadType").GetString() ?? throw new FormatException("payloadType is null"), Bytes(root.GetProperty("payload")), signatures);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new AttestationException($"the envelope cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A verifier has to take both alphabets of base64.</summary>
    private static ImmutableArray<byte> Bytes(JsonElement element)
    {
        var text = element.GetString() ?? throw new FormatException("base64 is null");
        return [.. text.AsSpan().ContainsAny('-', '_') ? Base64Url.DecodeFromChars(text) : Convert.FromBase64String(text)];
    }
}

/// <summary>An attestation that cannot be read or made. The message is half a sentence that says why.</summary>
public sealed class AttestationException(string message, Exception? inner = null) : Exception(message, inner);
