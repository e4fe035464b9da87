using System.Net;
using System.Text.Json.Nodes;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api;

/// <summary>Old rows go into a sealed file that can be verified without the server, then out of the database; the chain goes on as if nothing had been.</summary>
public sealed class AuditArchiveTests(ServerFixture server)
{
    private static (string, string)[] In(string workspace) => [("X-ProdSprint-Workspace", workspace), ("X-ProdSprint-User", "ana")];

    private Task<CliRun> Run(string workspace, params string[] arguments) => CliRun.Of([.. arguments, "--workspace", workspace, "--as", "ana", "--url", server.Url.ToString(), "--json"], server.Home);

    private async Task Write(string workspace, int rows)
    {
        for (var n = 0; n < rows; n++) await server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { reason = $"{n}" }, In(workspace));
    }

    [Fact]
    public async Task Archive_IsVerified_Pruned_AndTheChainGoesOn_Twice()
    {
        const string ws = "archived";
        for (var round = 1; round <= 2; round++)
        {
            await Write(ws, 4);
            var file = Path.Combine(server.Home, $"audit-{round}.jsonl");
            var made = await Run(ws, "audit-log", "archive", file);
            made.Exit.ShouldBe(0, made.Out);
            var verified = await CliRun.Of(["audit-log", "verify", file, "--json"], server.Home);
            verified.Exit.ShouldBe(0, verified.Out);
            verified.Envelope["data"]!["sealed"]!.GetValue<bool>().ShouldBeTrue();
            var pruned = await Run(ws, "audit-log", "prune", file, "--yes");
            pruned.Exit.ShouldBe(0, pruned.Out);
            ((long)pruned.Envelope["data"]!["rows"]!).ShouldBe((long)verified.Envelope["data"]!["rows"]!);
            (await Run(ws, "audit-log", "prune", file, "--yes")).Exit.ShouldBe(6, "what is out cannot be taken out again");
            var verdict = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs/verify", null, In(ws))).Body!;
            verdict["intact"]!.GetValue<bool>().ShouldBeTrue(verdict.ToJsonString());
            var listed = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?limit=1", null, In(ws))).Body!;
            var last = listed["archives"]!["last"]!;
            ((long)last["to"]!, last["by"]!.ToString(), last["file"]).ShouldBe(((long)verified.Envelope["data"]!["rows"]! + (long)last["from"]! - 1, "user:ana", null));
            (await server.Send(HttpMethod.Get, $"/v1/admin/audit-logs?after={listed["next"]}", null, In(ws))).Body!["archives"].ShouldBeNull("it is said once");

            var lines = await File.ReadAllLinesAsync(file);
            await File.WriteAllLinesAsync(file, [.. lines[..2], .. lines[3..]]);
            (await CliRun.Of(["audit-log", "verify", file], server.Home)).Exit.ShouldBe(1, "a row was taken out of the file");
            await File.WriteAllLinesAsync(file, [.. lines[..^2], lines[^1]]);
            (await CliRun.Of(["audit-log", "verify", file], server.Home)).Exit.ShouldBe(1, "its end was cut off");
        }
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        (await owner.CreateCommand("SELECT count(*) FROM prodsprint.audit_archive WHERE workspace = 'archived'").ExecuteScalarAsync()).ShouldBe(2L);
    }

    [Fact]
    public async Task Seal_ThatIsNotOurs_OrOfAnotherWorkspace_PrunesNothing()
    {
        await Write("seal-a", 2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/admin/audit-logs/export?archive=true") { Headers = { { "X-ProdSprint-Workspace", "seal-a" } } };
        var seal = JsonNode.Parse((await (await server.Http.SendAsync(request)).Content.ReadAsStringAsync()).TrimEnd().Split('\n')[^1])!["sealed"]!.AsObject();
        seal.Remove("workspace");
        async Task Refused(string workspace, JsonObject body)
        {
            var (response, problem) = await server.Send(HttpMethod.Post, "/v1/admin/audit-logs/prune", body.ToJsonString(), In(workspace));
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            problem!["code"]!.ToString().ShouldBe("audit.bad-seal");
        }
        await Refused("seal-b", seal);
        var longer = seal.DeepClone().AsObject();
        longer["to"] = (long)seal["to"]! + 1;
        await Refused("seal-a", longer);
        (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs/export?archive=true&format=csv", null, In("seal-a"))).Body!["code"]!.ToString().ShouldBe("audit.bad-archive");
    }

    [Fact]
    public async Task Owner_CannotDeleteWithoutAnArchive()
    {
        await Write("kept", 1);
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => owner.CreateCommand("SET prodsprint.audit_prune = 'kept 1'; DELETE FROM prodsprint.audit_log WHERE workspace = 'kept'").ExecuteNonQueryAsync());
        refused.MessageText.ShouldContain("append-only");
    }
}
