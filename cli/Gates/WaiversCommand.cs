using System.CommandLine;
using System.Globalization;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>What a gate would stop for and somebody answers for.</summary>
public static class WaiversCommand
{
    private static readonly Argument<string> Kind = new("kind") { Description = "vulnerability, licence or control" };
    private static readonly Argument<string> Subject = new("subject") { Description = "The advisory's id, the licence's SPDX id, or the control's id" };
    private static readonly Argument<int> Number = new("number") { Description = "The waiver's number" };
    private static readonly Option<string?> Package = new("--package") { Description = "Package URL, with or without a version: pkg:npm/lodash" };
    private static readonly Option<string> Ticket = new("--ticket") { Description = "Where the work on it is followed", Required = true };
    private static readonly Option<string> Expires = new("--expires") { Description = "Until when: 30d, or a time (2026-12-31 or 2026-12-31T18:00Z)", Required = true };
    private static readonly Option<string> Reason = new("--reason", "-m") { Description = "Why it is acceptable until then", Required = true };
    private static readonly Option<string?> Why = new("--reason", "-m") { Description = "Why; goes into the timeline" };
    private static readonly Option<string?> State = new("--state") { Description = "Only these: valid, expired, revoked" };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("vulnerability", "licence", "control");
        State.AcceptOnlyFromAmong("valid", "expired", "revoked");
        return new("waivers", "What a gate would stop for and somebody answers for until a day")
        {
            new Command("list", "Newest first: those that hold, and the last that ended") { PlanCommands.Project, State }.Runs(async (run, cancellation) =>
            {
                var page = await run.Api.Get($"{await Path(run, cancellation)}{(run.Get(State) is { } state ? $"?state={state}" : "")}", cancellation);
                if (page["items"]!.AsArray().Count == 0) run.Line("Nothing is waived.");
                foreach (var w in page["items"]!.AsArray())
                    run.Line($"{w!["number"],4} {w["state"],-8} until {w["expires"]}  {w["covers"]} {w["subject"]}{(w["package"] is { } package ? $" in {package}" : "")}  {Screen.Dim($"{w["ticket"]}, {w["by"]}: {w["reason"]}")}");
                return page;
            }),
            new Command("create", "Answer for a finding, a licence or a control") { PlanCommands.Project, Kind, Subject, Package, Ticket, Expires, Reason }.Runs(async (run, cancellation) =>
            {
                var path = await Path(run, cancellation);
                var answer = await run.Api.Post(path, new { covers = run.Get(Kind), subject = run.Get(Subject), package = run.Get(Package), ticket = run.Get(Ticket), expires = Time(run.Get(Expires)!), reason = run.Get(Reason) }, cancellation);
                run.Line($"{run.Get(Subject)} is waived");
                run.Next($"prodsprint waivers list --project {path.Split('/')[3]}");
                return answer;
            }),
            new Command("revoke", "End one before its day") { PlanCommands.Project, Number, Why }.Runs(async (run, cancellation) =>
            {
                run.Confirm($"Revoke waiver {run.Get(Number)}? A release that needs it waits at its next step.");
                var answer = await run.Api.Post($"{await Path(run, cancellation)}/{run.Get(Number)}/revoke", new { reason = run.Get(Why) }, cancellation);
                run.Line($"Waiver {run.Get(Number)} is revoked");
                return answer;
            }),
        };
    }

    private static async Task<string> Path(CommandRun run, CancellationToken cancellation) => $"/v1/projects/{await run.Project(run.Get(PlanCommands.Project), cancellation)}/waivers";

    /// <summary>Days from now, or a time; UTC when it does not say.</summary>
    internal static DateTimeOffset Time(string text) =>
        text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 10_000 ? TimeProvider.System.GetUtcNow().AddDays(days)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new CliException(ExitCode.Usage, "waiver.bad-expiry", "No time", $"'{text}' is no time.", "Give days (30d) or a time (2026-12-31)");
}
