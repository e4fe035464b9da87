using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Data;

public sealed class ReadsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly string _ws = "w" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Views_Pages_HaveEveryOneOnce_NewestFirst_WithinProjectAndWorkspace()
    {
        await using var sink = new MachineSink(postgres.Database, new FakeRouter(), TimeProvider.System, NullLogger<MachineSink>.Instance);
        for (var n = 1; n <= 12; n++) await sink.FlushAsync(View($"release/{_ws}/shop/{n}", 1, n), default);
        await sink.FlushAsync(View($"release/{_ws}/blog/1", 1, 100), default);
        await sink.FlushAsync(View($"release/{_ws}/shop/1", 2, 1), default);
        foreach (var name in new[] { "shop", "blog" }) await sink.FlushAsync(View($"project/{_ws}/{name}", 1, 0), default);
        var views = new ViewReads(postgres.Database);

        var seen = new List<int>();
        string? cursor = null;
        do
        {
            var (items, next) = await views.ListAsync(_ws, new("release", "shop", cursor, 5));
            seen.AddRange(items.Select(i => JsonNode.Parse(i)!["n"]!.GetValue<int>()));
            cursor = next;
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Range(1, 12).Reverse());
        (await views.ListAsync(_ws, new("release"))).Items.Count.ShouldBe(13);
        (await views.ListAsync(_ws, new("project", Limit: 1, Order: ViewOrder.Name))).Next.ShouldBe($"project/{_ws}/blog");
        (await views.ListAsync("other", new("release"))).Items.ShouldBeEmpty();
        (await views.GetAsync("other", $"release/{_ws}/shop/1")).ShouldBeNull();
        await Should.ThrowAsync<ArgumentException>(() => views.ListAsync(_ws, new("release", After: "nonsense")));
    }

    [Fact]
    public async Task Timeline_OfAProjectAndARelease_ByCursor()
    {
        await using var sink = new MachineSink(postgres.Database, new FakeRouter(), TimeProvider.System, NullLogger<MachineSink>.Instance);
        for (var n = 1; n <= 3; n++)
            await sink.FlushAsync(new($"release/{_ws}/shop/{n}", 1, null,
                [.. Enumerable.Range(0, 4).Select(i => new TimelineEntry($"release/{_ws}/shop/{n}@1.{i}", $"release/{_ws}/shop/{n}", 1, i, DateTimeOffset.UnixEpoch, "release.begun", "user:ana", "why", "It began.", "commit:a..b", """{"weight":5}"""))], []), default);
        var timeline = new TimelineReads(postgres.Database);

        var (first, next) = await timeline.ListAsync(_ws, "shop", null, 0, 10);
        var (rest, end) = await timeline.ListAsync(_ws, "shop", null, long.Parse(next!), 10);
        var (two, _) = await timeline.ListAsync(_ws, "shop", 2, 0, 10);

        (first.Count, rest.Count, end).ShouldBe((10, 2, null));
        two.Count.ShouldBe(4);
        var row = JsonNode.Parse(two[0])!;
        (row["actor"]!.GetValue<string>(), row["reason"]!.GetValue<string>(), row["diff"]!.GetValue<string>(), row["release"]!.GetValue<int>(), row["body"]!["weight"]!.GetValue<int>(), row["at"]!.GetValue<string>())
            .ShouldBe(("user:ana", "why", "commit:a..b", 2, 5, "1970-01-01T00:00:00+00:00"));
        (await timeline.ListAsync("other", "shop", null, 0, 10)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Documents_ByDigest_OncePerWorkspace()
    {
        var documents = new DocumentStore(postgres.Database);
        var digest = await documents.PutAsync(_ws, "audit", """{"b":1, "a":2}""");

        (await documents.PutAsync(_ws, "audit", """{"b":1, "a":2}""")).ShouldBe(digest);
        (await documents.GetAsync(_ws, digest)).ShouldBe("""{"b":1, "a":2}""");
        (await documents.GetAsync("other", digest)).ShouldBeNull();
        digest.ShouldBe(DocumentStore.Digest("""{"b":1, "a":2}"""));
    }

    private static MachineFlush View(string key, long version, int n) => new(key, version, $$"""{"n":{{n}},"version":{{version}}}""", [], []);
}
