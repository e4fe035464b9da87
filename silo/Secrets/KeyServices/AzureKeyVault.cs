using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Identity;

namespace ProdSprint.Secrets;

/// <summary>
/// A master key that never leaves Azure Key Vault: an RSA key that wraps with RSA-OAEP-256. RSA binds a text to nothing, so it wraps a key of its own for each data key, which seals that for
/// its context. Which version wrapped is kept with it: a key that is rotated in the vault goes on opening. Source: Azure Key Vault REST API reference, "Wrap Key" and "Unwrap Key".
/// </summary>
internal sealed class AzureKeyVault(Uri key, HttpClient http, TokenCredential credential) : IMasterKey
{
    private const string Api = "api-version=7.4", Algorithm = "RSA-OAEP-256", Scope = "https://vault.azure.net/.default";

    public string Id { get; } = $"keyvault:{key.Authority}{key.AbsolutePath.TrimEnd('/')}";

    /// <summary><c>https://VAULT.vault.azure.net/keys/NAME</c>, with or without a version. On this machine also without TLS.</summary>
    public static bool IsKey(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri is { Scheme: "http", IsLoopback: true }) && uri.AbsolutePath.Trim('/').Split('/') is ["keys", { Length: > 0 }] or ["keys", { Length: > 0 }, { Length: > 0 }];

    /// <summary>As Azure's own programs look for them: environment, workload identity, managed identity. No sign-in of a developer is used.</summary>
    public static TokenCredential DefaultCredential() => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ExcludeVisualStudioCredential = true, ExcludeVisualStudioCodeCredential = true, ExcludeAzureCliCredential = true, ExcludeAzurePowerShellCredential = true, ExcludeAzureDeveloperCliCredential = true, ExcludeInteractiveBrowserCredential = true,
    });

    public async ValueTask<byte[]> WrapAsync(byte[] dataKey, string context, CancellationToken cancellation)
    {
        var between = RandomNumberGenerator.GetBytes(LocalMasterKey.Bytes);
        var answer = await AskAsync($"{key.AbsoluteUri.TrimEnd('/')}/wrapkey", between, cancellation);
        var version = answer["kid"]?.ToString() is { } kid && IsKey(kid) && Uri.Compare(new(kid), key, UriComponents.HostAndPort, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0 ? kid : throw KeyService.Strange("Azure Key Vault", 200);
        return System.Text.Encoding.UTF8.GetBytes($"{version} {answer["value"]} {Base64Url.EncodeToString(Envelope.Seal(between, context, dataKey))}");
    }

    public async ValueTask<byte[]> UnwrapAsync(byte[] wrapped, string context, CancellationToken cancellation)
    {
        if (System.Text.Encoding.UTF8.GetString(wrapped).Split(' ') is not [var version, var value, var sealedKey] || !Base64Url.IsValid(value) || !Base64Url.IsValid(sealedKey)
            || !IsKey(version) || new Uri(version).Authority != key.Authority) throw new CryptographicException("Not wrapped by this key vault.");
        var answer = await AskAsync($"{version}/unwrapkey", Base64Url.DecodeFromChars(value), cancellation);
        return Envelope.Open(Value(answer), context, Base64Url.DecodeFromChars(sealedKey));
    }

    private async Task<JsonNode> AskAsync(string address, byte[] value, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}?{Api}") { Content = JsonContent.Create(new { alg = Algorithm, value = Base64Url.EncodeToString(value) }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellation));
        var (ok, status, text) = await KeyService.AskAsync(http, request, "Azure Key Vault", cancellation);
        var answer = KeyService.Json(text) ?? throw KeyService.Strange("Azure Key Vault", status);
        return ok ? answer : throw Refusal(status, answer["error"]?["code"]?.ToString(), answer["error"]?["message"]?.ToString());
    }

    private async Task<string> TokenAsync(CancellationToken cancellation)
    {
        try
        {
            return (await credential.GetTokenAsync(new([Scope]), cancellation)).Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw new SecretException("There are no Azure credentials for the master key.", "give the server a managed or a workload identity, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET", retry: true, e);
        }
    }

    private Exception Refusal(int status, string? code, string? message) => status switch
    {
        400 when code is "BadParameter" => new CryptographicException("Azure Key Vault does not open it."),
        401 or 403 => new SecretException($"Azure Key Vault does not let the server use {key} ({code}).", "give its identity the role Key Vault Crypto User on this key"),
        404 => new SecretException($"The master key {key} is not there.", "see in the vault that it is there, enabled, and not deleted"),
        429 or >= 500 => new SecretException($"Azure Key Vault cannot answer now ({code}).", "it is asked again by itself", retry: true),
        _ => new SecretException($"Azure Key Vault refuses: {code}. {message}", "see what Azure says of it"),
    };

    private static byte[] Value(JsonNode answer) =>
        answer["value"]?.ToString() is { } text && Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is { Length: LocalMasterKey.Bytes } bytes ? bytes : throw KeyService.Strange("Azure Key Vault", 200);
}
