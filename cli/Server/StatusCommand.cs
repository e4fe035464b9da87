using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Server;

public static class StatusCommand
{
    /// <summary>Of more releases in flight it is only said that they are.</summary>
    private const int MostTold = 20;

    public static Command Create() => new Command("status", "The server, its projects, and what waits") { PlanCommands.Project }.Runs(async (run, cancellation) =>
    {
        var server = await run.Api.Get("/v1/server", cancellation);
        var projects = run.Get(PlanCommands.Project) is { } one
            ? new JsonArray((await run.Api.Get($"/v1/projects/{CommandRun.Name(one)}", cancellation)).DeepClone())
            : (JsonArray)(await run.Api.All("/v1/projects", cancellation))["items"]!.DeepClone();
        run.Line($"{Screen.Good("●")} {run.Api.Server}  engine {server["engine"]}  up {Up(TimeSpan.FromSeconds((double)server["upSeconds"]!))}  {server["environment"]}");
        var told = 0;
        foreach (var p in projects)
        {
            var stable = p!["stable"]?["version"]?.ToString() ?? "–";
            run.Line($"  {p["id"],-20} {p["state"],-18} stable {stable,-12} {(p["activeRelease"] is { } n ? $"release {n} in flight" : "")}{(p["problem"] is { } why ? Screen.Bad(why.ToString()) : "")}");
            if (p["activeRelease"] is { } number && told++ < MostTold && await run.Api.Find($"/v1/projects/{p["id"]}/releases/{number}", cancellation) is { } release)
                run.Line($"    {release["version"]}  {release["phase"]} at {release["canaryWeightPercent"]} %: {release["message"]!.ToString().Split('\n')[0]}");
        }
        run.Next(projects.Select(Next).FirstOrDefault(n => n is not null) ?? "prodsprint import <path-or-git-url>");
        return new JsonObject { ["server"] = server.DeepClone(), ["projects"] = projects };
    });

    private static string Up(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{time.Days} d {time.Hours} h",
        { TotalHours: >= 1 } => $"{time.Hours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{time.Seconds} s",
    };

    /// <summary>What its state asks for; null when it asks for nothing.</summary>
    private static string? Next(JsonNode? project) => project!["state"]!.ToString() switch
    {
        "import-failed" => $"prodsprint import {project["source"]} --name {project["id"]}",
        "imported" => $"prodsprint plan --project {project["id"]}",
        "waiting-for-approval" => $"prodsprint approve --project {project["id"]}",
        "releasing" => $"prodsprint timeline --project {project["id"]}",
        _ => null,
    };
}
