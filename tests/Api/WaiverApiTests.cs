using System.Net;

namespace ProdSprint.Tests.Api;

/// <summary>Waivers through the API: made, refused, revoked, and written down.</summary>
public sealed class WaiverApiTests(ServerFixture server)
{
    [Fact]
    public async Task Waiver_IsMadeListedAndRevoked_AndTheTimelineAndTheAuditLogSayWho()
    {
        await server.Import("waived", await server.Repository("waived", ("index.html", "x")));
        var body = new { covers = "licence", subject = "AGPL-3.0-only", package = "pkg:npm/ghost", ticket = "LEGAL-7", expires = DateTimeOffset.UtcNow.AddDays(7), reason = "a licence is being bought" };
        (await server.Send(HttpMethod.Post, "/v1/projects/waived/waivers", body)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var (again, problem) = await server.Send(HttpMethod.Post, "/v1/projects/waived/waivers", body);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        problem!["code"]!.ToString().ShouldBe("waiver.exists");
        (await server.Send(HttpMethod.Post, "/v1/projects/waived/waivers", new { covers = "licence", subject = "MIT", ticket = "", expires = DateTimeOffset.UtcNow.AddDays(7) })).Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var listed = (await server.Send(HttpMethod.Get, "/v1/projects/waived/waivers?state=valid")).Body!["items"]!.AsArray();
        listed.Count.ShouldBe(1);
        listed[0]!["ticket"]!.ToString().ShouldBe("LEGAL-7");
        (await server.Send(HttpMethod.Post, "/v1/projects/waived/waivers/1/revoke", new { reason = "bought" })).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await server.Send(HttpMethod.Get, "/v1/projects/waived/waivers?state=revoked")).Body!["items"]![0]!["revokedFor"]!.ToString().ShouldBe("bought");
        (await server.Send(HttpMethod.Post, "/v1/projects/waived/waivers/1/revoke", new { })).Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await server.Until("/v1/projects/waived/timeline?limit=100", t => t["items"]!.AsArray().Select(r => r!["kind"]!.ToString()).Intersect(["project.waiver-created", "project.waiver-revoked"]).Count() == 2);
        await server.Until("/v1/admin/audit-logs?limit=200", a => a["items"]!.AsArray().Any(r => r!["action"]?.ToString() == "RevokeWaiver"));
    }
}
