using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>
/// Sends along what the user is signed in with: <c>PRODSPRINT_TOKEN</c>, else the session that was kept for this server, refreshed when it has to be. Of two commands
/// that refresh at the same moment both get the same successor, so neither signs the other out.
/// </summary>
public sealed class SignedInHandler(Uri server, CredentialStore store, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Rather a little too early than a request in vain.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(20);

    private readonly string? _token = Environment.GetEnvironmentVariable("PRODSPRINT_TOKEN") is { Length: > 0 } token ? token : null;
    private StoredSession? _session = store.Find(server);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not null || (_token ?? _session?.AccessToken) is null) return await base.SendAsync(request, cancellationToken);
        if (_token is null && _session!.AccessExpires - Early < TimeProvider.System.GetUtcNow()) await RefreshAsync(cancellationToken);
        request.Headers.Authorization = Bearer();
        // Read into memory, because it may have to be sent twice.
        if (request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || _token is not null || !await RefreshAsync(cancellationToken)) return response;
        response.Dispose();
        request.Headers.Authorization = Bearer();
        return await base.SendAsync(request, cancellationToken);
    }

    private AuthenticationHeaderValue? Bearer() => (_token ?? _session?.AccessToken) is { } token ? new("Bearer", token) : null;

    /// <returns>False: the session is over, and forgotten here as well.</returns>
    private async Task<bool> RefreshAsync(CancellationToken cancellation)
    {
        if (_session is null) return false;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/v1/session/refresh")) { Content = JsonContent.Create(new { refreshToken = _session.RefreshToken }) };
        using var response = await base.SendAsync(request, cancellation);
        if (response.IsSuccessStatusCode)
        {
            _session = StoredSession.Of(JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!);
            store.Keep(server, _session);
            return true;
        }
        // A server that cannot answer just now says nothing about the session.
        if (response.StatusCode != HttpStatusCode.Unauthorized) return false;
        store.Forget(server);
        _session = null;
        return false;
    }
}
