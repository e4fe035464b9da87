using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

public static class PlanCommands
{
    public static readonly Option<string?> Project = new("--project", "-p") { Description = "The project (default: the only one)" };
    public static readonly Option<string?> Ref = new("--ref") { Description = "Branch, tag or commit (default: the default branch)" };
    private static readonly Option<string?> Profile = new("--profile") { Description = "Policy profile: default, strict, soc2 or hipaa" };
    private static readonly Option<string?> Care = new("--care") { Description = "As careful as for a low, medium or high risk: steps, evidence and approval (default: as the profile has it)" };
    private static readonly Option<int?> Number = new("--plan") { Description = "The plan's number (default: the newest)" };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; goes into the timeline" };
    private static readonly Option<string[]> Waive = new("--waive") { Description = "A blocker that is accepted for a while: BLOCKER=reason; may be repeated; needs --ticket and --expires" };
    private static readonly Option<string?> Ticket = new("--ticket") { Description = "Where the work on what is waived is followed" };
    private static readonly Option<string?> Expires = new("--expires") { Description = "Until when it is waived: 30d, or a time (2026-12-31)" };

    public static Command Plan() => new Command("plan", "Audit a commit and show what would be built and run") { Project, Ref, Profile, Care }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(Project), cancellation);
        var plan = await Make(run.Api, project, run.Get(Ref), run.Get(Profile), cancellation, run.Get(Care));
        PlanText.Write(run, plan);
        run.Next(plan["status"]!.ToString() == "approved" ? $"prodsprint release --project {project}" : $"prodsprint approve --project {project}");
        return plan;
    });

    public static Command Approve() => new Command("approve", "Approve a plan, or a release that waits for it") { Project, Number, Waive, Ticket, Expires, Reason }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(Project), cancellation);
        var view = await run.Api.Get($"/v1/projects/{project}", cancellation);
        if (run.Get(Number) is null && view["activeRelease"] is { } active)
        {
            var release = await run.Api.Get($"/v1/projects/{project}/releases/{active}", cancellation);
            if (release["phase"]!.ToString() == "awaitingApproval")
            {
                await run.Api.Post($"/v1/projects/{project}/releases/{active}/approve", new { reason = run.Get(Reason) }, cancellation);
                run.Line($"{Screen.Good("approved")} release {active} of {project}");
                run.Next($"prodsprint status --project {project}");
                return await run.Api.Get($"/v1/projects/{project}/releases/{active}", cancellation);
            }
        }
        var number = run.Get(Number) ?? (int)view["lastPlan"]!;
        if (number == 0) throw new CliException(ExitCode.NotFound, "plan.none", "No plan", $"{project} has no plan yet.", $"Make one: prodsprint plan --project {project}");
        var waivers = (run.Get(Waive) ?? []).Select(w => Waiver(w, run.Get(Ticket), run.Get(Expires))).ToArray();
        // A plan that is still being made has none, and the server says so.
        var digest = (await run.Api.Get($"/v1/projects/{project}/plans/{number}", cancellation))["document"]?["digest"]?.ToString();
        await run.Api.Post($"/v1/projects/{project}/plans/{number}/approve", new { reason = run.Get(Reason), digest, waivers }, cancellation);
        var plan = await run.Api.Get($"/v1/projects/{project}/plans/{number}", cancellation);
        run.Line($"{Screen.Good("approved")} plan {number} of {project}, {digest}");
        if (plan["status"]!.ToString() == "ready")
            run.Line($"  {plan["approvals"]!.AsArray().Count} of {plan["document"]!["policy"]!["approvers"]} people have approved it; it needs someone else");
        else
            run.Next($"prodsprint release --project {project} --watch");
        return plan;
    });

    /// <summary>Asks for a plan and waits until it is made.</summary>
    public static async Task<JsonNode> Make(ApiClient api, string project, string? reference, string? profile, CancellationToken cancellation, string? care = null)
    {
        var answer = await api.Post($"/v1/projects/{project}/plans", new { @ref = reference, profile, care }, cancellation);
        return await Ready(api, project, GrainKeys.Number(answer["started"]!.ToString()), cancellation);
    }

    public static async Task<JsonNode> Ready(ApiClient api, string project, int number, CancellationToken cancellation)
    {
        var plan = await Until.True(() => api.Find($"/v1/projects/{project}/plans/{number}", cancellation), p => p?["status"]?.ToString() is not (null or "generating"), cancellation);
        if (plan!["status"]!.ToString() == "failed")
            throw new CliException(ExitCode.Failed, "plan.failed", "The plan failed", plan["problem"]!.ToString(), $"Mend it and plan again: prodsprint plan --project {project}");
        return plan;
    }

    private static object Waiver(string text, string? ticket, string? expires)
    {
        var at = text.IndexOf('=');
        if (at <= 0 || at == text.Length - 1)
            throw new CliException(ExitCode.Usage, "cli.bad-waiver", "A waiver needs a reason", $"'{text}' is not BLOCKER=reason.", "e.g. --waive 'env.missing:DATABASE_URL=not used in this cut'");
        if (ticket is null || expires is null)
            throw new CliException(ExitCode.Usage, "cli.bad-waiver", "A waiver needs a ticket and an end", $"'{text}' names no {(ticket is null ? "ticket" : "end")}.", "e.g. --ticket SHOP-1207 --expires 30d");
        return new { blocker = text[..at], reason = text[(at + 1)..], ticket, expires = Gates.WaiversCommand.Time(expires) };
    }
}
