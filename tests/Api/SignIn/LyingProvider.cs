using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>A whole OpenID Connect provider that lies as it is told: no honest one does, so there is no real counterpart to ask.</summary>
public sealed class LyingProvider : IAsyncDisposable
{
    private readonly Lies _lies = new();
    private readonly WebApplication _app;

    private LyingProvider(WebApplication app) => _app = app;

    /// <summary>A path of its own: the port may be one that another had a moment ago, whose keys are remembered.</summary>
    private readonly string _path = "/" + Guid.NewGuid().ToString("N");

    public string Issuer => _app.Urls.First() + _path;

    /// <summary>How often its keys were asked for.</summary>
    public int KeysAsked { get; private set; }

    /// <summary>Makes the ID token: of the forge and the nonce that was asked for.</summary>
    public Func<Lies, JsonObject, string> Token { get; set; } = (lies, claims) => lies.Sign(claims);

    public Func<JsonObject, JsonObject> Discovery { get; set; } = d => d;

    public int TokenStatus { get; set; } = 200;

    public string? TokenBody { get; set; }

    public static async Task<LyingProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new LyingProvider(app);
        provider.Map();
        await app.StartAsync();
        return provider;
    }

    private void Map()
    {
        var own = _app.MapGroup(_path);
        own.MapGet("/.well-known/openid-configuration", () => Results.Text(Discovery(new()
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/auth", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post"),
        }).ToJsonString(), "application/json"));
        own.MapGet("/keys", () =>
        {
            KeysAsked++;
            return Results.Text(_lies.KeySet, "application/json");
        });
        // Asks nobody anything, and puts the nonce into the code.
        own.MapGet("/auth", (HttpRequest request) => Results.Redirect($"{request.Query["redirect_uri"]}?code={request.Query["nonce"]}&state={request.Query["state"]}"));
        own.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var claims = Lies.Claims(c => (c["iss"], c["aud"], c["nonce"], c["iat"], c["exp"]) = (Issuer, form["client_id"].ToString(), form["code"].ToString(),
                DateTimeOffset.UtcNow.ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()));
            return Results.Text(TokenBody ?? new JsonObject { ["access_token"] = "access", ["token_type"] = "Bearer", ["id_token"] = Token(_lies, claims) }.ToJsonString(), "application/json", statusCode: TokenStatus);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _lies.Dispose();
    }
}
