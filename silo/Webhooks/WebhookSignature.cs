using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Webhooks;

/// <summary>
/// Signatures as standardwebhooks.com has them: HMAC-SHA256 over <c>{id}.{seconds}.{body}</c>, so that neither another body nor an old time can be passed off as ours.
/// While a secret is being changed both sign, and a receiver takes either.
/// </summary>
public static class WebhookSignature
{
    public const string Prefix = "whsec_";
    public const int SecretBytes = 24;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>As people are shown it, once.</summary>
    public static string Text(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    /// <returns>For the header <c>webhook-signature</c>.</returns>
    public static string Of(IEnumerable<byte[]> secrets, string id, DateTimeOffset at, string body)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"));
        return string.Join(' ', secrets.Select(s => "v1," + Convert.ToBase64String(HMACSHA256.HashData(s, signed))));
    }
}
