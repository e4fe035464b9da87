using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Telemetry;

/// <summary><c>prodsprint usage</c>: what services use, beside what they may.</summary>
public static class UsageCommand
{
    private const int Width = 20;

    private static readonly Option<string?> Environment = new("--environment", "-e") { Description = "Only this one: staging or production" };
    private static readonly Option<int?> Days = new("--days") { Description = "Looked back on (default: 14)" };

    public static Command Create() => new Command("usage", "Processors and memory that services were seen to use, against their limits") { PlanCommands.Project, Environment, Days }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
        var used = await run.Api.Get($"/v1/projects/{project}/usage?days={run.Get(Days) ?? 14}{(run.Get(Environment) is { } environment ? $"&environment={Uri.EscapeDataString(environment)}" : "")}", cancellation);
        var services = used["services"]!.AsArray();
        if (services.Count == 0) run.Line("Nothing that runs here was looked at in this time.");
        foreach (var s in services) Service(run, s!);
        run.Next($"prodsprint blueprint --project {project}");
        return used;
    });

    private static void Service(CommandRun run, JsonNode s)
    {
        run.Line($"{Screen.Bold(s["service"]!.ToString())}  {s["environment"]}  {Screen.Dim($"{(s["hours"]!.GetValue<int>() is 1 ? "1 hour" : $"{s["hours"]} hours")}, {s["samples"]} looks")}");
        var (cpus, p95, most) = ((double?)s["limitCpus"], (double)s["cpuP95"]!, (double)s["cpuMax"]!);
        // Without a limit there is nothing to be near to: the bar is of the most that was seen.
        run.Line(Text($"  processors  {Screen.Bar(p95 / Math.Max(cpus ?? most, 0.001), Width)}  {p95:0.##} in 95 % of the looks, {most:0.##} at most{(cpus is { } limit ? $", may use {limit}" : ", no limit")}"));
        var (memory, may) = ((double)s["memoryMaxMiB"]!, (double)s["limitMemoryMiB"]!);
        var share = may > 0 ? memory / may : 0;
        run.Line(Text($"  memory      {Screen.Bar(share, Width)}  {memory:0} of {may:0} MiB at most, {s["memoryP95MiB"]} in 95 % of the looks{(share > 0.85 ? Screen.Bad("  near its limit") : "")}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
