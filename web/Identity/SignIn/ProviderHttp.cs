using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>
/// How providers are spoken to: with a time limit, little trust and no detours. Redirects are not followed, answers are of limited length, and addresses within this
/// network are refused unless the server's settings allow them, because a workspace's Admin chooses the address of its provider.
/// </summary>
public sealed class ProviderHttp : IDisposable
{
    private const int LongestAnswer = 1 << 20;
    private readonly HttpClient _http;
    private readonly TimeSpan _limit;
    private readonly bool _private;
    private readonly BeyondThisMachine _proxy;

    public ProviderHttp(SignInOptions options)
    {
        _limit = TimeSpan.FromSeconds(options.ProviderSeconds);
        _private = options.PrivateProviders;
        _proxy = new(HttpClient.DefaultProxy);
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, Proxy = _proxy, ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxResponseHeadersLength = 64,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new("ProdSprint", "1.0"));
        _http.DefaultRequestHeaders.Accept.Add(new("application/json"));
    }

    /// <exception cref="SignInException">Down, slow, or an answer other than 200.</exception>
    public async Task<string> GetAsync(Uri address, string? bearer, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        var (status, body) = await SendAsync(request, cancellation);
        return status == HttpStatusCode.OK ? body : throw new SignInException(SignInFault.ProviderDown, $"{address} answered {(int)status}");
    }

    /// <summary>Whether anything answers there, whatever it says.</summary>
    public async Task ReachAsync(Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        await SendAsync(request, cancellation);
    }

    /// <summary>A token request: the answer's object, also of a refusal (RFC 6749 5.2), told by its field <c>error</c>.</summary>
    public async Task<JsonElement> PostFormAsync(Uri address, IEnumerable<KeyValuePair<string, string>> form, (string User, string Password)? basic, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        if (basic is var (user, password))
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}")));
        var (status, body) = await SendAsync(request, cancellation);
        if ((int)status >= 500) throw new SignInException(SignInFault.ProviderDown, $"{address} answered {(int)status}");
        return ReadObject(body, address);
    }

    public static JsonElement ReadObject(string body, Uri address)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new SignInException(SignInFault.ProviderDown, $"{address} did not answer with an object of JSON");
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new SignInException(SignInFault.ProviderSlow, $"{request.RequestUri} did not answer within {_limit.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            throw new SignInException(SignInFault.ProviderDown, $"{request.RequestUri}: {e.Message}", e);
        }
    }

    /// <summary>
    /// The address that is judged is the one that is connected to: a name cannot change in between. A proxy is whoever runs the server's own choice, and may be within.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var allowed = _private || IsProxy(context) ? found : [.. found.Where(PublicAddresses.IsPublic)];
        if (allowed.Length == 0)
            throw new HttpRequestException($"{context.DnsEndPoint.Host} is within this network. Next: Identity__AllowPrivateProviders=true allows providers there");
        return await PublicAddresses.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
    }

    /// <summary>Asked of the proxy's settings, and not told from another host than the request's: an IPv6 address reads otherwise in each of them, and every one would be let through.</summary>
    private bool IsProxy(SocketsHttpConnectionContext context)
    {
        var address = context.InitialRequestMessage.RequestUri!;
        return !_proxy.IsBypassed(address) && _proxy.GetProxy(address) is { } proxy && Plain(proxy.IdnHost) == Plain(context.DnsEndPoint.Host) && proxy.Port == context.DnsEndPoint.Port;

        static string Plain(string host) => host.Trim('[', ']');
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The environment's proxy, save for this machine itself, which it cannot reach.</summary>
    private sealed class BeyondThisMachine(IWebProxy proxy) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => proxy.Credentials;
            set => proxy.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => proxy.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
    }
}
