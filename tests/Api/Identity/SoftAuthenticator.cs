using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>A passkey in software, as a telephone makes one (WebAuthn level 3: ES256, attestation "none", the person verified). Its CBOR is written by hand, because it is always the same.</summary>
internal sealed class SoftAuthenticator
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _user = "";
    private uint _count;

    /// <summary>A thief's copy: counts from where it was copied.</summary>
    public uint Count { set => _count = value; }

    public string Create(string options, string origin, byte flags = 0x45)
    {
        var asked = JsonNode.Parse(options)!;
        _user = asked["user"]!["id"]!.ToString();
        var client = Client("webauthn.create", asked["challenge"]!.ToString(), origin);
        var point = _key.ExportParameters(false).Q;
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Data(asked["rp"]!["id"]!.ToString(), flags), .. new byte[16], 0, (byte)_id.Length, .. _id, .. cose];
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58, (byte)data.Length, .. data];
        return Credential(new JsonObject { ["clientDataJSON"] = Base64(client), ["attestationObject"] = Base64(attestation), ["transports"] = new JsonArray("internal") });
    }

    public string Get(string options, string origin, byte flags = 0x05)
    {
        var asked = JsonNode.Parse(options)!;
        var client = Client("webauthn.get", asked["challenge"]!.ToString(), origin);
        var data = Data(asked["rpId"]!.ToString(), flags);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new JsonObject { ["clientDataJSON"] = Base64(client), ["authenticatorData"] = Base64(data), ["signature"] = Base64(signature), ["userHandle"] = _user });
    }

    private byte[] Data(string domain, byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, ++_count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), flags, .. count];
    }

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Base64(_id), ["rawId"] = Base64(_id), ["type"] = "public-key", ["authenticatorAttachment"] = "platform", ["clientExtensionResults"] = new JsonObject(), ["response"] = response,
    }.ToJsonString();

    private static byte[] Client(string type, string challenge, string origin) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["type"] = type, ["challenge"] = challenge, ["origin"] = origin, ["crossOrigin"] = false }.ToJsonString());

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static string Base64(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
