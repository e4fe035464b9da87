using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using ProdSprint.Hosting;
using ProdSprint.Postgres;
using ProdSprint.Server;
using ProdSprint.Traffic;

namespace ProdSprint.Tests.Api;

/// <summary>What a proxy says about who asks counts when it is a trusted one's word, and nobody else's.</summary>
public sealed class ProxyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Tries = 4;

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    public async Task ForgedHeader_FromElsewhere_ChangesNothing(string? proxies)
    {
        await using var server = await StartAsync(proxies);
        (await OriginAsync(server.Http, "203.0.113.7", "forged" + proxies?.Length)).ShouldBe("127.0.0.1");
        (await PageAsync(server.Http, "https")).ShouldStartWith("http://");
        // Every try says to be another address; they are one, and have one bucket.
        var answers = new List<HttpStatusCode>();
        for (var n = 0; n < Tries + 2; n++) answers.Add(await TryAsync(server.Http, $"198.51.100.{n}"));
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task TrustedProxy_IsBelieved_ButNotWhatItsCallerWrote()
    {
        await using var server = await StartAsync("127.0.0.1", "10.0.0.0/8");
        (await OriginAsync(server.Http, "203.0.113.7", "one")).ShouldBe("203.0.113.7");
        (await OriginAsync(server.Http, "6.6.6.6, 203.0.113.8", "two")).ShouldBe("203.0.113.8", "what stands further left was written by the caller");
        (await OriginAsync(server.Http, "6.6.6.6, 203.0.113.9, 10.1.2.3", "three")).ShouldBe("203.0.113.9", "a second trusted proxy stands between");
        (await OriginAsync(server.Http, "nonsense", "four")).ShouldBe("127.0.0.1");
        (await PageAsync(server.Http, "https")).ShouldStartWith("https://");

        // Each person behind it has a bucket of their own, also one who writes the header themselves.
        var answers = new List<HttpStatusCode>();
        for (var n = 0; n < Tries + 2; n++) answers.Add(await TryAsync(server.Http, $"198.51.100.{n}, 192.0.2.1"));
        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        (await TryAsync(server.Http, "192.0.2.2")).ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("0.0.0.0/0")]
    public async Task TrustedProxies_ThatNameNobodyOrEverybody_AreRefusedAtStart(string proxy)
    {
        var refused = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(proxy));
        refused.Message.ShouldContain(proxy);
    }

    private static async Task<string> OriginAsync(HttpClient http, string forwarded, string workspace)
    {
        using (await SendAsync(http, HttpMethod.Post, "/v1/projects/absent/rollback", new { reason = "x" }, ("X-Forwarded-For", forwarded), ("X-ProdSprint-Workspace", $"proxy-{workspace}"))) { }
        using var read = await SendAsync(http, HttpMethod.Get, "/v1/admin/audit-logs?action=RollBack", null, ("X-ProdSprint-Workspace", $"proxy-{workspace}"));
        return (await read.Content.ReadFromJsonAsync<JsonNode>())!["items"]![0]!["origin"]!.ToString();
    }

    /// <summary>The page that the device code is to be entered at, as the server believes to be called.</summary>
    private static async Task<string> PageAsync(HttpClient http, string scheme)
    {
        using var answer = await SendAsync(http, HttpMethod.Post, "/v1/device", new { client = "tests" }, ("X-Forwarded-Proto", scheme), ("X-Forwarded-For", "192.0.2.200"));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["verificationUri"]!.ToString();
    }

    private static async Task<HttpStatusCode> TryAsync(HttpClient http, string forwarded)
    {
        using var answer = await SendAsync(http, HttpMethod.Post, "/v1/sign-in/enrol", new { code = "none" }, ("X-Forwarded-For", forwarded));
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request);
    }

    private async Task<Running> StartAsync(params string?[] proxies)
    {
        var home = Directory.CreateTempSubdirectory("ps-proxy-").FullName;
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:prodsprint"] = postgres.ConnectionString, ["Router:Program"] = ServerFixture.Program, ["Limits:SignIn:PerSecond"] = "0.001", ["Limits:SignIn:Burst"] = $"{Tries}",
        };
        for (var n = 0; n < proxies.Length; n++) if (proxies[n] is { } proxy) settings[$"Server:TrustedProxies:{n}"] = proxy;
        try
        {
            await postgres.ExecuteAsync("DELETE FROM prodsprint.rate_bucket");
            var app = await ServerHost.BuildAsync(new() { Home = home, Port = 0, Settings = settings }, CancellationToken.None);
            await app.StartAsync();
            return new(app, home);
        }
        catch
        {
            Directory.Delete(home, recursive: true);
            throw;
        }
    }

    private sealed class Running(WebApplication app, string home) : IAsyncDisposable
    {
        public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new(app.Urls.First()) };

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            await new RouterLauncher(SiloServices.RouterOptionsOf(home), new(ServerFixture.Program, []), TimeProvider.System).StopAsync(TimeSpan.FromSeconds(10));
            Directory.Delete(home, recursive: true);
        }
    }
}
