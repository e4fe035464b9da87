using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Infrastructure;

/// <summary><c>prodsprint infrastructure</c>: what an environment stands on, from a plan to what drifted.</summary>
public static class InfrastructureCommands
{
    private static readonly Option<string> Environment = new("--environment", "-e") { Description = "staging or production", DefaultValueFactory = _ => "production" };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; goes into the timeline" };
    private static readonly Option<string?> Digest = new("--digest") { Description = "What you have seen, if somebody may plan in between (default: what is there now)" };
    private static readonly Option<bool> Destroy = new("--destroy") { Description = "A plan that takes everything of the environment away" };
    private static readonly Option<bool> Reapply = new("--reapply") { Description = "Put back what was applied" };
    private static readonly Option<bool> Accept = new("--accept") { Description = "It stays; needs --reason" };
    private static readonly Option<long> Version = new("--version") { Description = "Of the state, as 'states' has it", Required = true };

    public static Command Create() => new("infrastructure", "What an environment stands on: database, role, secret, directories")
    {
        new Command("show", "Its plan, what was applied, and how it is otherwise by now") { PlanCommands.Project, Environment }.Runs(async (run, cancellation) =>
        {
            var view = await run.Api.Get(await Path(run, cancellation), cancellation);
            InfrastructureText.Write(run, view);
            return view;
        }),
        new Command("plan", "See what would be changed; nothing is") { PlanCommands.Project, Environment, Destroy, Reason }.Runs(async (run, cancellation) =>
        {
            var path = await Path(run, cancellation);
            var before = (await run.Api.Find(path, cancellation))?["stateVersion"]?.GetValue<long>() ?? 0;
            await run.Api.Post($"{path}/plan", new { destroy = run.Get(Destroy), reason = run.Get(Reason) }, cancellation);
            var view = await Until.True(() => run.Api.Find(path, cancellation), v => v is not null && (long)v["stateVersion"]! > before && v["job"] is null, cancellation);
            Failed(view!);
            InfrastructureText.Write(run, view!);
            run.Next($"prodsprint infrastructure approve{Words(run, path)} --digest {view!["plan"]!["digest"]}");
            return view;
        }),
        new Command("approve", "Approve the plan with this digest") { PlanCommands.Project, Environment, Digest, Reason }.Runs(async (run, cancellation) =>
        {
            var path = await Path(run, cancellation);
            var digest = run.Get(Digest) ?? (await run.Api.Get(path, cancellation))["plan"]?["digest"]?.ToString()
                ?? throw new CliException(ExitCode.Conflict, "infrastructure.no-plan", "No plan to decide on", "There is no plan that waits.", $"Plan it: prodsprint infrastructure plan{Words(run, path)}");
            await run.Api.Post($"{path}/approve", new { digest, reason = run.Get(Reason) }, cancellation);
            run.Line($"{Screen.Good("approved")} {digest}");
            run.Next($"prodsprint infrastructure apply{Words(run, path)}");
            return await run.Api.Get(path, cancellation);
        }),
        new Command("apply", "Carry out what was approved; after a failure, what is left of it") { PlanCommands.Project, Environment, Reason }.Runs(async (run, cancellation) =>
        {
            var path = await Path(run, cancellation);
            if ((await run.Api.Get(path, cancellation))["plan"]?["destroy"]?.GetValue<bool>() == true) run.Confirm("Take everything of the environment away, with all that is in its database?");
            return await Followed(run, path, await run.Api.Post($"{path}/apply", new { reason = run.Get(Reason) }, cancellation), cancellation);
        }),
        new Command("drift", "Look whether what is there is what was applied; put it back or accept it") { PlanCommands.Project, Environment, Reapply, Accept, Digest, Reason }.Runs(async (run, cancellation) =>
        {
            var path = await Path(run, cancellation);
            if (run.Get(Reapply) || run.Get(Accept))
            {
                var digest = run.Get(Digest) ?? (await run.Api.Get(path, cancellation))["drift"]?["digest"]?.ToString() ?? "none";
                return await Followed(run, path, await run.Api.Post($"{path}/drift/{(run.Get(Reapply) ? "reapply" : "accept")}", new { digest, reason = run.Get(Reason) }, cancellation), cancellation);
            }
            var view = await Followed(run, path, await run.Api.Post($"{path}/drift", new { reason = run.Get(Reason) }, cancellation), cancellation);
            if (view["drift"] is not { } drift || drift["acceptedBy"] is not null) return view;
            run.ExitCode = ExitCode.Rejected;
            run.Next($"prodsprint infrastructure drift --reapply{Words(run, path)}");
            return view;
        }),
        new Command("states", "Terraform's states that are kept, newest first") { PlanCommands.Project, Environment }.Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get($"{await Path(run, cancellation)}/states", cancellation);
            foreach (var s in page["items"]!.AsArray()) run.Line($"{s!["version"],4}  {((bool)s["sound"]! ? Screen.Good("sound") : Screen.Bad("not ours"))}  {s["createdAt"]}  {s["digest"]}  {Screen.Dim(s["run"]!.ToString())}");
            return page;
        }),
        new Command("restore", "Make an earlier state the newest, after one that was tampered with") { PlanCommands.Project, Environment, Version, Reason }.Runs(async (run, cancellation) =>
        {
            run.Confirm($"Make version {run.Get(Version)} the newest state? What was made since then is not in it.");
            var path = await Path(run, cancellation);
            return await Followed(run, path, await run.Api.Post($"{path}/states/{run.Get(Version)}/restore", new { reason = run.Get(Reason) }, cancellation), cancellation);
        }),
    };

    /// <summary>Until what was asked for is seen, and no job works on it any more.</summary>
    private static async Task<JsonNode> Followed(CommandRun run, string path, JsonNode answer, CancellationToken cancellation)
    {
        var view = await Until.True(() => run.Api.Get(path, cancellation), v => (long)v["stateVersion"]! >= (long)answer["version"]! && v["job"] is null, cancellation);
        Failed(view);
        InfrastructureText.Write(run, view);
        return view;
    }

    private static void Failed(JsonNode view)
    {
        if (view["job"] is null && view["problem"] is { } problem)
            throw new CliException(ExitCode.Failed, "infrastructure.failed", "It did not work out", problem.ToString(), "Look at it: prodsprint infrastructure show");
    }

    private static async Task<string> Path(CommandRun run, CancellationToken cancellation) =>
        $"/v1/projects/{await run.Project(run.Get(PlanCommands.Project), cancellation)}/infrastructure/{CommandRun.Name(run.Get(Environment)!)}";

    private static string Words(CommandRun run, string path) => $" --project {path.Split('/')[3]} --environment {run.Get(Environment)}";
}
