using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Audit;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Identity;
using ProdSprint.Postgres;
using ProdSprint.Server;
using ProdSprint.Traffic;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>Tests that share the two servers: <c>[Collection(AccountsCollection.Name)]</c>.</summary>
[CollectionDefinition(Name)]
public sealed class AccountsCollection : ICollectionFixture<AccountsFixture>
{
    public const string Name = "accounts";
}

/// <summary>Two servers that ask who is there, over one PostgreSQL: what one of them is told the other has to know.</summary>
public sealed class AccountsFixture : IAsyncLifetime
{
    public const string Administrator = "test:root";

    private readonly PostgresFixture _postgres = new();
    private readonly List<(WebApplication App, string Home)> _servers = [];

    /// <summary>What a scraper was given, made anew each time.</summary>
    public string MetricsToken { get; } = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(64));

    public string ConnectionString => _postgres.ConnectionString;
    public HttpClient One { get; private set; } = null!;
    public HttpClient Other { get; private set; } = null!;
    public IServiceProvider Services => _servers[0].App.Services;
    public string Home => _servers[0].Home;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        (One, Other) = (await StartAsync(), await StartAsync());
    }

    private async Task<HttpClient> StartAsync()
    {
        var home = Directory.CreateTempSubdirectory("ps-accounts-").FullName;
        var app = await ServerHost.BuildAsync(new()
        {
            Home = home,
            Port = 0,
            Settings = new Dictionary<string, string?>
            {
                ["ConnectionStrings:prodsprint"] = ConnectionString, ["Router:Program"] = ServerFixture.Program,
                ["Identity:Mode"] = "accounts", ["Identity:Admins:0"] = Administrator, ["Identity:DevicePollSeconds"] = "1", ["Metrics:Token"] = MetricsToken,
                // All of the tests come from one address.
                ["Limits:Stranger:PerSecond"] = "100000", ["Limits:Stranger:Burst"] = "100000", ["Limits:SignIn:PerSecond"] = "100000", ["Limits:SignIn:Burst"] = "100000",
            },
        }, CancellationToken.None);
        _servers.Add((app, home));
        await app.StartAsync();
        return new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 64 }) { BaseAddress = new(app.Urls.First()) };
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public IServiceProvider OtherServices => _servers[1].App.Services;

    /// <summary>As the owner of the database: turns the clock of a row back, or looks at what no role may.</summary>
    public Task<int> Owner(string sql) => _postgres.ExecuteAsync(sql);

    public Task<T?> Scalar<T>(string sql) => _postgres.ScalarAsync<T>(sql);

    /// <summary>What belongs to no workspace, newest first, as <c>actor action resource outcome</c>.</summary>
    public async Task<IReadOnlyList<string>> Told(string account) =>
        [.. (await Get<AuditLog>().ListAsync(AuditTrail.Accounts, new(Actor: $"user:{account}"), null, 50)).Rows.Select(r => $"{r.Event.Action} {r.Event.Resource} {r.Event.Outcome}")];

    /// <summary>As the way to sign in does it, once the provider has said who it is.</summary>
    public async Task<SessionStarted> SignIn(string subject, bool secondFactor = false)
    {
        var account = await Get<Accounts>().FindOrCreateAsync(new("test", subject, subject, $"{subject}@example.com", false));
        return await Get<Sessions>().OpenAsync(new DefaultHttpContext { RequestServices = Services }, account, "test", secondFactor);
    }

    public static async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Response)> Send(
        HttpClient http, HttpMethod method, string path, object? body = null, string? bearer = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 && text[0] == '{' ? JsonNode.Parse(text) : null, response);
    }

    /// <summary>What one server rings for is heard by the other a moment later; ten seconds is what holds without the bell.</summary>
    public static async Task Until(Func<Task<bool>> done)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await done()) await Task.Delay(20, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        One.Dispose();
        Other.Dispose();
        foreach (var (app, home) in _servers)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            await new RouterLauncher(SiloServices.RouterOptionsOf(home), new(ServerFixture.Program, []), TimeProvider.System).StopAsync(TimeSpan.FromSeconds(10));
            await LocalTargetStop.AllAsync(Path.Combine(home, "deploy"), TimeSpan.FromSeconds(5), CancellationToken.None);
            Directory.Delete(home, recursive: true);
        }
        await _postgres.DisposeAsync();
    }
}
