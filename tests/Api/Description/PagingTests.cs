using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Description;

/// <summary>Lists by cursor: nothing twice, nothing left out, whatever is added meanwhile; and limits that hold.</summary>
public sealed class PagingTests(ServerFixture server)
{
    public static TheoryData<string> Paged => [.. ApiDocument.Committed.Operations.Where(o => o.Parameters.Any(p => p["name"]!.ToString() == "limit")).Select(o => o.Id)];

    [Theory, MemberData(nameof(Paged))]
    public async Task Limit_OutsideItsBounds_Is422_AndIsDescribed(string id)
    {
        var operation = ApiDocument.Committed[id];
        var limit = operation.Parameters.Single(p => p["name"]!.ToString() == "limit")["schema"]!;
        ((int)limit["minimum"]!).ShouldBe(1);
        ((int)limit["maximum"]!).ShouldBe(500);
        var path = operation.Path.Replace("{project}", "bounds");
        if (path.Contains("{webhook}")) path = path.Replace("{webhook}", (await server.Send(HttpMethod.Post, "/v1/webhooks", new { url = "https://hooks.example.com/bounds", paused = true }, ("X-ProdSprint-Workspace", "bounds"))).Body!["id"]!.ToString());
        foreach (var (asked, status) in new[] { ("1", 200), ("500", 200), ("0", 422), ("-1", 422), ("501", 422), ("2147483647", 422), ("2147483648", 400), ("x", 400) })
            ((int)(await server.Send(HttpMethod.Get, $"{path}?limit={asked}", null, ("X-ProdSprint-Workspace", "bounds"))).Response.StatusCode).ShouldBe(status, $"limit={asked}");
        // Where the order is that of names, any text is a place in it.
        ((int)(await server.Send(HttpMethod.Get, $"{path}?after=~", null, ("X-ProdSprint-Workspace", "bounds"))).Response.StatusCode).ShouldBeOneOf(id is "ListProjects" or "ListSecrets" ? [200] : [400, 422]);
    }

    [Fact]
    public async Task Pages_WhileOthersAreAdded_HoldEveryItemOnce()
    {
        (string, string) there = ("X-ProdSprint-Workspace", "paged");
        await server.Import("paged", await server.Repository("paged", ("index.html", "x")), there);
        for (var i = 0; i < 7; i++) await Plan();

        var seen = new List<int>();
        string? after = null;
        do
        {
            var page = (await server.Send(HttpMethod.Get, $"/v1/projects/paged/plans?limit=2{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", null, there)).Body!;
            page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page["items"]!.AsArray().Select(p => (int)p!["number"]!));
            after = page["next"]?.ToString();
            if (seen.Count == 2) await Plan();
        }
        while (after is not null);
        seen.ShouldBe([7, 6, 5, 4, 3, 2, 1], "newest first; the one that came later moves nothing");

        async Task Plan()
        {
            var made = await server.Send(HttpMethod.Post, "/v1/projects/paged/plans", new { }, there);
            made.Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            var number = made.Body!["started"]!.ToString().Split('/')[^1];
            await server.Until($"/v1/projects/paged/plans/{number}", p => p["status"]!.ToString() != "generating", there);
        }
    }

    [Fact]
    public async Task Config_SaysTheLimitsThatHold()
    {
        var limits = (await server.Send(HttpMethod.Get, "/v1/config")).Body!["limits"]!;
        ((int)limits["pageLimit"]!).ShouldBe(500);
        var longest = (int)limits["textChars"]!;
        Task<(HttpResponseMessage Response, JsonNode? Body)> Reason(int length) => server.Send(HttpMethod.Post, "/v1/projects/absent/rollback", new { reason = new string('x', length) });
        (await Reason(longest)).Response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var (response, problem) = await Reason(longest + 1);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem!["code"]!.ToString().ShouldBe("request.text-too-long");
    }
}
