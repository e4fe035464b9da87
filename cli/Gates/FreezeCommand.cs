using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Releases;

namespace ProdSprint.Gates;

/// <summary><c>prodsprint freeze</c>: when nothing is released, and how two people let one release go on all the same.</summary>
public static class FreezeCommand
{
    private static readonly Option<string> From = new("--from") { Description = "When it opens, e.g. 2026-12-20T18:00+01:00", Required = true };
    private static readonly Option<string> Until = new("--until") { Description = "When it closes", Required = true };
    private static readonly Option<string?> Weekly = new("--weekly") { Description = "An IANA time zone (Europe/Berlin): it comes again every week, at the same time of the clocks there" };
    private static readonly Option<string?> Environment = new("--environment", "-e") { Description = "staging or production: only what goes there waits (default: no release begins)" };
    private static readonly Option<string> Why = new("--reason", "-m") { Description = "Shown to everyone whose release waits", Required = true };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; goes into the timeline" };
    private static readonly Option<int?> Number = new("--release") { Description = "The release's number (default: the one in flight)" };
    private static readonly Option<int> Minutes = new("--minutes") { Description = "How long it may go on, 1 to 240", DefaultValueFactory = _ => 60 };
    private static readonly Option<bool> All = new("--all-projects") { Description = "The workspace's windows, which hold for every project in it, also for those imported later; administrators set them" };
    private static readonly Argument<int> Window = new("window") { Description = "Its number in the list" };

    public static Command Create()
    {
        Environment.AcceptOnlyFromAmong("staging", "production");
        return new("freeze", "When nothing is released; a rollback is always allowed")
        {
            new Command("list", "The windows, each as it is or comes next") { PlanCommands.Project, All }.Runs(async (run, cancellation) =>
            {
                var (_, field, view, _) = await View(run, cancellation);
                var windows = view[field]!.AsArray();
                var others = view["workspaceFreeze"]?.AsArray() ?? [];
                if (windows.Count + others.Count == 0) run.Line("None: releases may start at any time.");
                for (var n = 0; n < windows.Count; n++) run.Line($"{n + 1,3}  {Text(windows[n]!)}");
                foreach (var w in others) run.Line($"  -  {Text(w!)}  {Screen.Dim("(the workspace's)")}");
                return new JsonObject { ["windows"] = windows.DeepClone(), ["workspace"] = others.DeepClone() };
            }),
            new Command("add", "Another window") { PlanCommands.Project, All, From, Until, Weekly, Environment, Why }.Runs(async (run, cancellation) =>
            {
                var window = new JsonObject { ["from"] = Time(run.Get(From)!, "--from"), ["until"] = Time(run.Get(Until)!, "--until"), ["reason"] = run.Get(Why) };
                if (run.Get(Weekly) is { } zone) window["weeklyIn"] = zone;
                if (run.Get(Environment) is { } environment) window["environment"] = environment;
                return await Set(run, windows => windows.Add(window), run.Get(Why), cancellation);
            }),
            new Command("remove", "A window less; what it holds goes on") { PlanCommands.Project, All, Window, Reason }.Runs(async (run, cancellation) => await Set(run, windows =>
            {
                var number = run.Get(Window);
                if (number < 1 || number > windows.Count) throw new CliException(ExitCode.NotFound, "freeze.no-such-window", "No such window", $"There is no window {number}.", "See their numbers: prodsprint freeze list");
                windows.RemoveAt(number - 1);
            }, run.Get(Reason), cancellation)),
            new Command("override", "Let one release go on: one person asks, another says the same, and it is over by itself") { PlanCommands.Project, Number, Minutes, Why }.Runs(async (run, cancellation) =>
            {
                var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
                var number = run.Get(Number) ?? await ReleaseCommands.Current(run.Api, project, cancellation);
                await run.Api.Post($"/v1/projects/{project}/releases/{number}/override-freeze", new { minutes = run.Get(Minutes), reason = run.Get(Why) }, cancellation);
                var release = await run.Api.Get($"/v1/projects/{project}/releases/{number}", cancellation);
                var asked = release["held"]?.ToString() == "frozen";
                run.Line(asked ? $"asked for: another person has to confirm it within 15 minutes" : $"release {number} of {project} goes on: {release["message"]}");
                run.Next(asked ? $"as another person: prodsprint freeze override --project {project} --release {number} --reason …" : $"prodsprint timeline --project {project} --release {number}");
                return release;
            }),
        };
    }

    /// <param name="Project">Null: the workspace's windows are meant.</param>
    /// <param name="Field">Of the view: where the windows are.</param>
    private sealed record Seen(string? Project, string Field, JsonNode View, string? Tag);

    private static async Task<Seen> View(CommandRun run, CancellationToken cancellation)
    {
        var all = run.Get(All);
        if (all && run.Get(PlanCommands.Project) is not null) throw new CliException(ExitCode.Usage, "freeze.one-or-all", "One project or all", "--project and --all-projects exclude each other.", "Leave one of them out");
        var project = all ? null : await run.Project(run.Get(PlanCommands.Project), cancellation);
        var (view, tag) = await run.Api.GetTagged(project is null ? "/v1/freeze" : $"/v1/projects/{project}", cancellation);
        return new(project, project is null ? "windows" : "freeze", view, tag);
    }

    private static async Task<JsonNode> Set(CommandRun run, Action<JsonArray> change, string? reason, CancellationToken cancellation)
    {
        var (project, field, view, tag) = await View(run, cancellation);
        var windows = view[field]!.AsArray().DeepClone().AsArray();
        change(windows);
        await run.Api.Put(project is null ? "/v1/freeze" : $"/v1/projects/{project}/freeze", new { windows, reason }, tag, cancellation);
        run.Line($"{project ?? "the workspace"} has {windows.Count} freeze window{(windows.Count == 1 ? "" : "s")}");
        run.Next(project is null ? "prodsprint freeze list --all-projects" : $"prodsprint freeze list --project {project}");
        return await run.Api.Get(project is null ? "/v1/freeze" : $"/v1/projects/{project}", cancellation);
    }

    private static string Text(JsonNode w)
    {
        string When(string field) => w[field]!.GetValue<DateTimeOffset>().ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{When("from")} until {When("until")} UTC{(w["weeklyIn"] is { } zone ? $", every week in {zone}" : "")}{(w["environment"] is { } environment ? $", {environment} only" : "")}  {Screen.Dim(w["reason"]!.ToString())}";
    }

    private static DateTimeOffset Time(string text, string option) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time
        : throw new CliException(ExitCode.Usage, "freeze.bad-time", "Not a time", $"{option} is '{text}'.", "Write it as 2026-12-20T18:00+01:00");
}
