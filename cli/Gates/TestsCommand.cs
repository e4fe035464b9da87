using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>What the tests of a project's builds reported, and which of them are in quarantine.</summary>
public static class TestsCommand
{
    private static readonly Argument<string> Test = new("test") { Description = "'suite › name' as it is shown, or the name alone where only one test has it" };
    private static readonly Option<string?> Commit = new("--commit") { Description = "Of this commit; the newest build otherwise" };
    private static readonly Option<string> Ticket = new("--ticket") { Description = "Where the work on it is followed", Required = true };
    private static readonly Option<string> Expires = new("--expires") { Description = "Until when: 14d, or a time; at most 90 days", Required = true };
    private static readonly Option<string> Reason = new("--reason", "-m") { Description = "Why it wavers", Required = true };
    private static readonly Option<string?> Why = new("--reason", "-m") { Description = "Why; goes into the audit log" };

    public static Command Create() => new("tests", "What the tests of builds reported, and which of them are in quarantine")
    {
        new Command("show", "The newest build's tests: what failed or wavered, and what is covered least") { PlanCommands.Project, Commit }.Runs(async (run, cancellation) =>
        {
            var tests = await run.Api.Get($"{await Path(run, cancellation)}{(run.Get(Commit) is { } commit ? $"?commit={Uri.EscapeDataString(commit)}" : "")}", cancellation);
            run.Line($"{Screen.Bold(tests["commit"]!.ToString()[..10])}  {tests["passed"]} passed, {tests["failed"]} failed, {tests["skipped"]} skipped{(tests["coveragePercent"] is { } all ? $", {all} % of lines covered" : "")}");
            foreach (var c in tests["cases"]!.AsArray())
                run.Line($"  {(c!["outcome"]!.ToString() == "failed" ? Screen.Bad("failed ") : "wavered")} {Name(c)}  {Screen.Dim(First(c["message"]))}");
            foreach (var file in tests["leastCovered"]!.AsArray().Take(10)) run.Line($"  not run {file!["path"]}:{file["missed"]}");
            foreach (var unread in tests["unread"]!.AsArray()) run.Line($"  not read {unread}");
            return tests;
        }),
        new Command("history", "One test's outcomes, build after build") { PlanCommands.Project, Test }.Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get($"{await Path(run, cancellation)}/history?test={Uri.EscapeDataString(run.Get(Test)!)}", cancellation);
            foreach (var seen in page["items"]!.AsArray())
                run.Line($"{seen!["at"]}  {seen["commit"]!.ToString()[..Math.Min(10, seen["commit"]!.ToString().Length)]}  {((bool)seen["wavered"]! ? "wavered" : seen["outcome"])}");
            return page;
        }),
        new Command("quarantine", "Tests that are put aside until a day because they fail and pass on the same code")
        {
            new Command("list", "Those that are in quarantine or were") { PlanCommands.Project }.Runs(async (run, cancellation) => Show(run, await run.Api.Get($"{await Path(run, cancellation)}/quarantine", cancellation))),
            new Command("add", "Put one aside; it still blocks when it passes on the stable version and fails on the new one") { PlanCommands.Project, Test, Ticket, Expires, Reason }.Runs(async (run, cancellation) =>
            {
                var path = await Path(run, cancellation);
                var aside = await run.Api.Post($"{path}/quarantine", new { test = run.Get(Test), ticket = run.Get(Ticket), expires = WaiversCommand.Time(run.Get(Expires)!), reason = run.Get(Reason) }, cancellation);
                run.Line($"{Name(aside)} is in quarantine until {aside["until"]}");
                run.Next($"prodsprint tests quarantine list --project {path.Split('/')[3]}");
                return aside;
            }),
            new Command("release", "Take one out before its day") { PlanCommands.Project, Test, Why }.Runs(async (run, cancellation) =>
            {
                var page = await run.Api.Post($"{await Path(run, cancellation)}/quarantine/release", new { test = run.Get(Test), reason = run.Get(Why) }, cancellation);
                run.Line($"{run.Get(Test)} is out of quarantine");
                return page;
            }),
        },
    };

    private static JsonNode Show(CommandRun run, JsonNode page)
    {
        if (page["items"]!.AsArray().Count == 0) run.Line("No test is in quarantine.");
        foreach (var q in page["items"]!.AsArray())
            run.Line($"{(q!["endedAt"] is null ? $"until {q["until"]}" : $"ended {q["endedAt"]}")}  {Name(q)}  {Screen.Dim($"{q["by"]}{(q["ticket"] is { } ticket ? $", {ticket}" : "")}: {q["reason"]}")}");
        return page;
    }

    private static string Name(JsonNode test) => test["suite"]!.ToString() is { Length: > 0 } suite ? $"{suite} › {test["name"]}" : test["name"]!.ToString();

    private static string First(JsonNode? message) => (message?.ToString() ?? "").Split('\n')[0];

    private static async Task<string> Path(CommandRun run, CancellationToken cancellation) => $"/v1/projects/{await run.Project(run.Get(PlanCommands.Project), cancellation)}/tests";
}
