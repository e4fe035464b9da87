using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;
using ProdSprint.Tests.Api.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>A workspace with an Admin, and the connection it signs in by.</summary>
public sealed class Organisation
{
    private readonly SignInFixture _fixture;
    private readonly string _bearer;

    private Organisation(SignInFixture fixture, string workspace, string bearer, string admin) => (_fixture, Workspace, _bearer, Admin) = (fixture, workspace, bearer, admin);

    public string Workspace { get; }

    public string Admin { get; }

    public static async Task<Organisation> MakeAsync(SignInFixture fixture, string workspace)
    {
        var account = await fixture.Get<Accounts>().FindOrCreateAsync(new("test", $"admin-{workspace}", $"admin-{workspace}", null, false));
        var session = await fixture.Get<Sessions>().OpenAsync(new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestServices = fixture.Services }, account, "test");
        var made = await fixture.Get<IGrainFactory>().GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace)).Do(new SetMember(Actor.User(account.Id), [Role.Admin], Actor.System("test"), null));
        made.Rejection.ShouldBeNull();
        await fixture.Get<Memberships>().RefreshAsync(workspace);
        return new(fixture, workspace, session.AccessToken, account.Id);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> Send(HttpMethod method, string path, object? body = null, params (string, string)[] headers)
    {
        var (status, json, _) = await AccountsFixture.Send(_fixture.Http, method, path, body, _bearer, [("X-ProdSprint-Workspace", Workspace), .. headers]);
        return (status, json);
    }

    public async Task<JsonNode> Ok(HttpMethod method, string path, object? body = null, params (string, string)[] headers)
    {
        var (status, json) = await Send(method, path, body, headers);
        status.ShouldBe(HttpStatusCode.OK, json?.ToJsonString());
        return json!;
    }

    /// <summary>At the SAML provider; <paramref name="way"/> says what it signs, and how.</summary>
    public Task<JsonNode> Saml(string way = "assertion", object? more = null) => Ok(HttpMethod.Post, "/v1/connections", With(new
    {
        kind = "saml", name = "Corp SAML", entityId = new Uri(_fixture.Providers["saml"], "metadata").ToString(), signOnUrl = new Uri(_fixture.Providers["saml"], $"sso/{way}").ToString(),
        certificates = new[] { _fixture.Providers.Certificate.ExportCertificatePem() }, signed = way is "response" or "assertion" ? way : null,
    }, more));

    /// <summary>At the OpenID Connect provider, registered there as a client of its own.</summary>
    public async Task<JsonNode> Oidc(object? more = null)
    {
        var issuer = _fixture.Providers["oidc"].ToString().TrimEnd('/');
        var made = await Ok(HttpMethod.Post, "/v1/connections", With(new { kind = "oidc", name = "Corp", issuer, clientId = "later", clientSecret = "later", scopes = new[] { "email", "profile", "groups" } }, more));
        using var http = new HttpClient();
        var registered = await (await http.PostAsJsonAsync($"{issuer}/reg", new { redirect_uris = new[] { made["callback"]!.ToString() }, grant_types = new[] { "authorization_code" } })).Content.ReadFromJsonAsync<JsonNode>();
        return await Ok(HttpMethod.Put, $"/v1/connections/{made["id"]}/settings", With(new
        {
            name = "Corp", issuer, clientId = registered!["client_id"]!.ToString(), clientSecret = registered["client_secret"]!.ToString(), scopes = new[] { "email", "profile", "groups" },
        }, more), ("If-Match", "*"));
    }

    public async Task<string[]> RolesOf(string account)
    {
        var members = (await Ok(HttpMethod.Get, "/v1/members"))["members"]!.AsArray();
        return members.FirstOrDefault(m => m!["actor"]!.ToString() == account) is { } found ? [.. found["roles"]!.AsArray().Select(r => r!.ToString())] : [];
    }

    private static JsonObject With(object body, object? more)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToNode(body)!.AsObject();
        if (more is not null) foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject()) json[name] = value?.DeepClone();
        return json;
    }
}
