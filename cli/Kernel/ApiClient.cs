using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ProdSprint.Identity;

namespace ProdSprint.Kernel;

/// <summary>A client of <c>/v1</c>. Every answer is a JSON node; every problem becomes a <see cref="CliException"/> with the right exit code.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="signedIn">Where what the user is signed in with is kept; null: nothing is sent along.</param>
    public ApiClient(Uri server, string? user, string? workspace = null, CredentialStore? signedIn = null)
    {
        Server = server;
        var sockets = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(3) };
        _http = new(signedIn is null ? sockets : new SignedInHandler(server, signedIn, sockets)) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };
        if (user is not null) _http.DefaultRequestHeaders.Add("X-ProdSprint-User", user);
        if (workspace is not null) _http.DefaultRequestHeaders.Add("X-ProdSprint-Workspace", workspace);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public Uri Server { get; }

    public Task<JsonNode> Get(string path, CancellationToken cancellation) => Send(HttpMethod.Get, path, null, cancellation);

    public Task<JsonNode> Post(string path, object body, CancellationToken cancellation) => Send(HttpMethod.Post, path, body, cancellation);

    /// <summary>A list from its first page to its last, as one page.</summary>
    /// <param name="path">Without <c>limit</c> and <c>after</c>.</param>
    public async Task<JsonNode> All(string path, CancellationToken cancellation)
    {
        path += path.Contains('?') ? "&limit=500" : "?limit=500";
        var all = await Get(path, cancellation);
        for (var next = all["next"]?.ToString(); next is not null;)
        {
            var page = await Get($"{path}&after={Uri.EscapeDataString(next)}", cancellation);
            foreach (var item in page["items"]!.AsArray()) all["items"]!.AsArray().Add(item!.DeepClone());
            next = page["next"]?.ToString();
        }
        all["next"] = null;
        return all;
    }

    public Task<JsonNode> Put(string path, object body, CancellationToken cancellation) => Send(HttpMethod.Put, path, body, cancellation);

    /// <summary>Refused when somebody else changed it since this tag was read.</summary>
    public Task<JsonNode> Put(string path, object body, string? ifMatch, CancellationToken cancellation) => Send(HttpMethod.Put, path, body, cancellation, ifMatch);

    /// <summary>With its ETag.</summary>
    public async Task<(JsonNode Body, string? Tag)> GetTagged(string path, CancellationToken cancellation)
    {
        string? tag = null;
        var body = await Send(HttpMethod.Get, path, null, cancellation, seen: response => tag = response.Headers.ETag?.ToString());
        return (body, tag);
    }

    public Task<JsonNode> Delete(string path, CancellationToken cancellation) => Send(HttpMethod.Delete, path, null, cancellation);

    /// <summary>Null on 404.</summary>
    public async Task<JsonNode?> Find(string path, CancellationToken cancellation)
    {
        try
        {
            return await Get(path, cancellation);
        }
        catch (CliException e) when (e.ExitCode == ExitCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Writes an answer to a file as it comes; the file is there whole or not at all.</summary>
    public async Task Save(string path, FileInfo file, CancellationToken cancellation)
    {
        var part = file.FullName + ".part";
        try
        {
            using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode) throw Problem(response, await response.Content.ReadAsStringAsync(cancellation));
            await using (var target = File.Create(part)) await response.Content.CopyToAsync(target, cancellation);
            File.Move(part, file.FullName, overwrite: true);
            file.Refresh();
        }
        catch (HttpRequestException e)
        {
            File.Delete(part);
            throw new CliException(ExitCode.Failed, "cli.no-server", "No server", $"Nothing answers at {Server}, or no longer ({e.HttpRequestError}).", "Start it: prodsprint up");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, "cli.cannot-write", "Cannot be written", $"{file.FullName}: {e.Message}", "Name a file in a directory you may write to");
        }
    }

    private async Task<JsonNode> Send(HttpMethod method, string path, object? body, CancellationToken cancellation, string? ifMatch = null, Action<HttpResponseMessage>? seen = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType());
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        }
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new CliException(ExitCode.Failed, "cli.no-server", "No server", $"Nothing answers at {Server} ({e.HttpRequestError}).", "Start it: prodsprint up");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.StillRunning, "cli.timeout", "No answer in time", $"{Server}{path} did not answer within 60 s.", "Look at it: prodsprint status");
        }
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode) throw Problem(response, text);
            seen?.Invoke(response);
            return text.Length == 0 ? new JsonObject() : Json(text)
                ?? throw new CliException(ExitCode.Failed, "cli.not-prodsprint", "Not a ProdSprint server", $"What answers at {Server} does not speak its API.", "Check --url and PRODSPRINT_URL");
        }
    }

    private static CliException Problem(HttpResponseMessage response, string text)
    {
        // Not ours (a proxy's page): the status has to do.
        var p = Json(text) as JsonObject;
        var gate = p?["gate"] is JsonValue said && said.TryGetValue(out bool yes) && yes;
        var exit = response.StatusCode switch
        {
            _ when gate => ExitCode.Rejected,
            _ when p?["code"]?.ToString().StartsWith("quota.", StringComparison.Ordinal) == true => ExitCode.RateOrQuota,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType => ExitCode.Usage,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.SignIn,
            HttpStatusCode.NotFound => ExitCode.NotFound,
            HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.PreconditionRequired => ExitCode.Conflict,
            HttpStatusCode.TooManyRequests => ExitCode.RateOrQuota,
            HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => ExitCode.StillRunning,
            _ => ExitCode.Failed,
        };
        return new(exit, p?["type"]?.ToString() ?? $"http.{(int)response.StatusCode}", p?["title"]?.ToString() ?? response.ReasonPhrase ?? "Failed",
            p?["detail"]?.ToString() ?? $"The server answered {(int)response.StatusCode}.", p?["next"]?.ToString() ?? Next(exit, response.Headers.RetryAfter?.Delta), p?["requestId"]?.ToString(),
            (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    private static string? Next(int exit, TimeSpan? retryAfter) => exit switch
    {
        ExitCode.SignIn => "Sign in, or ask for the right",
        ExitCode.RateOrQuota => retryAfter is { TotalSeconds: var seconds } ? $"Try again in {seconds:0} s" : "Try again later",
        _ => null,
    };

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
