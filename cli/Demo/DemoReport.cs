using System.Text.Json.Nodes;

namespace ProdSprint.Demo;

/// <summary>One release of the demo's document: every stage from import to production with its figures.</summary>
public static class DemoReport
{
    /// <param name="timeline">Of the project: says when the import and the plan were done.</param>
    public static JsonObject Release(string version, JsonNode project, JsonNode plan, JsonNode release, JsonArray timeline, long failedByProdSprint)
    {
        var document = plan["document"]!;
        var planned = At(timeline, "plan.generated", plan["key"]!.ToString());
        // Audit and plan are one job, so they share their times. The import was one for all releases.
        var stages = new JsonArray
        {
            Stage("import", project["createdAt"], At(timeline, "project.imported", project["key"]!.ToString()), "passed", []),
            Stage("audit", plan["requestedAt"], planned, "passed", new() { ["services"] = document["environments"]![0]!["services"]!.AsArray().Count, ["notes"] = document["notes"]!.AsArray().Count }),
            Stage("plan", plan["requestedAt"], planned, "passed", new() { ["blockers"] = document["blockers"]!.AsArray().Count, ["steps"] = document["steps"]!.AsArray().Count }),
            Stage("approve", planned, plan["approvedAt"], plan["carriedFrom"] is null ? "approved" : "carried-over", []),
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

    private static JsonNode? At(JsonArray timeline, string kind, string key) =>
        timeline.FirstOrDefault(r => r!["kind"]!.ToString() == kind && r["key"]!.ToString() == key)?["at"];

    private static JsonObject Stage(string name, JsonNode? startedAt, JsonNode? endedAt, string? verdict, JsonObject figures) => new()
    {
        ["name"] = name, ["startedAt"] = startedAt?.DeepClone(), ["endedAt"] = endedAt?.DeepClone(), ["verdict"] = verdict, ["figures"] = figures,
    };
}
