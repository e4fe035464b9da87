using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Cli;

/// <summary>A domain from the command line: stated, shown with what proves it, verified, let go.</summary>
public sealed class DomainsCliTests(ServerFixture server)
{
    private async Task<(int Exit, JsonNode Said)> Run(params string[] arguments)
    {
        var run = await CliRun.Of(["domains", .. arguments, "--url", server.Url.ToString(), "--workspace", "cli-domains", "--as", "ana", "--json"], server.Home);
        return (run.Exit, run.Envelope);
    }

    [Fact]
    public async Task Domain_IsStated_Verified_AndDropped()
    {
        (string, string)[] there = [("X-ProdSprint-Workspace", "cli-domains"), ("X-ProdSprint-User", "ana")];
        (await server.Send(HttpMethod.Put, "/v1/members/ana", new { roles = new[] { "admin" } }, there)).Response.EnsureSuccessStatusCode();
        (await Run("state", "corp.example", "--reason", "ours")).Exit.ShouldBe(2, "there is no connection to lead to");
        (await Run("verify", "corp.example")).Exit.ShouldBe(5);
        (await server.Send(HttpMethod.Post, "/v1/connections", new { kind = "oidc", name = "Corp", issuer = "https://idp.example.com", clientId = "a", clientSecret = "b" }, there)).Response.EnsureSuccessStatusCode();
        var stated = (await Run("state", "corp.example", "--reason", "ours")).Said["data"]!["domains"]![0]!;
        stated["proof"]!.ToString().ShouldBe("stated", "outside Production a word will do");
        var (exit, refused) = await Run("verify", "Corp.example");
        (exit, refused["error"]!["type"]!.ToString()).ShouldBe((6, "https://prodsprint.dev/problems/domain.not-proven"));
        server.Dns.Say(stated["record"]!.ToString(), stated["value"]!.ToString());
        (await Run("verify", "Corp.example")).Said["data"]!["domains"]![0]!["proof"]!.ToString().ShouldBe("dns");
        (await Run("list")).Said["data"]!["items"]![0]!["domains"]!.AsArray().Count.ShouldBe(1);
        (await Run("drop", "corp.example", "--yes")).Said["data"]!["domains"]!.AsArray().ShouldBeEmpty();
    }
}
