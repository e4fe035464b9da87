using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Secrets;

/// <summary>
/// A master key that never leaves AWS KMS: a symmetric key that <c>Encrypt</c>s and <c>Decrypt</c>s data keys, each bound to what it belongs to by its encryption context, which also stands
/// in CloudTrail. Source: AWS Key Management Service API Reference.
/// </summary>
internal sealed class AwsKms : IMasterKey
{
    /// <summary>Under this name the context is in the encryption context, for policies and CloudTrail.</summary>
    public const string ContextName = "prodsprint";

    private readonly string _key, _region;
    private readonly Uri _endpoint;
    private readonly HttpClient _http;
    private readonly AwsCredentialSource _credentials;
    private readonly TimeProvider _time;

    /// <param name="arn">Of a key or an alias.</param>
    /// <param name="endpoint">Null: the region's public one.</param>
    public AwsKms(string arn, Uri? endpoint, HttpClient http, Func<string, string?> environment, TimeProvider time)
    {
        (_key, _region, _http, _time) = (arn, RegionOf(arn) ?? throw new ArgumentException("Not the ARN of a key.", nameof(arn)), http, time);
        _endpoint = endpoint ?? new($"https://kms.{_region}.amazonaws.com{(_region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}/");
        _credentials = new(http, environment, time);
    }

    public string Id => $"kms:{_key}";

    /// <summary>Of <c>arn:aws:kms:REGION:ACCOUNT:key/ID</c> or <c>…:alias/NAME</c>. Null: it is none.</summary>
    public static string? RegionOf(string arn) =>
        arn.Split(':') is ["arn", { Length: > 0 }, "kms", { Length: > 0 } region, { Length: 12 }, var key] && (key.StartsWith("key/", StringComparison.Ordinal) || key.StartsWith("alias/", StringComparison.Ordinal)) ? region : null;

    public async ValueTask<byte[]> WrapAsync(byte[] dataKey, string context, CancellationToken cancellation) =>
        Bytes(await AskAsync("Encrypt", new() { ["KeyId"] = _key, ["Plaintext"] = Convert.ToBase64String(dataKey), ["EncryptionContext"] = new JsonObject { [ContextName] = context } }, cancellation), "CiphertextBlob");

    public async ValueTask<byte[]> UnwrapAsync(byte[] wrapped, string context, CancellationToken cancellation) =>
        Bytes(await AskAsync("Decrypt", new() { ["KeyId"] = _key, ["CiphertextBlob"] = Convert.ToBase64String(wrapped), ["EncryptionContext"] = new JsonObject { [ContextName] = context } }, cancellation), "Plaintext");

    private async Task<JsonNode> AskAsync(string operation, JsonObject what, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(what);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1") } } };
        request.Headers.Add("X-Amz-Target", $"TrentService.{operation}");
        AwsSignature.Sign(request, body, "kms", _region, await _credentials.GetAsync(cancellation), _time.GetUtcNow());
        var (ok, status, text) = await KeyService.AskAsync(_http, request, "AWS KMS", cancellation);
        var answer = KeyService.Json(text) ?? throw KeyService.Strange("AWS KMS", status);
        return ok ? answer : throw Refusal(Name(answer["__type"]?.ToString()), answer["message"]?.ToString() ?? answer["Message"]?.ToString());
    }

    /// <summary>Some answers have it as <c>com.amazonaws.kms#NotFoundException</c>.</summary>
    private static string Name(string? type) => type is null ? "" : type[(type.LastIndexOf('#') + 1)..];

    private Exception Refusal(string error, string? message) => error switch
    {
        "InvalidCiphertextException" or "IncorrectKeyException" => new CryptographicException($"AWS KMS does not open it ({error})."),
        "ThrottlingException" or "KMSInternalException" or "DependencyTimeoutException" or "KeyUnavailableException" or "LimitExceededException" =>
            new SecretException($"AWS KMS cannot answer now ({error}).", "it is asked again by itself", retry: true),
        "AccessDeniedException" => new SecretException($"AWS KMS does not let the server use {_key}.", "allow its role kms:Encrypt and kms:Decrypt on this key"),
        "NotFoundException" or "DisabledException" or "KMSInvalidStateException" => new SecretException($"The master key {_key} cannot be used ({error}).", "see in the AWS console that it is there, enabled, and not to be deleted"),
        "UnrecognizedClientException" or "InvalidSignatureException" or "ExpiredTokenException" or "InvalidClientTokenId" =>
            new SecretException($"AWS does not know the server's credentials ({error}).", "give it a role, or new credentials; and see that its clock is right"),
        _ => new SecretException($"AWS KMS refuses: {(error.Length > 0 ? error : "without a name")}. {message}", "see what AWS says of it"),
    };

    private static byte[] Bytes(JsonNode answer, string field)
    {
        var bytes = new byte[8192];
        return answer[field]?.ToString() is { } text && Convert.TryFromBase64String(text, bytes, out var length) && length > 0 ? bytes[..length] : throw KeyService.Strange("AWS KMS", 200);
    }
}
