using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Secrets;

/// <summary>AWS Signature Version 4 of a request whose body is in memory. Source: IAM User Guide, "Create a signed AWS API request".</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds <c>X-Amz-Date</c>, the session's token and <c>Authorization</c>; everything that is on the request by then is signed.</summary>
    /// <param name="request">An absolute address without a query, headers, and <paramref name="body"/> as its content.</param>
    public static void Sign(HttpRequestMessage request, byte[] body, string service, string region, AwsCredentials credentials, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Add("X-Amz-Date", time);
        if (credentials.SessionToken is { } token) request.Headers.Add("X-Amz-Security-Token", token);
        var headers = request.Headers.Concat(request.Content!.Headers).Select(h => (Name: h.Key.ToLowerInvariant(), Value: string.Join(',', h.Value).Trim()))
            .Where(h => h.Name != "content-length").Append((Name: "host", Value: request.RequestUri!.Authority)).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', headers.Select(h => h.Name));
        var canonical = $"{request.Method.Method}\n{request.RequestUri.AbsolutePath}\n\n{string.Concat(headers.Select(h => $"{h.Name}:{h.Value}\n"))}\n{names}\n{Hex(SHA256.HashData(body))}";
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        var key = new[] { time[..8], region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey), Mac);
        var signature = Hex(Mac(key, $"{Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}"));
        request.Headers.TryAddWithoutValidation("Authorization", $"{Algorithm} Credential={credentials.KeyId}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
