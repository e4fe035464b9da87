using System.Text.Json.Nodes;

namespace ProdSprint.Demo;

/// <summary>One release of the demo's document: every stage from import to production with its figures.</summary>
internal static class DemoReport
{
    public static JsonObject Release(string version, JsonNode project, JsonNode plan, JsonNode release, long failedByProdSprint)
    {
        var document = plan["document"]!;
        var stages = new JsonArray
        {
            Stage("import", project["createdAt"], plan["requestedAt"], "passed", []),
            Stage("audit", plan["requestedAt"], plan["requestedAt"], "passed", new() { ["services"] = document["environments"]![0]!["services"]!.AsArray().Count }),
            Stage("plan", plan["requestedAt"], plan["approvedAt"], "passed", new() { ["blockers"] = document["blockers"]!.AsArray().Count, ["steps"] = document["steps"]!.AsArray().Count }),
            Stage("approve", plan["approvedAt"], plan["approvedAt"], plan["carriedFrom"] is null ? "approved" : "carried-over", []),
        };
        foreach (var s in release["stages"]!.AsArray())
            stages.Add(Stage(s!["name"]!.ToString(), s["startedAt"], s["endedAt"], s["verdict"]?.ToString(), (JsonObject)s["figures"]!.DeepClone()));
        var outcome = release["outcome"]!.ToString();
        return new()
        {
            ["version"] = version,
            ["outcome"] = outcome switch { "promoted" or "fastPromoted" => "promoted", "rolledBack" or "fastRolledBack" => "rolled_back", _ => outcome },
            ["stages"] = stages,
            ["verdictToStableMs"] = release["verdictToStableMs"]?.DeepClone(),
            ["failedByProdSprint"] = failedByProdSprint,
        };
    }

    private static JsonObject Stage(string name, JsonNode? startedAt, JsonNode? endedAt, string? verdict, JsonObject figures) => new()
    {
        ["name"] = name, ["startedAt"] = startedAt?.DeepClone(), ["endedAt"] = endedAt?.DeepClone(), ["verdict"] = verdict, ["figures"] = figures,
    };
}
