using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>Apple takes no secret but a statement signed with the key it gave out (ES256), made for one exchange and ending soon.</summary>
public static class AppleClientSecret
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public static string Make(AppleKey key, string clientId, Uri audience, DateTimeOffset now)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key.PrivateKey);
        var header = Part(new { alg = "ES256", kid = key.KeyId, typ = "JWT" });
        var claims = Part(new { iss = key.TeamId, iat = now.ToUnixTimeSeconds(), exp = (now + Life).ToUnixTimeSeconds(), aud = audience.ToString().TrimEnd('/'), sub = clientId });
        var signature = ecdsa.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    public static bool IsKey(string pem)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return ecdsa.KeySize == 256;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
