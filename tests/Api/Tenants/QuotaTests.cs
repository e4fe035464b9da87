using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Tests.Api.Cli;

namespace ProdSprint.Tests.Api.Tenants;

/// <summary>What a workspace may use is told, and more than that is refused before anything is begun.</summary>
public sealed class QuotaTests(ServerFixture server)
{
    [Fact]
    public async Task ProjectBeyondTheQuota_Is403_ExitCode7_AndOnlyOneOfManyAtOnceGetsTheLastPlace()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "narrow");
        var folder = await server.Repository("narrow", ("index.html", "x"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.Send(HttpMethod.Post, "/v1/projects", new { source = folder, name = $"narrow-{i}" }, there)));
        answers.Count(a => a.Response.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        var (_, problem) = answers.First(a => a.Response.StatusCode == HttpStatusCode.Forbidden);
        problem!["code"]!.ToString().ShouldBe("quota.projects");
        problem["next"]!.ToString().ShouldContain("Limits__Projects");
    }

    [Fact]
    public async Task Storage_CountsTheMirrorsOfRepositories()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "mirrored");
        await server.Import("mirrored", await server.Repository("mirrored", ("noise.bin", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(400_000)))), there);
        // What the quota's figure is made of; itself it is remembered for a while.
        (await server.Services.GetRequiredService<Deploy.IDeployReads>().StoredBytesAsync("mirrored", default)).ShouldBeGreaterThan(400_000);
        (await server.Services.GetRequiredService<Deploy.IDeployReads>().StoredBytesAsync("mirrored-not", default)).ShouldBe(0);
    }

    [Fact]
    public async Task Storage_Full_RefusesWhatWouldBeKept_AndTheQuotaSaysSo()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "full");
        // One byte is the quota, and a document of another time fills it.
        await using var connection = await server.Services.GetRequiredService<Data.Database>().App("full");
        await new Npgsql.NpgsqlCommand($"INSERT INTO document (workspace, digest, kind, body) VALUES ('full', 'sha256:{new string('a', 64)}', 'plan', 'a document')", connection).ExecuteNonQueryAsync();
        var (response, problem) = await server.Send(HttpMethod.Post, "/v1/projects", new { source = "/x", name = "more" }, there);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        problem!["code"]!.ToString().ShouldBe("quota.storage");
        var storage = (await server.Send(HttpMethod.Get, "/v1/quotas", null, there)).Body!["items"]!.AsArray().Single(q => q!["name"]!.ToString() == "storage")!;
        ((long)storage["limit"]!).ShouldBe(1);
        ((long)storage["used"]!).ShouldBeGreaterThan(1);

        var run = await CliRun.Of(["quotas", "--json", "--url", server.Url.ToString()], server.Home);
        run.Exit.ShouldBe(0, run.Error);
        run.Envelope["data"]!["items"]!.AsArray().Select(q => q!["name"]!.ToString()).ShouldBe(["projects", "concurrentBuilds", "telemetry", "storage"]);
    }
}
