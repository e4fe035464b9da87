using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Deploy;
using ProdSprint.Hosting;
using ProdSprint.Postgres;
using ProdSprint.Server;
using ProdSprint.Tests.Api.Identity;
using ProdSprint.Traffic;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Tests that share the servers and the providers: <c>[Collection(SignInCollection.Name)]</c>.</summary>
[CollectionDefinition(Name)]
public sealed class SignInCollection : ICollectionFixture<SignInFixture>
{
    public const string Name = "sign-in";
}

/// <summary>Two servers behind one public address (that of the first), with providers that nobody here wrote.</summary>
public sealed class SignInFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly List<(WebApplication App, string Home)> _servers = [];

    public Counterparts Providers { get; private set; } = null!;

    public DnsResponder Dns { get; } = new();

    public Uri Url { get; private set; } = null!;

    public Uri OtherUrl { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _servers[0].App.Services;

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>As the owner of the database: turns the clock of a row back.</summary>
    public Task<int> Owner(string sql) => _postgres.ExecuteAsync(sql);

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        var port = FreePort(); // the providers have to know the callback's address before there is a server
        Url = new($"http://127.0.0.1:{port}");
        Providers = await Counterparts.StartAsync($"{Url}sign-in/callback/");
        await StartAsync(port);
        OtherUrl = await StartAsync(0);
        Http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = Url };
    }

    private async Task<Uri> StartAsync(int port)
    {
        var home = Directory.CreateTempSubdirectory("ps-sign-in-").FullName;
        var appleKey = Path.Combine(home, "apple.p8");
        using (var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256)) await File.WriteAllTextAsync(appleKey, ecdsa.ExportPkcs8PrivateKeyPem());
        var secret = Path.Combine(home, "corp.secret");
        await File.WriteAllTextAsync(secret, "corp-secret-that-is-long-enough\n");
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:prodsprint"] = _postgres.ConnectionString, ["Router:Program"] = ServerFixture.Program, ["Identity:Mode"] = "accounts", ["Identity:PublicUrl"] = Url.GetLeftPart(UriPartial.Authority),
            ["Identity:Admins:0"] = AccountsFixture.Administrator, ["Identity:RequireDomainProof"] = "true", ["Identity:DnsServers:0"] = $"{Dns.Server}",
            // All of the tests come from one address.
            ["Limits:Stranger:PerSecond"] = "100000", ["Limits:Stranger:Burst"] = "100000", ["Limits:SignIn:PerSecond"] = "100000", ["Limits:SignIn:Burst"] = "100000",
        };
        var providers = new (string Kind, string? Id, Uri Issuer, string Client, (string, string?)[] More)[]
        {
            ("google", null, Providers["google"], "ps-google", [("ClientSecret", "google-secret")]),
            ("apple", null, Providers["apple"], "dev.prodsprint", [("TeamId", "TEAM000001"), ("KeyId", "KEY0000001"), ("PrivateKeyFile", appleKey)]),
            ("github", null, Providers["github"], "ps-github", [("ClientSecret", "github-secret"), ("Api", Providers["github"].ToString())]),
            ("oidc", "corp", Providers["oidc"], "ps-corp", [("ClientSecretFile", secret), ("Name", "Corp")]),
            ("oidc", "down", new("http://127.0.0.1:1"), "x", [("ClientSecret", "x")]),
        };
        for (var i = 0; i < providers.Length; i++)
        {
            var p = providers[i];
            foreach (var (name, value) in (((string, string?)[])[("Kind", p.Kind), ("Id", p.Id), ("Issuer", p.Issuer.OriginalString.TrimEnd('/')), ("ClientId", p.Client)]).Concat(p.More))
                settings[$"Identity:Providers:{i}:{name}"] = value;
        }
        var app = await ServerHost.BuildAsync(new() { Home = home, Port = port, Settings = settings }, CancellationToken.None);
        _servers.Add((app, home));
        await app.StartAsync();
        return new(app.Urls.First());
    }

    /// <summary>Signs in as a person would, at the provider's own page.</summary>
    /// <param name="who">An address at google and apple, a name elsewhere.</param>
    public async Task<Page> SignIn(Browser browser, string provider, string who, string returnTo = "/projects") =>
        await At(browser, await browser.Open(new(Url, $"/sign-in/start/{provider}?returnTo={Uri.EscapeDataString(returnTo)}")), provider, who);

    public static async Task<Page> At(Browser browser, Page page, string provider, string who)
    {
        if (page.Error is not null) return page;
        page = provider is "google" or "apple" or "github" ? await browser.Submit(page, who) : await browser.Submit(page, "as", ("as", who));
        // Apple's and SAML's answers are forms that send themselves.
        return page.Html.Contains("SAMLResponse", StringComparison.Ordinal) || page.Html.Contains("Redirecting", StringComparison.Ordinal) ? await browser.Submit(page) : page;
    }

    /// <summary>As the signed-in person; a mutation with what a page of ours would send along.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> As(Browser browser, HttpMethod method, string path, object? body = null, string workspace = "default", string? ifMatch = null)
    {
        var bearer = browser.Cookie(Url, "prodsprint") ?? throw new InvalidOperationException("Nobody is signed in");
        var headers = new List<(string, string)> { ("X-ProdSprint-Workspace", workspace) };
        if (ifMatch is not null) headers.Add(("If-Match", ifMatch));
        var (status, json, _) = await AccountsFixture.Send(Http, method, path, body, bearer, [.. headers]);
        return (status, json);
    }

    /// <summary>Below those that outgoing connections are given, so that nobody takes it in passing.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        foreach (var (app, home) in _servers)
        {
            await app.StopAsync();
            await app.DisposeAsync();
            await new RouterLauncher(SiloServices.RouterOptionsOf(home), new(ServerFixture.Program, []), TimeProvider.System).StopAsync(TimeSpan.FromSeconds(10));
            await LocalTargetStop.AllAsync(Path.Combine(home, "deploy"), TimeSpan.FromSeconds(5), CancellationToken.None);
            Directory.Delete(home, recursive: true);
        }
        if (Providers is not null) await Providers.DisposeAsync();
        await Dns.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
