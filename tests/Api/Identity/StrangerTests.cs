using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using ProdSprint.Identity;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>What this server answers to whoever shows nothing: every endpoint there is, not only those of <c>/v1</c>.</summary>
[Collection(AccountsCollection.Name)]
public sealed class StrangerTests(AccountsFixture servers)
{
    /// <summary>For everybody, each for a reason: how the server is, what it offers, how one signs in, the page that asks for it.</summary>
    private static readonly string[] ForAll =
    [
        "/health", "/health/live", "/health/ready", "/api/v1/config", "/openapi/v1.json", "/csp-reports", "/index.html", "{*path:nonfile}",
        "/sign-in/start/{provider}", "/sign-in/callback/{provider}", "/sign-in/saml/{provider}", "/sign-in/saml/{provider}/metadata",
        // Whoever connects without a credential is cut at once (LiveSessionTests).
        "/hubs/live", "/hubs/live/negotiate",
    ];

    [Fact]
    public async Task EveryEndpoint_IsRefusedToStrangers_SaveThoseThatAreForAll()
    {
        var (tried, open) = (0, new List<string>());
        foreach (var endpoint in servers.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (ForAll.Contains(pattern) || Permissions.Anonymous.Contains(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "")) continue;
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "1"))));
                var (status, body, _) = await Send(servers.One, new(method), path, method is "GET" or "DELETE" ? null : new { });
                tried++;
                // Refused before anything of it was looked at; or there is nothing at that path.
                if (status is not (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)) open.Add($"{method} {pattern} answers {(int)status} {body?["code"]}");
            }
        }
        tried.ShouldBeGreaterThan(120);
        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_AreForWhoeverRunsTheServer()
    {
        var root = await servers.SignIn("root");
        foreach (var shown in (string?[])[null, root.AccessToken, servers.MetricsToken[1..], servers.MetricsToken + "0"])
        {
            var refused = await Send(servers.One, HttpMethod.Get, "/metrics", null, shown);
            (refused.Status, refused.Body!["code"]!.ToString()).ShouldBe((HttpStatusCode.Unauthorized, "metrics.token"));
            refused.Response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }
        var (status, _, response) = await Send(servers.One, HttpMethod.Get, "/metrics", null, servers.MetricsToken);
        status.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain("prodsprint_jobs");
    }
}
