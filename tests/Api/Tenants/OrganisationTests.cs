using System.Net;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api.Tenants;

/// <summary>Organisation → workspace → project: who makes what, and for whom what is not there.</summary>
public sealed class OrganisationTests(ServerFixture server)
{
    private static (string, string)[] As(string user, string workspace = "default") => [("X-ProdSprint-User", user), ("X-ProdSprint-Workspace", workspace)];

    private async Task<HttpStatusCode> Status(HttpMethod method, string path, object? body, string user, string workspace = "default") =>
        (await server.Send(method, path, body, As(user, workspace))).Response.StatusCode;

    private async Task<string[]> Workspaces(string user) =>
        [.. (await server.Send(HttpMethod.Get, "/v1/workspaces?limit=500", null, As(user))).Body!["items"]!.AsArray().Select(w => $"{w!["name"]}:{string.Join('+', w["roles"]!.AsArray().Select(r => r!.ToString()))}")];

    [Fact]
    public async Task Organisation_OwnsWorkspaces_AndIsThereForItsAdminsOnly()
    {
        (await Status(HttpMethod.Post, "/v1/organisations", new { id = "org-a", title = "A" }, "olga")).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Post, "/v1/organisations", new { id = "org-a" }, "else")).ShouldBe(HttpStatusCode.Conflict);
        (await Status(HttpMethod.Get, "/v1/organisations/org-a", null, "else")).ShouldBe(HttpStatusCode.NotFound);
        (await Status(HttpMethod.Post, "/v1/workspaces", new { name = "org-a.one", organisation = "org-a" }, "else")).ShouldBe(HttpStatusCode.NotFound);
        (await Status(HttpMethod.Put, "/v1/organisations/org-a/admins/else", new { }, "else")).ShouldBe(HttpStatusCode.NotFound);

        (await Status(HttpMethod.Put, "/v1/organisations/org-a/admins/otto", new { }, "olga")).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Post, "/v1/workspaces", new { name = "org-a.one", organisation = "org-a" }, "otto")).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Post, "/v1/workspaces", new { name = "org-a.one" }, "olga")).ShouldBe(HttpStatusCode.Conflict);
        (await Workspaces("otto")).ShouldBe(["org-a.one:admin"]);
        (await Workspaces("olga")).ShouldBe(["org-a.one:"]);
        (await Workspaces("else")).ShouldBeEmpty();

        // An Admin of the organisation is no member by that, but can become one, and the workspace's timeline says so.
        (await Status(HttpMethod.Get, "/v1/projects", null, "olga", "org-a.one")).ShouldBe(HttpStatusCode.Forbidden);
        (await Status(HttpMethod.Put, "/v1/organisations/org-a/workspaces/org-a.one/admin", new { reason = "Otto is away" }, "olga")).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Get, "/v1/projects", null, "olga", "org-a.one")).ShouldBe(HttpStatusCode.OK);
        (await Status(HttpMethod.Put, "/v1/organisations/org-a/workspaces/default/admin", new { }, "olga")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Organisation_KeepsAnAdmin_AlsoWhenTwoRemoveEachOtherAtOnce()
    {
        await Status(HttpMethod.Post, "/v1/organisations", new { id = "org-b" }, "olga");
        await Status(HttpMethod.Put, "/v1/organisations/org-b/admins/otto", new { }, "olga");
        var removed = await Task.WhenAll(
            Status(HttpMethod.Delete, "/v1/organisations/org-b/admins/otto", null, "olga"), Status(HttpMethod.Delete, "/v1/organisations/org-b/admins/olga", null, "otto"));
        removed.Count(s => s == HttpStatusCode.OK).ShouldBe(1);
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        (await owner.CreateCommand("SELECT count(*) FROM prodsprint.organisation_admin WHERE organisation = 'org-b'").ExecuteScalarAsync()).ShouldBe(1L);
    }

    [Fact]
    public async Task Cli_MakesAWorkspace_AndWorksInIt()
    {
        Task<CliRun> Run(params string[] arguments) => CliRun.Of([.. arguments, "--json", "--url", server.Url.ToString(), "--as", "cleo"], server.Home);
        (await Run("organisations", "create", "org-cli")).Exit.ShouldBe(0);
        (await Run("workspaces", "create", "org-cli.shop", "--organisation", "org-cli")).Exit.ShouldBe(0);
        (await Run("organisations", "show", "org-cli")).Envelope["data"]!["workspaces"]![0]!.ToString().ShouldBe("org-cli.shop");
        (await Run("workspaces", "list")).Envelope["data"]!["items"]![0]!["name"]!.ToString().ShouldBe("org-cli.shop");
        (await Run("members", "list", "--workspace", "org-cli.shop")).Envelope["data"]!["members"]![0]!["actor"]!.ToString().ShouldBe("user:cleo");
        (await Run("organisations", "second-factor", "org-cli", "required")).Envelope["data"]!["secondFactor"]!.GetValue<bool>().ShouldBeTrue();
        (await Run("organisations", "second-factor", "org-cli", "optional", "--yes")).Envelope["data"]!["secondFactor"]!.GetValue<bool>().ShouldBeFalse();
        (await Run("organisations", "remove-admin", "org-cli", "cleo", "--yes")).Exit.ShouldBe(6);
    }
}
