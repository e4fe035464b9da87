using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Supply;

/// <summary><c>prodsprint vulnerabilities list</c>: what a release's gate found in what it is built from, and who answers for it.</summary>
public static class FindingsList
{
    private static readonly Option<int?> Release = new("--release") { Description = "Of this release (default: the newest whose gate has looked)" };
    private static readonly Option<string?> Level = new("--level") { Description = "Only critical, denied (a licence), high, medium, low or unknown" };
    private static readonly Option<bool> Open = new("--open") { Description = "Only what stops a release that asks now" };

    public static Command Create() => new Command("list", "Weaknesses and licences that a release's gate found, and who answers for each") { PlanCommands.Project, Release, Level, Open }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
        var asked = string.Concat(
            run.Get(Release) is { } number ? $"&release={number}" : "", run.Get(Level) is { } level ? $"&level={Uri.EscapeDataString(level)}" : "", run.Get(Open) ? "&standing=open" : "");
        var all = await run.Api.All($"/v1/projects/{project}/findings{(asked is "" ? "" : $"?{asked[1..]}")}", cancellation);
        Say(run, project, all);
        return all;
    });

    private static void Say(CommandRun run, string project, JsonNode all)
    {
        if (all["release"] is null)
        {
            run.Line("No gate has looked at what a release is built from: there are no advisories to hold it against, and no policy on licences.");
            run.Next("prodsprint vulnerabilities import PATH");
            return;
        }
        foreach (var f in all["items"]!.AsArray()) run.Line(Line(f!));
        var left = (int)all["leftOut"]!;
        run.Line($"release {all["release"]}: {Count((int)all["components"]!, "package", "packages")}, {Count((int)all["open"]!, "finding stops", "findings stop")} it now"
            + ((bool)all["compared"]! ? "" : "; no advisories are imported, so only licences were looked at") + (left == 0 ? "" : $"; {left} of the least are counted and not listed"));
        foreach (var unread in all["unread"]!.AsArray()) run.Line(Screen.Dim($"not read: {unread}"));
        if (all["items"]!.AsArray().FirstOrDefault(f => f!["standing"]!.ToString() == "open") is { } open)
            run.Next($"prodsprint waivers create {open["kind"]} \"{open["id"]}\" --package {open["purl"]} --project {project}");
    }

    private static string Line(JsonNode f)
    {
        var level = f["level"]!.ToString().PadRight(8);
        var stands = f["standing"]!.ToString() switch
        {
            "open" => Screen.Bad("stops"),
            "waived" => $"waived until {Day(f["waiver"]!)} ({f["waiver"]!["ticket"]})",
            _ => (bool)f["development"]! ? Screen.Dim("in development only") : "",
        };
        var ended = f["standing"]!.ToString() == "open" && f["waiver"] is { } w ? Screen.Dim($" (waiver {w["number"]} {(w["state"]!.ToString() == "valid" ? "does not count: its author released this" : $"{w["state"]} on {Day(w)}")})") : "";
        return $"{(f["standing"]!.ToString() == "open" ? Screen.Bad(level) : level)} {f["id"]}  {f["name"]} {f["version"]}{(f["fixedIn"] is { } v ? $" → {v}" : "")}  {stands}{ended}  {Screen.Dim(f["summary"]?.ToString() ?? "")}";
    }

    private static string Day(JsonNode waiver) => DateTimeOffset.Parse(waiver["expires"]!.ToString(), CultureInfo.InvariantCulture).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Count(int n, string one, string many) => n == 1 ? $"1 {one}" : $"{n} {many}";
}
