using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

public static class ReleaseCommands
{
    private static readonly Option<string?> Project = PlanCommands.Project;
    private static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Stay and show it until it has ended" };
    private static readonly Option<bool> SkipAnalysis = new("--skip-analysis") { Description = "Promote as soon as the new version is healthy" };
    private static readonly Option<int?> Plan = new("--plan") { Description = "Carry out this approved plan instead of planning anew" };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; goes into the timeline" };
    private static readonly Option<int?> Number = new("--release", "-r") { Description = "The release's number (default: the one in flight, else the newest)" };
    private static readonly Option<bool> Full = new("--full") { Description = "Skip every remaining step and analysis" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print the plan and change nothing" };
    private static readonly Argument<string?> Version = new("version") { Description = "A version that was promoted before (default: the one before)", Arity = ArgumentArity.ZeroOrOne };

    public static Command Release() => new Command("release", "Release a ref: plan, build, stage, gate, canary, production")
    {
        Project, PlanCommands.Ref, Plan, SkipAnalysis, Reason, Watch, DryRun,
    }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(Project), cancellation);
        if (run.Get(DryRun))
        {
            var plan = await PlanCommands.Make(run.Api, project, run.Get(PlanCommands.Ref), null, cancellation);
            PlanText.Write(run, plan);
            run.Next($"prodsprint release --project {project} --plan {plan["number"]}");
            return plan;
        }
        var release = await Start(run.Api, project, run.Get(PlanCommands.Ref), run.Get(Plan), run.Get(SkipAnalysis), run.Get(Reason), cancellation);
        if (!run.Get(Watch))
        {
            run.Line($"release {release["number"]} of {project} ({release["version"]}) started");
            run.Next($"prodsprint status --project {project}");
            return release;
        }
        var ended = await new ReleaseWatch(run.Api, project, (int)release["number"]!, run.Json).UntilEnded(cancellation);
        run.ExitCode = ended["outcome"]!.ToString() is "promoted" or "fastPromoted" ? ExitCode.Ok : ExitCode.Rejected;
        run.Line($"release {ended["number"]} ({ended["version"]}): {ended["outcome"]}. {ended["message"]}");
        run.Next($"prodsprint timeline --project {project}");
        return ended;
    });

    public static Command Rollback() => new Command("rollback", "Back to a version that was promoted before; no build") { Version, Project, Reason, Watch }.Runs(async (run, cancellation) =>
    {
        var project = await run.Project(run.Get(Project), cancellation);
        run.Confirm($"Roll {project} back{(run.Get(Version) is { } v ? $" to {v}" : "")}?");
        var answer = await run.Api.Post($"/v1/projects/{project}/rollback", new { version = run.Get(Version), reason = run.Get(Reason) }, cancellation);
        var view = await run.Api.Get($"/v1/projects/{project}", cancellation);
        var number = answer["started"]?.ToString() is { } key && key.StartsWith("release/", StringComparison.Ordinal) ? GrainKeys.Number(key) : (int)view["lastRelease"]!;
        await Until.True(() => run.Api.Find($"/v1/projects/{project}/releases/{number}", cancellation), r => r is not null, cancellation);
        var release = run.Get(Watch)
            ? await new ReleaseWatch(run.Api, project, number, run.Json).UntilEnded(cancellation)
            : await run.Api.Get($"/v1/projects/{project}/releases/{number}", cancellation);
        run.Line($"{Screen.Good("rolling back")} {project}: {release["message"]}");
        run.Next($"prodsprint timeline --project {project} --release {number}");
        return release;
    });

    /// <summary>promote, pause, resume, abort, retry: one verb of the API each.</summary>
    public static IEnumerable<Command> Steering() =>
    [
        Steer("promote", "Past the current step or hold; --full past all of them", false, Full),
        Steer("pause", "Stay at the current weight until resumed", false),
        Steer("resume", "Go on from a pause", false),
        Steer("abort", "All traffic back to the stable version, now", true),
        Steer("retry", "A new attempt from the first step", false),
    ];

    private static Command Steer(string verb, string description, bool destructive, params Option[] more)
    {
        var command = new Command(verb, description) { Project, Number, Reason };
        foreach (var option in more) command.Add(option);
        return command.Runs(async (run, cancellation) =>
        {
            var project = await run.Project(run.Get(Project), cancellation);
            var number = run.Get(Number) ?? await Current(run.Api, project, cancellation);
            if (destructive) run.Confirm($"{char.ToUpperInvariant(verb[0])}{verb[1..]} release {number} of {project}?");
            await run.Api.Post($"/v1/projects/{project}/releases/{number}/{verb}", new { reason = run.Get(Reason), full = more.Length > 0 && run.Get(Full) }, cancellation);
            var release = await run.Api.Get($"/v1/projects/{project}/releases/{number}", cancellation);
            run.Line($"{verb}: release {number} of {project} is {release["phase"]}. {release["message"]}");
            run.Next(verb == "pause" ? $"prodsprint resume --project {project}" : $"prodsprint timeline --project {project} --release {number}");
            return release;
        });
    }

    public static async Task<int> Current(ApiClient api, string project, CancellationToken cancellation)
    {
        var view = await api.Get($"/v1/projects/{project}", cancellation);
        var number = (int?)view["activeRelease"] ?? (int)view["lastRelease"]!;
        return number > 0 ? number
            : throw new CliException(ExitCode.NotFound, "release.none", "No release", $"{project} was never released.", $"Release it: prodsprint release --project {project}");
    }

    /// <summary>Asks for a release and waits until it has begun, or says why it cannot yet.</summary>
    public static async Task<JsonNode> Start(
        ApiClient api, string project, string? reference, int? plan, bool skipAnalysis, string? reason, CancellationToken cancellation)
    {
        var answer = await api.Post($"/v1/projects/{project}/releases", new { @ref = reference, plan, skipAnalysis, reason }, cancellation);
        var number = plan ?? GrainKeys.Number(answer["started"]!.ToString());
        var made = await PlanCommands.Ready(api, project, number, cancellation);
        if (made["status"]!.ToString() != "approved")
        {
            throw new CliException(ExitCode.Rejected, "release.plan-not-approved", "Waits for approval",
                $"Plan {number} ({made["version"]}) is made and not approved; the release begins as soon as it is.", $"Read and approve it: prodsprint approve --project {project} --plan {number}");
        }
        return await Until.True(
            async () => (await api.Get($"/v1/projects/{project}/releases?limit=20", cancellation))["items"]!.AsArray().Where(r => (int)r!["planNumber"]! == number).MaxBy(r => (int)r!["number"]!),
            r => r is not null, cancellation) ?? throw new InvalidOperationException("unreachable");
    }
}
