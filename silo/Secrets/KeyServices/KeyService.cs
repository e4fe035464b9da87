using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Secrets;

/// <summary>What asking either key service has in common: one that is away is away for now, and its answers are not believed to be JSON.</summary>
internal static class KeyService
{
    private const int LargestAnswer = 64 << 10;

    public static HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LargestAnswer };

    /// <exception cref="SecretException">It cannot be reached, or has a fault of its own.</exception>
    public static async Task<(bool Ok, int Status, string Text)> AskAsync(HttpClient http, HttpRequestMessage request, string service, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return ((int)answer.StatusCode is 429 or >= 500) && Json(text) is null ? throw Strange(service, (int)answer.StatusCode) : (answer.IsSuccessStatusCode, (int)answer.StatusCode, text);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new SecretException($"{service} cannot be reached ({(e as HttpRequestException)?.HttpRequestError.ToString() ?? "no answer in time"}).", "see that the server may reach it; what runs goes on", retry: true, e);
        }
    }

    public static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static SecretException Strange(string service, int status) => new($"{service} answers {status}, and not what its documentation says.", "see whether something stands between it and the server", retry: status is 429 or >= 500);
}
