using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace ProdSprint.Secrets;

/// <param name="Expires">Null: they do not, as far as is known.</param>
internal sealed record AwsCredentials(
    [property: JsonPropertyName("AccessKeyId")] string KeyId, [property: JsonPropertyName("SecretAccessKey")] string SecretKey,
    [property: JsonPropertyName("Token")] string? SessionToken = null, [property: JsonPropertyName("Expiration")] DateTimeOffset? Expires = null);

/// <summary>
/// As AWS' own programs look for them: in the environment, at the container's agent (ECS, EKS Pod Identity), at the machine's (EC2, version 2 alone). Those that end are asked for anew
/// before they do. Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
/// </summary>
internal sealed class AwsCredentialSource(HttpClient http, Func<string, string?> environment, TimeProvider time)
{
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    private static readonly Uri Machine = new("http://169.254.169.254/latest/");

    private AwsCredentials? _known;

    /// <exception cref="SecretException">There are none.</exception>
    public async ValueTask<AwsCredentials> GetAsync(CancellationToken cancellation)
    {
        if (_known is { } known && (known.Expires is null || known.Expires - time.GetUtcNow() > Before)) return known;
        try
        {
            return _known = OfEnvironment() ?? await OfContainerAsync(cancellation) ?? await OfMachineAsync(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException && !cancellation.IsCancellationRequested)
        {
            throw new SecretException("There are no AWS credentials for the master key.", "give the server a role (ECS, EKS Pod Identity, EC2), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", retry: true, e);
        }
    }

    private AwsCredentials? OfEnvironment() =>
        environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret ? new(id, secret, environment("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null) : null;

    private async Task<AwsCredentials?> OfContainerAsync(CancellationToken cancellation)
    {
        var address = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") ?? (environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } path ? $"http://169.254.170.2{path}" : null);
        if (address is null) return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        // The file is written anew from time to time, so it is read each time.
        var token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } file ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        return await ReadAsync(request, cancellation);
    }

    private async Task<AwsCredentials> OfMachineAsync(CancellationToken cancellation)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Put, new Uri(Machine, "api/token")) { Headers = { { "X-aws-ec2-metadata-token-ttl-seconds", "300" } } };
        using var answer = await http.SendAsync(ask, cancellation);
        var token = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation);
        HttpRequestMessage Of(string path) => new(HttpMethod.Get, new Uri(Machine, path)) { Headers = { { "X-aws-ec2-metadata-token", token } } };
        using var which = Of("meta-data/iam/security-credentials/");
        using var role = await http.SendAsync(which, cancellation);
        using var request = Of($"meta-data/iam/security-credentials/{(await role.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation)).Trim()}");
        return await ReadAsync(request, cancellation);
    }

    private async Task<AwsCredentials> ReadAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await http.SendAsync(request, cancellation);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<AwsCredentials>(cancellation) ?? throw new HttpRequestException("Nothing was answered.");
    }
}
