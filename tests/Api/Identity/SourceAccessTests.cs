using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ProdSprint.Projects;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>Tenants of one server read neither each other's repositories nor the server's network through it (<see cref="SourceRules"/>).</summary>
[Collection(AccountsCollection.Name)]
public sealed class SourceAccessTests(AccountsFixture servers)
{
    [Fact]
    public async Task Sources_OfTheServersDiskAndNetwork_AreRefused_InTheSameWords_AndNobodyIsAsked()
    {
        var root = await servers.SignIn("root");
        (await Send(servers.One, HttpMethod.Put, "/v1/members/root", new { roles = new[] { "admin" } }, root.AccessToken, ("X-ProdSprint-Workspace", "sources"))).Status.ShouldBe(HttpStatusCode.OK);
        var mirror = Path.Combine(servers.Home, "mirrors", "sources-a", "ci.git");
        await GitCommand.RunAsync(null, ["init", "--quiet", "--bare", "--template=", "--", mirror], TimeSpan.FromSeconds(60), default);
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        var onDisk = new List<string>();
        foreach (var source in (string[])[mirror, "file://" + mirror, Path.Combine(servers.Home, "none"), servers.Home, "/etc"]) onDisk.Add((await Import(source))["detail"]!.ToString());
        onDisk.Distinct().ShouldHaveSingleItem();
        foreach (var source in (string[])[$"http://{inside.LocalEndpoint}/x.git", $"http://localhost:{((IPEndPoint)inside.LocalEndpoint).Port}/x.git", "http://169.254.169.254/latest"]) await Import(source);
        inside.Pending().ShouldBeFalse();
        // What was imported when the rules were others is held to them when it is fetched again.
        var mirrors = servers.Get<ProjectMirrors>();
        (await Should.ThrowAsync<GitProblem>(() => mirrors.ImportAsync("sources", "ci", mirror, default))).Code.ShouldBe("source.refused");
        Directory.Exists(mirrors.Path("sources", "ci")).ShouldBeFalse();

        async Task<JsonNode> Import(string source)
        {
            var (status, body, _) = await Send(servers.One, HttpMethod.Post, "/v1/projects", new { source, name = "ci" }, root.AccessToken, ("X-ProdSprint-Workspace", "sources"));
            status.ShouldBe(HttpStatusCode.UnprocessableEntity, source);
            body!["code"]!.ToString().ShouldBe("project.bad-source");
            body["next"]!.ToString().ShouldContain("Sources__LocalRoots__0");
            return body;
        }
    }
}
