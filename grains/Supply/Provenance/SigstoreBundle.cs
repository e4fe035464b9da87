using System.Text;
using System.Text.Json;

namespace ProdSprint.Supply;

/// <summary>
/// Sigstore's bundle 0.3 around an envelope, for verifiers outside: <c>cosign verify-blob-attestation --key … --bundle …</c>. Its key is only named; there is no
/// entry of a transparency log, because nothing of an installation is published.
/// </summary>
public static class SigstoreBundle
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    public static string Write(DsseEnvelope envelope, AttestationKey key)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("mediaType", MediaType);
            json.WriteStartObject("verificationMaterial");
            json.WriteStartObject("publicKey");
            // As cosign names keys: base64 of the SHA-256 of the public key.
            json.WriteString("hint", Convert.ToBase64String(Convert.FromHexString(key.Id)));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WritePropertyName("dsseEnvelope");
            envelope.WriteTo(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The envelope in a bundle, or the text itself when it is an envelope.</summary>
    /// <exception cref="AttestationException">It is neither.</exception>
    public static DsseEnvelope ReadEnvelope(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("dsseEnvelope", out var envelope)
                ? DsseEnvelope.Read(envelope.GetRawText())
                : DsseEnvelope.Read(text);
        }
        catch (JsonException e)
        {
            throw new AttestationException($"it is no JSON: {e.Message}", e);
        }
    }
}
