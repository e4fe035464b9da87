using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Server;

namespace ProdSprint.Tests.Api;

/// <summary>What browsers are told, what other sites may, and requests that are not what they seem.</summary>
public sealed class HeaderTests(ServerFixture server)
{
    private const string Known = "https://tools.example.com";

    [Fact]
    public async Task SiteOnTheList_MayAsk_WithATokenOnly_AndIsTold()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/projects") { Headers = { { "Origin", Known }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,content-type" } } };
        using var allowed = await server.Http.SendAsync(preflight);
        allowed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Known]);
        allowed.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();

        (string, string)[] from = [("Origin", Known), ("Sec-Fetch-Site", "cross-site")];
        (await server.Send(HttpMethod.Post, "/v1/projects/nobody/rollback", "{}", from)).Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, "without a token it could be the browser's own doing");
        (await server.Send(HttpMethod.Post, "/v1/projects/nobody/rollback", "{}", [.. from, ("Authorization", "Bearer none")])).Response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var stranger = new HttpRequestMessage(HttpMethod.Get, "/v1/config") { Headers = { { "Origin", "https://evil.example" } } };
        (await server.Http.SendAsync(stranger)).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public void CspReport_KeepsNothingThatCouldBeAboutAPerson()
    {
        var old = JsonSerializer.Deserialize<JsonElement>("""{"csp-report":{"violated-directive":"script-src-elem 'self'","blocked-uri":"https://ads.example/x.js?user=ana@example.com","document-uri":"https://p.example/projects/ana-salary?token=1","script-sample":"secret()","source-file":"https://p.example/x","line-number":3}}""");
        CspReports.Read(old).ShouldBe([new("script-src-elem", "https://ads.example", "/projects")]);
        var now = JsonSerializer.Deserialize<JsonElement>("""[{"type":"csp-violation","url":"https://p.example/","body":{"effectiveDirective":"style-src-attr","blockedURL":"inline","documentURL":"https://p.example/","sample":"color:red"}},{"body":3},7]""");
        CspReports.Read(now).ShouldBe([new("style-src-attr", "inline", "/")]);
        var odd = JsonSerializer.Deserialize<JsonElement>("""{"csp-report":{"effective-directive":"x\nFAKE LOG LINE","blocked-uri":"chrome-extension://abcdef/inject.js","document-uri":5}}""");
        CspReports.Read(odd).ShouldBe([new("unknown", "other", "/")]);
    }

    [Theory]
    [InlineData("{}", "application/csp-report")]
    [InlineData("nonsense", "application/csp-report")]
    [InlineData("[1,2]", "application/reports+json")]
    public async Task CspReport_OfAnyKind_IsTakenWithoutAWord(string body, string type)
    {
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        (await server.Send(HttpMethod.Post, CspReports.Path, content)).Response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>Two readings of one request are how one is smuggled past a proxy: whatever can be read in two ways is refused, and nothing after it on the connection is answered.</summary>
    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 40")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Content-Length: 2, 2")]
    [InlineData("Content-Length : 2")]
    [InlineData(" Content-Length: 2")]
    [InlineData("X: a\nX-ProdSprint-User: root")]
    public async Task AmbiguousRequest_IsRefused_AndTheHiddenOneIsNotAnswered(string headers)
    {
        var answer = await Raw($"POST /v1/projects/absent/rollback HTTP/1.1\r\nHost: {server.Url.Authority}\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{{}}GET /v1/me HTTP/1.1\r\nHost: {server.Url.Authority}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldNotContain("\"permissions\"");
    }

    [Theory]
    [InlineData("/v1/../v1/admin/audit-logs", 200)]
    [InlineData("/v1/projects/%2e%2e/admin/audit-logs", 200)]
    [InlineData("/v1//projects", 404)]
    [InlineData("/V1/ADMIN/AUDIT-LOGS", 200)]
    [InlineData("/v1/admin/audit-logs;x=1", 404)]
    [InlineData("/v1/admin/audit-logs/", 200)]
    [InlineData("/v1/admin%2Faudit-logs", 404)]
    [InlineData("http://evil.example/v1/admin/audit-logs", 400)]
    public async Task Path_HoweverItIsWritten_IsAskedForItsPermission(string path, int member)
    {
        (string, string)[] admin = [("X-ProdSprint-User", "ana"), ("X-ProdSprint-Workspace", "paths")];
        await server.Send(HttpMethod.Put, "/v1/members/ana", new { roles = new[] { "admin" } }, admin);
        string Request(string user) => $"GET {path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nX-ProdSprint-User: {user}\r\nX-ProdSprint-Workspace: paths\r\nConnection: close\r\n\r\n";
        (await Raw(Request("ana"))).ShouldStartWith($"HTTP/1.1 {member}");
        var other = await Raw(Request("nobody"));
        other.ShouldStartWith($"HTTP/1.1 {(member == 200 ? 403 : member)}");
        other.ShouldNotContain("SetMember");
    }

    [Theory]
    [InlineData("{\"reason\":\"a\",\"reason\":\"b\"}")]
    [InlineData("{\"reason\":\"a\",\"Reason\":\"b\"}")]
    [InlineData("{\"reason\":\"a\"}{\"reason\":\"b\"}")]
    [InlineData("{\"reason\":\"a\"/*,\"reason\":\"b\"*/}")]
    [InlineData("{\"reason\":\"a\",}")]
    [InlineData("{\"__proto__\":{}}")]
    public async Task JsonThatCanBeReadInTwoWays_IsRefused(string body) =>
        ((int)(await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", body)).Response.StatusCode).ShouldBe(400);

    [Theory]
    [InlineData("/v1/projects", 200)]
    [InlineData("/v1/projects/none", 404)]
    [InlineData("/v1/nothing", 404)]
    [InlineData("/api/v1/config", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/scim/v2/Users", 401)]
    public async Task Head_IsAnsweredAsGet_WithoutABody(string path, int status)
    {
        string Request(string method) => $"{method} {path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nConnection: close\r\n\r\n";
        var (head, get) = ((await Raw(Request("HEAD"))).Split("\r\n\r\n"), (await Raw(Request("GET"))).Split("\r\n\r\n", 2));
        head[0].ShouldStartWith($"HTTP/1.1 {status}");
        head.Skip(1).ShouldBe([""]);
        get[1].ShouldNotBeEmpty();
        Kind(head[0]).ShouldBe(Kind(get[0]));

        static string Kind(string headers) => headers.Split("\r\n").Single(h => h.StartsWith("Content-Type:", StringComparison.Ordinal));
    }

    /// <summary>A program that asks for what is not there must not be told the dashboard's page.</summary>
    [Theory]
    [InlineData("POST", "/v1/nope", 404, "application/problem+json")]
    [InlineData("PUT", "/v1/projects/x/nope/nope/more", 404, "application/problem+json")]
    [InlineData("DELETE", "/v1/projects", 405, "application/problem+json")]
    [InlineData("DELETE", "/v1/projects/x/releases/1", 405, "application/problem+json")]
    [InlineData("DELETE", "/v1/projects/x/releases/newest", 404, "application/problem+json")]
    [InlineData("PUT", "/v1/sessions/not-a-uuid", 404, "application/problem+json")]
    [InlineData("POST", "/api/nope", 404, "application/problem+json")]
    [InlineData("POST", "/health/nope", 404, "application/problem+json")]
    [InlineData("POST", "/health/ready", 405, "application/problem+json")]
    [InlineData("POST", "/metrics/nope", 404, "application/problem+json")]
    [InlineData("POST", "/openapi/nope", 404, "application/problem+json")]
    [InlineData("GET", "/scim/v2/Me", 404, "application/scim+json")]
    public async Task PathOfAProgram_ThatIsNotThere_IsNoPage(string method, string path, int status, string type)
    {
        using var answer = await server.Http.SendAsync(new(new(method), path));
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        if (status == 405) answer.Content.Headers.Allow.ShouldContain("GET");
    }

    /// <summary>What is there is found whatever is sent along: nothing, when nothing is needed, and another type is told as that.</summary>
    [Theory]
    [InlineData("/v1/session/refresh", null, 401)]
    [InlineData("/v1/projects", "text/plain", 415)]
    [InlineData("/v1/projects/x/plans", "application/xml", 415)]
    public async Task PathThatIsThere_IsFound_WithoutABodyAndWithAnyOther(string path, string? type, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (type is not null) request.Content = new StringContent("x", new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        using var answer = await server.Http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("https://ship.example.com", "max-age=31536000")]
    [InlineData("http://localhost:7400", null)]
    [InlineData(null, null)]
    public async Task Tls_IsAskedOfBrowsers_WhereTheyReachTheServerByIt(string? address, string? expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(new IdentityOptions { PublicUrl = address });
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseSecurityHeaders();
        app.MapGet("/", () => "");
        await app.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.GetAsync(app.Urls.First());
        (answer.Headers.TryGetValues("Strict-Transport-Security", out var said) ? said.Single() : null).ShouldBe(expected);
    }

    [Fact]
    public void Page_ConnectsToItsOwnHostAlone()
    {
        SecurityHeaders.Page("n", false, new("ship.example.com:8443")).ShouldContain("; connect-src 'self' ws://ship.example.com:8443 wss://ship.example.com:8443; ");
        SecurityHeaders.Page("n", false, new("a;script-src *")).ShouldContain("; connect-src 'self'; ");
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, limit.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
