using System.CommandLine;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary><c>prodsprint readiness</c>: the checklist; exit code 3 while something blocks.</summary>
public static class ReadinessCommand
{
    public static Command Create() => new Command("readiness", "What stands between a project and production") { PlanCommands.Project }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
        var ready = await run.Api.Get($"/v1/readiness/{project}", cancellation);
        run.Line($"{Screen.Bold(project)}  {ready["state"]}  {ready["badge"]!["message"]}");
        foreach (var item in ready["items"]!.AsArray())
        {
            var mark = item!["state"]!.ToString() switch { "pass" => Screen.Good("pass "), "warn" => "warn ", _ => Screen.Bad("block") };
            run.Line($"  {mark} {item["title"]}  {Screen.Dim(item["seen"]!.ToString())}");
            if (item["remediation"] is { } next) run.Line($"        {next}");
        }
        if (ready["state"]!.ToString() == "blocked") run.ExitCode = ExitCode.Rejected;
        return ready;
    });
}
