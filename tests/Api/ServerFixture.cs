using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Postgres;
using ProdSprint.Server;
using ProdSprint.Tests.Api;
using ProdSprint.Tests.Api.Description;
using ProdSprint.Traffic;

[assembly: AssemblyFixture(typeof(ServerFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ProdSprint.Tests.Api;

/// <summary>The real server in this process: PostgreSQL, silo, jobs, a router of its own. One for all tests; they use projects and workspaces of their own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly PostgresFixture _postgres = new();
    private WebApplication? _app;

    static ServerFixture() => Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Development");

    public string Home { get; } = Directory.CreateTempSubdirectory("ps-api-").FullName;
    public static string Program { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "ProdSprint.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "prodsprint"));
    public Uri Url { get; private set; } = null!;
    public string ConnectionString => _postgres.ConnectionString;
    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => _app!.Services;

    /// <summary>Receives what the server tells by OTLP, over its restarts.</summary>
    public TraceCollector Traces { get; private set; } = null!;

    public SignIn.DnsResponder Dns { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        Traces = await TraceCollector.StartAsync();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        _app = await ServerHost.BuildAsync(new()
        {
            Home = Home,
            Port = 0,
            Settings = new Dictionary<string, string?>
            {
                ["ConnectionStrings:prodsprint"] = ConnectionString, ["Router:Program"] = Program, ["Deploy:StaticServer:0"] = Program, ["Deploy:StaticServer:1"] = "static",
                ["Infrastructure:Step:0"] = Program, ["Infrastructure:Step:1"] = "infrastructure-step",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Traces.Url.ToString(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                // Tests ask more in a minute than a team in an hour; limits are tried in a workspace that has narrow ones.
                ["Limits:Heavy:Burst"] = "100000", ["Limits:SignIn:Burst"] = "100000", ["Limits:Write:Burst"] = "100000", ["Limits:Stranger:Burst"] = "100000",
                ["Webhooks:AllowPrivate"] = "true", ["Secrets:AllowPrivate"] = "true", ["Audit:KeepDays"] = "0", ["Identity:DnsServers:0"] = $"{Dns.Server}", ["Server:Origins:0"] = "https://tools.example.com",
                ["Limits:Workspaces:narrow:Read:PerSecond"] = "0.5", ["Limits:Workspaces:narrow:Read:Burst"] = "5",
                ["Limits:Workspaces:directory:Read:PerSecond"] = "0.5", ["Limits:Workspaces:directory:Read:Burst"] = "5",
                ["Limits:Workspaces:narrow:Projects"] = "1", ["Limits:Workspaces:full:StorageBytes"] = "1",
            },
        }, CancellationToken.None);
        await _app.StartAsync();
        Url = new(_app.Urls.First());
        Http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = Url };
    }

    public async Task StopAsync()
    {
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await StopAsync();
        await LocalTargetStop.AllAsync(Path.Combine(Home, "deploy"), TimeSpan.FromSeconds(5), CancellationToken.None);
        await new RouterLauncher(SiloServices.RouterOptionsOf(Home), new(Program, []), TimeProvider.System).StopAsync(TimeSpan.FromSeconds(10));
        await Dns.DisposeAsync();
        await _postgres.DisposeAsync();
        await Traces.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }

    /// <summary>Every success is held against the description of the API: a field it does not know, or one it promises and that is not there, fails the test.</summary>
    public async Task<(HttpResponseMessage Response, JsonNode? Body)> Send(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is HttpContent content) request.Content = content;
        else if (body is string text) request.Content = new StringContent(text, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        else if (body is not null) request.Content = JsonContent.Create(body, body.GetType());
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var json = answer.Length > 0 && answer[0] is '{' or '[' ? JsonNode.Parse(answer) : null;
        if (response is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "application/json" } && path.StartsWith("/v1/", StringComparison.Ordinal)) ApiDocument.Committed.Check(method.Method, path, (int)response.StatusCode, json);
        return (response, json);
    }

    public async Task<JsonNode> Until(string path, Func<JsonNode, bool> done, params (string Name, string Value)[] headers)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var (response, body) = await Send(HttpMethod.Get, path, null, headers);
            if (response.IsSuccessStatusCode && done(body!)) return body!;
            if (waited.Elapsed > Patience) throw new TimeoutException($"{path} stays {body?.ToJsonString()}");
            await Task.Delay(50);
        }
    }

    /// <summary>A git repository with one more commit of these files.</summary>
    public async Task<string> Repository(string name, params (string Path, string Text)[] files)
    {
        var folder = Path.Combine(Home, "repositories", name);
        Directory.CreateDirectory(folder);
        foreach (var (path, text) in files) await File.WriteAllTextAsync(Path.Combine(folder, path), text);
        await Run("git", "init", "-q", "-b", "main", folder);
        await Run("git", "-C", folder, "add", "-A");
        await Run("git", "-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "A change");
        return folder;
    }

    public async Task<string> Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true })!;
        var said = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0, string.Join(' ', arguments));
        return said.Trim();
    }

    public async Task<JsonNode> Import(string name, string folder, params (string Name, string Value)[] headers)
    {
        (await Send(HttpMethod.Post, "/v1/projects", new { source = folder, name }, headers)).Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        return await Until($"/v1/projects/{name}", p => p["state"]!.ToString() != "importing", headers);
    }

    /// <summary>A site from its repository to an approved plan; starting its release is the caller's.</summary>
    public async Task Approved(string name, (string, string) author, (string, string) approver)
    {
        var project = await Import(name, await Repository(name, ("index.html", "<h1>A site</h1>")), author);
        project["state"]!.ToString().ShouldNotBe("import-failed", project.ToJsonString());
        (await Send(HttpMethod.Post, $"/v1/projects/{name}/plans", new { }, author)).Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        var plan = await Until($"/v1/projects/{name}/plans/1", p => p["status"]!.ToString() != "generating");
        plan["status"]!.ToString().ShouldBe("ready", plan.ToJsonString());
        var approved = await Send(HttpMethod.Post, $"/v1/projects/{name}/plans/1/approve", new { reason = "Read it" }, approver);
        approved.Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, approved.Body?.ToJsonString());
        // Approved is one thing, that the project has heard of it another.
        await Until($"/v1/projects/{name}/timeline?limit=500", t => t["items"]!.AsArray().Any(r => r!["kind"]!.ToString() == "project.plan-accepted"));
    }

    /// <summary>Releases plan 1; what the caller sends along (a trace context) goes with the request that begins the release.</summary>
    public async Task Begin(string name, params (string Name, string Value)[] headers) =>
        (await Send(HttpMethod.Post, $"/v1/projects/{name}/releases", new { plan = 1, reason = "First" }, headers)).Response.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);

    public Task<JsonNode> Ended(string name) => Until($"/v1/projects/{name}/releases/1", r => r["phase"]!.ToString() == "ended");

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}
