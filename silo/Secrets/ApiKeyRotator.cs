using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>
/// Keys of a provider over HTTP, by the contract of <see cref="ApiKeyProvider"/>. The connection is made to the very address that was looked at; redirects are not followed; of an answer
/// nothing is ever repeated but its status.
/// </summary>
public sealed class ApiKeyRotator : ISecretRotator, IDisposable
{
    private const int LargestAnswer = 64 << 10, LongestKey = 16 << 10;

    private readonly SecretOptions _options;
    private readonly SecretStore _store;
    private readonly HttpClient _http;

    public ApiKeyRotator(SecretOptions options, SecretStore store)
    {
        (_options, _store) = (options, store);
        _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            Timeout = options.Patience,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    public SecretKind Kind => SecretKind.ApiKey;

    public async Task<SecretPlaced> PlaceAsync(SecretRequest request, CancellationToken cancellation)
    {
        var (name, reference) = (request.SecretName(), request.Version.Reference);
        if (await _store.OpenAsync(name, reference, cancellation) is { } there) return new(there.ProviderId!);
        var made = await CreateAsync(request, cancellation);
        if (made.Key is null) throw new SecretException($"The provider of {request.Name} did not make a key: it answered {(int)made.Status}.", "see whether its address and the credential are right: prodsprint secrets versions " + request.Name);
        await _store.PutAsync(name, reference, made.Key, made.Id, cancellation);
        return new(made.Id!);
    }

    public async Task<string?> LookAsync(SecretRequest request, CancellationToken cancellation)
    {
        if (await _store.OpenAsync(request.SecretName(), request.Version.Reference, cancellation) is not { } value) return $"The value of version {request.Version.Number} of {request.Name} is not there any more.";
        using var message = new HttpRequestMessage(HttpMethod.Get, Address(request.Provider!.Verify, value.ProviderId!)) { Headers = { Authorization = new("Bearer", value.Value) } };
        using var answer = await SendAsync(request, message, cancellation);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"The provider of {request.Name} does not let key {value.ProviderId} in: it answered {(int)answer.StatusCode}.",
            _ when answer.IsSuccessStatusCode => null,
            _ => throw Strange(request, answer.StatusCode),
        };
    }

    public Task<string?> UsedAsync(SecretRequest request, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public async Task EndAsync(SecretRequest request, CancellationToken cancellation)
    {
        var (name, reference) = (request.SecretName(), request.Version.Reference);
        var id = request.Version.ProviderId ?? (await _store.OpenAsync(name, reference, cancellation))?.ProviderId;
        // It may have been made and nobody heard of it: asked again with the same idempotency key, the provider says which it was, or makes one that is ended at once.
        if (id is null && (await CreateAsync(request, cancellation)).Id is { } unheard) id = unheard;
        if (id is not null)
        {
            using var message = new HttpRequestMessage(HttpMethod.Delete, Address(request.Provider!.Revoke, id));
            await AuthorizeAsync(request, message, cancellation);
            using var answer = await SendAsync(request, message, cancellation);
            if (!answer.IsSuccessStatusCode && answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone)) throw Strange(request, answer.StatusCode);
        }
        await _store.ForgetAsync(name, reference, cancellation);
    }

    public async Task RemoveAsync(SecretRequest request, CancellationToken cancellation)
    {
        foreach (var version in request.Versions) await EndAsync(request with { Version = version }, cancellation);
    }

    public string HandOut(SecretName name, SealedValue value) => value.Value;

    public void Dispose() => _http.Dispose();

    /// <summary>No id and no key: it was refused, so there is none.</summary>
    private async Task<(HttpStatusCode Status, string? Id, string? Key)> CreateAsync(SecretRequest request, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Address(request.Provider!.Create, "")) { Content = JsonContent.Create(new { name = $"{request.Project}/{request.Environment}/{request.Name}" }) };
        message.Headers.Add("Idempotency-Key", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Version.Reference)))[..32]);
        await AuthorizeAsync(request, message, cancellation);
        using var answer = await SendAsync(request, message, cancellation);
        if (answer.StatusCode is HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500) throw Strange(request, answer.StatusCode);
        if (!answer.IsSuccessStatusCode) return (answer.StatusCode, null, null);
        try
        {
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            if (body.RootElement.GetProperty("id").GetString() is { Length: > 0 and <= 200 } id && body.RootElement.GetProperty("key").GetString() is { Length: > 0 and <= LongestKey } key) return (answer.StatusCode, id, key);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
        }
        throw new SecretException($"The provider of {request.Name} answered {(int)answer.StatusCode} without an id and a key.", "have it answer {\"id\": …, \"key\": …}");
    }

    private async Task AuthorizeAsync(SecretRequest request, HttpRequestMessage message, CancellationToken cancellation)
    {
        if (request.Provider!.Credential is not { } credential) return;
        var value = await _store.OpenCurrentAsync(request.SecretName() with { Name = credential }, cancellation)
            ?? throw new SecretException($"{credential}, which makes the keys of {request.Name}, has no value in {request.Environment}.", $"set it: prodsprint secrets set {credential} --environment {request.Environment} --stdin");
        message.Headers.Authorization = new("Bearer", value.Value);
    }

    private async Task<HttpResponseMessage> SendAsync(SecretRequest request, HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(message, cancellation);
        }
        catch (TaskCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new SecretException($"The provider of {request.Name} did not answer within {_options.Patience.TotalSeconds:0} s.", "see that it is there", retry: true, e);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException as SecretException ?? new SecretException($"The provider of {request.Name} cannot be asked: {e.HttpRequestError}.", "see that it is there", retry: true, e);
        }
    }

    private Uri Address(string template, string id)
    {
        var url = new Uri(template.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal));
        return _options.AllowPrivate || url.Scheme == Uri.UriSchemeHttps ? url : throw new SecretException($"{url.Scheme}://{url.Host} is not https.", "use https, or have the server allow private networks (Secrets__AllowPrivate)");
    }

    private static SecretException Strange(SecretRequest request, HttpStatusCode status) => new($"The provider of {request.Name} answered {(int)status}.", "see what is the matter with it", retry: (int)status is 429 or >= 500);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        if (!_options.AllowPrivate && !addresses.All(PublicAddresses.IsPublic))
            throw new SecretException($"'{context.DnsEndPoint.Host}' is an address of a private network, which is not asked.", "use a public one, or have the server allow private ones (Secrets__AllowPrivate)");
        return await PublicAddresses.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
    }
}
