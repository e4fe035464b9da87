using System.Net;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Description;

/// <summary>Lists: sorted, filtered, with only some fields, and pages that stay what they are while others write.</summary>
public sealed class ListTests(ServerFixture server)
{
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", "lists");

    private async Task<JsonNode> Get(string path) => (await server.Send(HttpMethod.Get, path, null, There)).Body!;

    private Task Write(string title) => server.Send(HttpMethod.Post, "/v1/support/tickets", new { title, body = "x" }, There);

    private async Task<List<string>> Titles(string query, Func<Task>? between = null)
    {
        var seen = new List<string>();
        string? after = null;
        do
        {
            // Not through the description: with fields left out it does not hold.
            var page = JsonNode.Parse(await (await server.Http.SendAsync(new(HttpMethod.Get, $"/v1/support/tickets?limit=3{query}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}") { Headers = { { There.Item1, There.Item2 } } })).Content.ReadAsStringAsync())!;
            seen.AddRange(page["items"]!.AsArray().Select(t => t!["title"]!.ToString()));
            after = page["next"]?.ToString();
            if (between is not null) await between();
        }
        while (after is not null);
        return seen;
    }

    [Fact]
    public async Task Pages_WhileManyWriteAtOnce_HoldEveryOldItemOnce_InBothOrders()
    {
        for (var i = 0; i < 20; i++) await Write($"old-{i:00}");
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writers = Enumerable.Range(0, 4).Select(async w =>
        {
            while (!stop.IsCancellationRequested) await Write($"new-{w}-{Interlocked.Increment(ref written)}");
        }).ToArray();
        var newest = await Titles("&sort=-createdAt");
        var oldest = await Titles("&sort=createdAt", () => Volatile.Read(ref written) > 60 ? stop.CancelAsync() : Task.CompletedTask);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        string[] old = [.. Enumerable.Range(0, 20).Select(i => $"old-{i:00}")];
        newest.Where(t => t.StartsWith("old", StringComparison.Ordinal)).ShouldBe(old.Reverse());
        oldest.Where(t => t.StartsWith("old", StringComparison.Ordinal)).ShouldBe(old);
        newest.Distinct().Count().ShouldBe(newest.Count);
        oldest.Distinct().Count().ShouldBe(oldest.Count);
    }

    [Fact]
    public async Task Projects_AreSortedAndFiltered_AndACursorIsOneOfItsOrder()
    {
        foreach (var name in (string[])["list-b", "list-a", "list-c"]) await server.Import(name, await server.Repository(name, ("index.html", "x")), There);
        async Task<string[]> Names(string query) => [.. (await Get("/v1/projects" + query))["items"]!.AsArray().Select(p => p!["id"]!.ToString())];
        (await Names("")).ShouldBe(["list-a", "list-b", "list-c"]);
        (await Names("?sort=-name")).ShouldBe(["list-c", "list-b", "list-a"]);
        (await Names("?sort=createdAt")).ShouldBe(["list-b", "list-a", "list-c"]);
        (await Names("?sort=-createdAt&state=imported")).ShouldBe(["list-c", "list-a", "list-b"]);
        (await Names("?state=live")).ShouldBeEmpty();
        var next = (await Get("/v1/projects?sort=createdAt&limit=1"))["next"]!.ToString();
        (await Names($"?sort=createdAt&after={Uri.EscapeDataString(next)}")).ShouldBe(["list-a", "list-c"]);
        (await Get($"/v1/projects?sort=-createdAt&after={Uri.EscapeDataString(next)}"))["code"]!.ToString().ShouldBe("page.bad-cursor");
        (await Get("/v1/projects?sort=size"))["code"]!.ToString().ShouldBe("request.bad-parameter");
    }

    [Fact]
    public async Task Fields_LeaveTheRestOut_AndTheTagIsTheWholes()
    {
        await server.Import("sparse", await server.Repository("sparse", ("index.html", "x")), ("X-ProdSprint-Workspace", "sparse"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/projects/sparse?fields=id,state") { Headers = { { "X-ProdSprint-Workspace", "sparse" } } };
        using var response = await server.Http.SendAsync(request);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject().Select(f => f.Key).Order().ShouldBe(["id", "state"]);
        response.Headers.ETag.ShouldBe((await server.Send(HttpMethod.Get, "/v1/projects/sparse", null, ("X-ProdSprint-Workspace", "sparse"))).Response.Headers.ETag);
        var refused = await server.Send(HttpMethod.Get, "/v1/projects?fields=id,secret", null, ("X-ProdSprint-Workspace", "sparse"));
        refused.Response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body!["next"]!.ToString().ShouldContain("stateVersion");
    }

    [Fact]
    public async Task StatusThatThisServerDoesNotKnow_IsUnknown_AndFound()
    {
        await Write("from-elsewhere");
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await owner.CreateCommand("UPDATE prodsprint.thread SET status = 'escalated' WHERE workspace = 'lists' AND title = 'from-elsewhere'").ExecuteNonQueryAsync();
        var found = (await Get("/v1/support/tickets?status=unknown"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        found["status"]!.ToString().ShouldBe("unknown");
        (await owner.CreateCommand("SELECT status FROM prodsprint.thread WHERE title = 'from-elsewhere'").ExecuteScalarAsync()).ShouldBe("escalated");
    }
}
