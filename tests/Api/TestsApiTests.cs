using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Kernel;

namespace ProdSprint.Tests.Api;

/// <summary>What reports say, shown; tests put aside and taken back, with every refusal.</summary>
public sealed class TestsApiTests(ServerFixture server)
{
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", "tested");

    private async Task<(HttpStatusCode Status, JsonNode Body)> Send(HttpMethod method, string path, object? body = null)
    {
        var (response, answer) = await server.Send(method, $"/v1/projects/{path}", body, There);
        return (response.StatusCode, answer!);
    }

    private async Task<string> Refused(HttpMethod method, string path, HttpStatusCode status, object? body = null)
    {
        var (seen, answer) = await Send(method, path, body);
        seen.ShouldBe(status, answer.ToJsonString());
        return answer["type"]!.ToString().Split('/')[^1];
    }

    [Fact]
    public async Task Tests_Shown_PutAside_AndTakenBack()
    {
        await server.Import("tried", await server.Repository("tried", ("index.html", "x")), There);
        (await Refused(HttpMethod.Get, "nobody/tests", HttpStatusCode.NotFound)).ShouldContain("project.not-found");
        (await Refused(HttpMethod.Get, "tried/tests", HttpStatusCode.NotFound)).ShouldContain("tests.not-found");
        var tally = new TestTally();
        foreach (var suite in (string[])["a", "b"]) tally.Case(suite, "same", TestOutcome.Failed, 0, "no");
        tally.Case("a", "own", TestOutcome.Passed, 0, null);
        var report = tally.Build(["junit r.xml"], []);
        var digest = await server.Services.GetRequiredService<DocumentStore>().PutAsync("tested", "tests", KernelJson.Write(report));
        await server.Services.GetRequiredService<TestRunStore>().AddAsync("tested", "tried", new('a', 40), digest, "x", report, DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);

        var shown = (await Send(HttpMethod.Get, "tried/tests")).Body;
        shown["failed"]!.ToString().ShouldBe("2");
        shown["cases"]!.AsArray().Count.ShouldBe(2);
        (await Refused(HttpMethod.Get, $"tried/tests?commit={new string('b', 40)}", HttpStatusCode.NotFound)).ShouldContain("tests.not-found");
        (await Send(HttpMethod.Get, "tried/tests/history?test=own")).Body["items"]!.AsArray().Count.ShouldBe(1);
        (await Refused(HttpMethod.Get, "tried/tests/history?test=same", HttpStatusCode.Conflict)).ShouldContain("test.ambiguous");

        object Body(string test, string ticket = "T-1", string? reason = "reads the clock", int days = 14) => new { test, ticket, reason, expires = DateTimeOffset.UtcNow.AddDays(days) };
        const string Aside = "tried/tests/quarantine";
        (await Refused(HttpMethod.Post, Aside, HttpStatusCode.NotFound, Body("none"))).ShouldContain("test.not-found");
        (await Refused(HttpMethod.Post, Aside, HttpStatusCode.UnprocessableEntity, Body("own", reason: null))).ShouldContain("test.no-reason");
        (await Refused(HttpMethod.Post, Aside, HttpStatusCode.UnprocessableEntity, Body("own", ticket: " "))).ShouldContain("test.no-ticket");
        (await Refused(HttpMethod.Post, Aside, HttpStatusCode.UnprocessableEntity, Body("own", days: 91))).ShouldContain("test.bad-expiry");
        (await Send(HttpMethod.Post, Aside, Body("a › same"))).Status.ShouldBe(HttpStatusCode.OK);
        var one = (await Send(HttpMethod.Get, Aside)).Body["items"]!.AsArray().ShouldHaveSingleItem()!;
        (one["suite"]!.ToString(), one["ticket"]!.ToString()).ShouldBe(("a", "T-1"));
        (await Refused(HttpMethod.Post, $"{Aside}/release", HttpStatusCode.Conflict, new { test = "b › same" })).ShouldContain("test.not-quarantined");
        (await Send(HttpMethod.Post, $"{Aside}/release", new { test = "a › same", reason = "mended" })).Body["items"]![0]!["endedBy"]!.ToString().ShouldStartWith("user:");
    }
}
