using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Infrastructure;

/// <summary>An environment's infrastructure as text.</summary>
public static class InfrastructureText
{
    public static void Write(CommandRun run, JsonNode view)
    {
        run.Line($"{Screen.Bold($"{view["project"]} {view["environment"]}")}  {view["phase"]}");
        if (view["plan"] is { } plan)
        {
            run.Line($"  plan {plan["number"]} with {plan["tool"]}{((bool)plan["destroy"]! ? Screen.Bad(" takes everything away") : "")}  {Screen.Dim(plan["digest"]!.ToString())}{(view["approvedBy"] is { } by ? $"  approved by {by}" : "")}");
            Changes(run, plan["changes"]!.AsArray());
            if (plan["cost"] is { } cost) Cost(run, cost);
        }
        if (view["baseline"] is { } baseline) run.Line($"  applied: plan {baseline["plan"]}, approved by {baseline["approvedBy"]}, state {baseline["stateVersion"]}, {baseline["appliedAt"]}");
        if (view["drift"] is { } drift)
        {
            run.Line($"  {Screen.Bad("drift")} since {drift["since"]}{(drift["acceptedBy"] is { } who ? $", accepted by {who}: {drift["acceptedFor"]}" : "")}  {Screen.Dim(drift["digest"]!.ToString())}");
            Changes(run, drift["changes"]!.AsArray());
        }
        else if (view["baseline"] is not null) run.Line($"  {Screen.Good("as it was applied")}{(view["checkedAt"] is { } at ? $", looked at {at}" : "")}");
        if (view["problem"] is { } problem) run.Line($"  {Screen.Bad("problem")} {problem}");
    }

    private static void Cost(CommandRun run, JsonNode cost)
    {
        if (!(bool)cost["billed"]!)
        {
            run.Line("    cost     nothing of this is billed");
            return;
        }
        string Money(JsonNode? amount) => ((double)amount!).ToString("N2", CultureInfo.InvariantCulture);
        var change = (double)cost["change"]!;
        run.Line($"    cost     {(change < 0 ? "" : "+")}{Money(cost["change"])} {cost["currency"]} a month: {Money(cost["before"])} before, {Money(cost["after"])} after (list prices of {cost["priceDate"]} in {cost["region"]})");
        foreach (var item in cost["items"]!.AsArray()) run.Line($"             {Money(item!["before"]),10} → {Money(item["after"]),10}  {item["address"]}  {Screen.Dim(item["item"]!.ToString())}");
        foreach (var none in cost["unpriced"]!.AsArray()) run.Line($"             not in it: {none!["address"]} ({none["why"]})");
        if ((int)cost["left"]! is > 0 and var left) run.Line($"             and {left} more");
    }

    private static void Changes(CommandRun run, JsonArray changes)
    {
        if (changes.Count == 0) run.Line("    nothing to change");
        foreach (var c in changes)
        {
            run.Line($"    {c!["action"],-8} {c["address"]}{(c["why"] is { } why ? $": {why}" : "")}");
            if (c["before"]?.ToString() == c["after"]?.ToString()) continue;
            if (c["before"] is { } before) run.Line($"             {Screen.Bad("-")} {before}");
            if (c["after"] is { } after) run.Line($"             {Screen.Good("+")} {after}");
        }
    }
}
