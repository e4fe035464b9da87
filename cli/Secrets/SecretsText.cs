using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>A secret as a terminal shows it: everything but its values.</summary>
internal static class SecretsText
{
    public static void Line(CommandRun run, JsonNode s)
    {
        var current = s["versions"]!.AsArray().FirstOrDefault(v => v!["state"]!.ToString() == "current");
        var how = s["drift"] is not null ? Screen.Bad("not let in") : s["problem"] is not null ? Screen.Bad("see its problem") : Screen.Good(s["phase"]!.ToString());
        run.Line($"{s["environment"],-10}  {s["name"],-28}  {s["kind"],-16}  {(current is null ? "none" : $"version {current["number"]}"),-11}  {how}");
    }

    public static void Write(CommandRun run, JsonNode s)
    {
        Line(run, s);
        foreach (var v in s["versions"]!.AsArray())
            run.Line($"  {v!["number"],3}  {v["state"],-8}  {v["currentAt"] ?? v["madeAt"]}  {v["by"]}  {Screen.Dim(v["providerId"]?.ToString() ?? "")}");
        if (s["everyDays"] is { } days) run.Line($"  rotated every {days} days, next at {s["rotateAt"]?.ToString() ?? "the end of the overlap"}");
        if (s["revokeAt"] is { } until) run.Line($"  the version before works until {until}{(s["waiting"] is { } why ? $", and longer: {why}" : "")}");
        if (s["drift"] is { } drift) run.Line($"  {Screen.Bad(drift.ToString())}");
        if (s["problem"] is { } problem) run.Line($"  {Screen.Bad(problem.ToString())}");
    }
}
