using System.Text.Json.Nodes;
using ProdSprint.Hosting;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Drills;

/// <summary>A silo and the web process die in the middle of a canary: the release goes on elsewhere, and no visitor notices.</summary>
public sealed class ClusterTests
{
    private const string Project = "shop";

    public static bool Clusters => SiloEngine.Name != SiloEngine.Embedded;

    [Fact(Skip = "The embedded engine is one process.", SkipUnless = nameof(Clusters))]
    public async Task SiloAndWebKilledInCanary_ReleaseIsPromoted_EveryRequestIsAnswered()
    {
        await using var nodes = await Nodes.StartAsync(("target", "silo,target"), ("silo", "silo"), ("web", "web"));
        var repository = Path.Combine(nodes.Folder, "repository");
        await SampleRepository.CreateAsync(await BriefShop(nodes.Folder), "shop", repository);
        using (var ana = nodes.Client("web", "ana")) await ImportCommand.Import(ana, repository, Project, CancellationToken.None);
        await Ended(nodes, await Release(nodes, "v1"));

        using var stop = new CancellationTokenSource();
        var url = await Eventually.Is("production has an address", () => Get(nodes, "/traffic?seconds=5"), t => t["url"] is not null);
        var load = new LoadGenerator(new LoadOptions(new(url["url"]!.ToString()), 150));
        var visitors = Task.Run(() => load.RunAsync(stop.Token));
        var second = await Release(nodes, "v2");
        await Eventually.Is("v2 serves some", () => load.Snapshot().Versions.Any(v => v.Version == "v2" && v.Requests > 0));
        await nodes.KillAsync("silo");
        await nodes.KillAsync("web");
        nodes.Start("web", "web");
        await nodes.ReadyAsync("web");

        (await Ended(nodes, second))["outcome"]!.ToString().ShouldBe("promoted");
        await stop.CancelAsync();
        var seen = await visitors;
        (seen.Errors, seen.RouterFaults).ShouldBe((0, 0));
        seen.Faults.ShouldBeEmpty();
        var rows = (await Get(nodes, $"/timeline?release={second}&limit=500"))["items"]!.AsArray();
        rows.Select(r => r!["id"]!.ToString()).ShouldBeUnique();
        rows.Count(r => r!["kind"]!.ToString() == "release.promoted").ShouldBe(1);
    }

    private static async Task<int> Release(Nodes nodes, string version)
    {
        using var author = nodes.Client("web", "ana");
        using var approver = nodes.Client("web", "ben");
        var plan = await PlanCommands.Make(author, Project, version, null, CancellationToken.None);
        if (plan["status"]!.ToString() == "ready")
            await approver.Post($"/v1/projects/{Project}/plans/{plan["number"]}/approve", new { reason = "A drill", digest = plan["document"]!["digest"]!.ToString() }, CancellationToken.None);
        return (int)(await ReleaseCommands.Start(author, Project, null, (int)plan["number"]!, false, null, CancellationToken.None))["number"]!;
    }

    private static Task<JsonNode> Ended(Nodes nodes, int release) =>
        Eventually.Is($"release {release} has ended", () => Get(nodes, $"/releases/{release}"), r => r["phase"]!.ToString() == "ended");

    private static async Task<JsonNode> Get(Nodes nodes, string path)
    {
        using var api = nodes.Client("web", "ana");
        return await api.Get($"/v1/projects/{Project}{path}", CancellationToken.None);
    }

    /// <summary>The sample with two steps only, the first with enough visitors for a verdict within seconds.</summary>
    private static async Task<string> BriefShop(string folder)
    {
        var shop = Path.Combine(Samples(), "shop");
        foreach (var file in Directory.EnumerateFiles(shop, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, "samples", "shop", Path.GetRelativePath(shop, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var text = await File.ReadAllBytesAsync(file);
            if (Path.GetFileName(file) == "prodsprint.yml")
            {
                var manifest = System.Text.Encoding.UTF8.GetString(text);
                text = System.Text.Encoding.UTF8.GetBytes(manifest[..manifest.IndexOf("canary:", StringComparison.Ordinal)]
                    + "canary:\n  - { weight: 20, minRequests: 100, minBake: 4s, maxBake: 100s }\n  - { weight: 100, minRequests: 200, minBake: 1s, maxBake: 100s }\n");
            }
            await File.WriteAllBytesAsync(copy, text);
        }
        return Path.Combine(folder, "samples");
    }

    private static string Samples()
    {
        var at = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(at, "samples", "shop"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("samples/ is not above the tests");
        return Path.Combine(at, "samples");
    }
}
