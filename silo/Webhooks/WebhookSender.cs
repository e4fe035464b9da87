using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ProdSprint.Kernel;

namespace ProdSprint.Webhooks;

/// <param name="Status">Null: there was no answer.</param>
/// <param name="Problem">Null: it was taken.</param>
public sealed record WebhookAnswer(int? Status, string? Problem);

/// <summary>
/// Sends one delivery. The name is resolved here and the connection made to the very address that was looked at, so that a name which means another address a moment
/// later is of no use; redirects are not followed, and of the answer nothing but the status is read.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookSender(WebhookOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            Timeout = options.Patience,
        };
    }

    public async Task<WebhookAnswer> SendAsync(Uri url, IEnumerable<byte[]> secrets, string id, string body, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.UserAgent.Add(new("ProdSprint", "1"));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(secrets, id, now, body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new((int)response.StatusCode, response.IsSuccessStatusCode ? null : $"It answered {(int)response.StatusCode}.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, $"No answer within {_options.Patience.TotalSeconds:0} s.");
        }
        catch (HttpRequestException e)
        {
            return new(null, e.InnerException is PrivateAddressException hidden ? hidden.Message : $"No connection: {e.HttpRequestError}.");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        // All of them: a name with one open and one private address is there for nothing good.
        if (!_options.AllowPrivate && !addresses.All(PublicAddresses.IsPublic)) throw new PrivateAddressException(context.DnsEndPoint.Host);
        return await PublicAddresses.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private sealed class PrivateAddressException(string host) : IOException($"'{host}' is an address of a private network, to which nothing is sent (Webhooks__AllowPrivate).");
}
