using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

/// <summary>A plan under a profile that its repository does not satisfy: told by rule and control, refused, waived, approved.</summary>
public sealed class PolicyBlockerApiTests(ServerFixture server)
{
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", "ruled");
    private static readonly (string, string) Ben = ("X-ProdSprint-User", "ben");

    [Fact]
    public async Task Plan_WhoseProfileWantsTests_IsNotApprovedUntilThatIsWaived_AndTheDefaultAsksForNothing()
    {
        await server.Import("ruled", await server.Repository("ruled", ("index.html", "<h1>A site</h1>")), There);
        (await server.Send(HttpMethod.Post, "/v1/projects/ruled/plans", new { }, There)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var plain = await server.Until("/v1/projects/ruled/plans/1", p => p["status"]!.ToString() == "ready", There);
        plain["document"]!["blockers"]!.AsArray().ShouldBeEmpty();

        (await server.Send(HttpMethod.Post, "/v1/projects/ruled/plans", new { profile = "soc2" }, There)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var plan = await server.Until("/v1/projects/ruled/plans/2", p => p["status"]!.ToString() == "ready", There);
        var blocker = plan["document"]!["blockers"]!.AsArray().ShouldHaveSingleItem()!;
        (blocker["code"]!.ToString(), (bool)blocker["waivable"]!).ShouldBe(("policy.tests.present", true));
        blocker["why"]!.ToString().ShouldContain("(CC8.1)");

        var (refused, why) = await Approve();
        (refused.StatusCode, why["code"]!.ToString()).ShouldBe((HttpStatusCode.Conflict, "plan.blocked"));
        why["next"]!.ToString().ShouldContain($"--waive '{blocker["id"]}=reason'");

        var (approved, answer) = await Approve(new { blocker = blocker["id"]!.ToString(), reason = "one page, read by two people", ticket = "T-9", expires = DateTimeOffset.UtcNow.AddDays(30) });
        approved.StatusCode.ShouldBe(HttpStatusCode.Accepted, answer.ToJsonString());
        (await server.Until("/v1/projects/ruled/plans/2", p => p["status"]!.ToString() == "approved", There))["waivers"]!.AsArray().Count.ShouldBe(1);
        (await server.Send(HttpMethod.Get, "/v1/readiness/ruled", null, There)).Body!["items"]!.AsArray().Single(i => i!["id"]!.ToString() == "plan.blockers")!["state"]!.ToString().ShouldBe("pass");
    }

    private async Task<(HttpResponseMessage Response, JsonNode Body)> Approve(params object[] waivers)
    {
        var (response, body) = await server.Send(HttpMethod.Post, "/v1/projects/ruled/plans/2/approve", new { reason = "read", waivers }, There, Ben);
        return (response, body!);
    }
}
