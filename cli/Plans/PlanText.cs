using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Plans;

/// <summary>A plan as text.</summary>
public static class PlanText
{
    public static void Write(CommandRun run, JsonNode plan)
    {
        var document = plan["document"]!;
        run.Line($"{Screen.Bold($"Plan {plan["number"]}")}  {plan["version"]}  {plan["commit"]!.ToString()[..8]}  {Screen.Dim($"{plan["subject"]} ({plan["author"]})")}");
        run.Line($"  {plan["summary"]}");
        foreach (var environment in document["environments"]!.AsArray())
        {
            run.Line($"  {Screen.Accent(environment!["name"]!.ToString())}");
            foreach (var s in environment["services"]!.AsArray())
            {
                run.Line($"    {s!["name"]} ({s["language"]}{(s["framework"] is { } f ? $", {f}" : "")}{(s["name"]!.ToString() == document["entry"]!.ToString() ? ", gets the traffic" : "")})");
                foreach (var what in (string[])["install", "build", "migrate", "start"])
                    if (Command(s[what]) is { } text) run.Line($"      {what,-8}{text}");
            }
        }
        var policy = document["policy"]!;
        run.Line($"  policy {policy["name"]}: canary {string.Join(" → ", policy["steps"]!.AsArray().Select(x => $"{x!["weightPercent"]} %"))}, judge {policy["judge"]!["policy"]}");
        foreach (var step in document["steps"]!.AsArray().Where(x => x!["kind"]!.ToString() == "migrate"))
            run.Line($"  {step!["environment"]}: migration of {step["service"]}, {Reversible(step)}");
        foreach (var b in document["blockers"]!.AsArray())
        {
            run.Line($"  {Screen.Bad("blocker")} {b!["id"]}: {b["title"]}. {b["why"]}");
            run.Line($"          {b["remediation"]}");
        }
        run.Line($"  status {plan["status"]}{(plan["carriedFrom"] is { } from ? $", approval carried over from plan {from}" : "")}{Approvals(plan)}");
    }

    private static string Approvals(JsonNode plan) => plan["document"]!["policy"]!["approvers"] is { } needed
        ? $", {plan["approvals"]?.AsArray().Count ?? 0} of {needed} approvals{string.Concat(plan["approvals"]?.AsArray().Select(a => $", {a!["by"]}") ?? [])}"
        : "";

    private static string Reversible(JsonNode step) => step["reversibility"]!.ToString() switch
    {
        "exact" or "approximate" => "can be taken back",
        "withResidue" => $"taken back with residue: {step["residue"]}",
        _ => "cannot be taken back",
    };

    private static string? Command(JsonNode? command) => command?["line"]?.ToString();
}
