using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Projects;

public static class TimelineCommand
{
    private static readonly Option<int> Limit = new("--limit") { Description = "How many rows", DefaultValueFactory = _ => 200 };
    private static readonly Option<int?> Release = new("--release", "-r") { Description = "Only this release" };

    public static Command Create() => new Command("timeline", "What happened, who did it, and why") { PlanCommands.Project, Release, Limit }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
        var rows = await Rows(run.Api, project, run.Get(Release), run.Get(Limit), cancellation);
        foreach (var row in rows) run.Line(Text(row!));
        run.Next($"prodsprint status --project {project}");
        return new JsonObject { ["project"] = project, ["items"] = rows };
    });

    public static async Task<JsonArray> Rows(ApiClient api, string project, int? release, int limit, CancellationToken cancellation)
    {
        var page = await api.Get($"/v1/projects/{project}/timeline?limit={Math.Clamp(limit, 1, 500)}{(release is null ? "" : $"&release={release}")}", cancellation);
        return (JsonArray)page["items"]!.DeepClone();
    }

    public static string Text(JsonNode row) =>
        $"{DateTimeOffset.Parse(row["at"]!.ToString(), null).ToLocalTime():HH:mm:ss.fff}  {row["kind"]!.ToString(),-28} {Screen.Dim($"{row["actor"],-18}")} {row["text"]}{(row["reason"] is { } why ? Screen.Dim($"  “{why}”") : "")}";
}
