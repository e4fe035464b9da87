using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Secrets;

/// <summary><c>prodsprint secrets</c>: what services are given and nobody is shown. A value comes from standard input, a file or a prompt, never from the command line, which others can see.</summary>
public static class SecretsCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "As services are given it: DATABASE_URL" };
    private static readonly Option<string> Environment = new("--environment", "-e") { Description = "staging or production", DefaultValueFactory = _ => "production" };
    private static readonly Option<string?> OnlyIn = new("--environment", "-e") { Description = "staging or production (default: both)" };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; goes into the timeline" };
    private static readonly Option<string> Kind = new("--kind") { Description = "value, postgres-password or api-key", DefaultValueFactory = _ => "value" };
    private static readonly Option<FileInfo?> From = new("--file") { Description = "The value is in this file (default: standard input)" };
    private static readonly Option<bool> Stdin = new("--stdin") { Description = "The value comes on standard input; one line end at its end is left out" };
    private static readonly Option<string?> CreateUrl = new("--create") { Description = "api-key: where keys are made (POST)" };
    private static readonly Option<string?> VerifyUrl = new("--verify") { Description = "api-key: where a key is tried (GET)" };
    private static readonly Option<string?> RevokeUrl = new("--revoke") { Description = "api-key: where a key is ended (DELETE); {id} is the key's id" };
    private static readonly Option<string?> Credential = new("--credential") { Description = "api-key: the secret of the same environment that makes and revokes keys" };
    private static readonly Option<bool> Force = new("--force") { Description = "Also when something runs with it, which is cut off; needs a reason" };
    private static readonly Option<int?> Every = new("--every") { Description = "Days; left out: only when somebody asks" };
    private static readonly Option<int?> Overlap = new("--overlap") { Description = "Hours that the version before goes on working (default: 24, or as scheduled)" };

    public static Command Create()
    {
        foreach (var option in (Option<string>[])[Environment, OnlyIn!]) option.AcceptOnlyFromAmong("staging", "production");
        Kind.AcceptOnlyFromAmong("value", "postgres-password", "api-key");
        return new("secrets", "What services are given and nobody is shown: versions, rotation, and whether they are let in")
        {
            new Command("list", "Which there are, and how they are") { PlanCommands.Project, OnlyIn }.Runs(async (run, cancellation) =>
            {
                var project = await run.Project(run.Get(PlanCommands.Project), cancellation);
                var items = (await run.Api.All($"/v1/projects/{project}/secrets", cancellation))["items"]!.AsArray().Where(s => s!["removedAt"] is null).Where(s => run.Get(OnlyIn) is not { } only || s!["environment"]!.ToString() == only).ToList();
                if (items.Count == 0) run.Line("None.");
                foreach (var s in items) SecretsText.Line(run, s!);
                return new JsonObject { ["secrets"] = new JsonArray([.. items.Select(i => i!.DeepClone())]) };
            }),
            new Command("set", "A new version of a value; for the other kinds, have the first one made") { Name, PlanCommands.Project, Environment, Kind, From, Stdin, CreateUrl, VerifyUrl, RevokeUrl, Credential, Reason }.Runs(Set),
            new Command("rotate", "A new version beside the current one, tried before it is handed out") { Name, PlanCommands.Project, Environment, Overlap, Reason }.Runs(async (run, cancellation) =>
                await Followed(run, "rotate", new { overlapHours = run.Get(Overlap), reason = run.Get(Reason) }, cancellation)),
            new Command("schedule", "How often it is rotated") { Name, PlanCommands.Project, Environment, Every, Overlap, Reason }.Runs(async (run, cancellation) =>
            {
                var path = await Path(run, cancellation);
                await run.Api.Post($"{path}/schedule", new { everyDays = run.Get(Every), overlapHours = run.Get(Overlap) ?? 24, reason = run.Get(Reason) }, cancellation);
                run.Line(run.Get(Every) is { } days ? $"{run.Get(Name)} is rotated every {days} days" : $"{run.Get(Name)} is rotated when somebody asks");
                return await run.Api.Get(path, cancellation);
            }),
            new Command("versions", "Its versions, newest first, and what is to be done") { Name, PlanCommands.Project, Environment }.Runs(async (run, cancellation) =>
            {
                var view = await run.Api.Get(await Path(run, cancellation), cancellation);
                SecretsText.Write(run, view);
                return view;
            }),
            new Command("check", "Look now whether the current version is let in") { Name, PlanCommands.Project, Environment, Reason }.Runs(async (run, cancellation) =>
                await Followed(run, "check", new { reason = run.Get(Reason) }, cancellation)),
            new Command("restore", "In the overlap: the version before is current again") { Name, PlanCommands.Project, Environment, Reason }.Runs(async (run, cancellation) =>
                await Followed(run, "restore", new { reason = run.Get(Reason) }, cancellation)),
            new Command("revoke", "End the version before now, also when running copies use it") { Name, PlanCommands.Project, Environment, Reason }.Runs(async (run, cancellation) =>
            {
                run.Confirm($"End the version before of {run.Get(Name)} now? What was started with it is not let in any more.");
                return await Followed(run, "revoke", new { reason = run.Get(Reason) }, cancellation);
            }),
            new Command("remove", "End it at its provider and forget its values; its record stays") { Name, PlanCommands.Project, Environment, Force, Reason }.Runs(Remove),
        };
    }

    private static async Task<JsonNode?> Remove(CommandRun run, CancellationToken cancellation)
    {
        run.Confirm($"Remove {run.Get(Name)}? Nothing brings it back{(run.Get(Force) ? ", and what runs with it is cut off" : "")}.");
        var path = await Path(run, cancellation);
        var answer = await run.Api.Delete($"{path}?force={(run.Get(Force) ? "true" : "false")}{(run.Get(Reason) is { } why ? $"&reason={Uri.EscapeDataString(why)}" : "")}", cancellation);
        var view = (await Until.True(() => run.Api.Find(path, cancellation), v => v is not null && (long)v["stateVersion"]! >= (long)answer["version"]! && v["job"] is null, cancellation))!;
        SecretsText.Write(run, view);
        return view["removedAt"] is not null ? view
            : throw new CliException(ExitCode.Conflict, "secrets.not-removed", "It is not removed", view["problem"]?.ToString() ?? "Something else was asked of it meanwhile.", $"Look at it: prodsprint secrets versions {run.Get(Name)}{Words(run, path)}");
    }

    private static async Task<JsonNode?> Set(CommandRun run, CancellationToken cancellation)
    {
        var kind = run.Get(Kind)!;
        object? provider = kind == "api-key" && run.Get(CreateUrl) is { } create ? new { create, verify = run.Get(VerifyUrl) ?? "", revoke = run.Get(RevokeUrl) ?? "", credential = run.Get(Credential) } : null;
        var value = kind == "value" ? await Value(run, cancellation) : null;
        return await Followed(run, "versions", new { kind = kind switch { "postgres-password" => "postgresPassword", "api-key" => "apiKey", _ => "value" }, value, provider, reason = run.Get(Reason) }, cancellation);
    }

    private static async Task<string> Value(CommandRun run, CancellationToken cancellation)
    {
        if (run.Get(From) is { } file)
        {
            if (!file.Exists) throw new CliException(ExitCode.NotFound, "secrets.no-file", "No such file", $"There is no {file.Name}.", "Name the file that holds the value: --file PATH");
            return Line(await File.ReadAllTextAsync(file.FullName, cancellation));
        }
        if (run.Get(Stdin) || Console.IsInputRedirected) return Line(await Console.In.ReadToEndAsync(cancellation));
        throw new CliException(ExitCode.Usage, "secrets.no-value", "A value is missing", "It is not taken from the command line, which others on this machine can see.", "Pipe it in with --stdin, or name a file: --file PATH");
    }

    private static string Line(string text) => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    /// <summary>Until what was asked for is seen, and no job works on it any more.</summary>
    private static async Task<JsonNode> Followed(CommandRun run, string verb, object body, CancellationToken cancellation)
    {
        var path = await Path(run, cancellation);
        var answer = await run.Api.Post($"{path}/{verb}", body, cancellation);
        var view = await Until.True(() => run.Api.Find(path, cancellation), v => v is not null && (long)v["stateVersion"]! >= (long)answer["version"]! && v["job"] is null, cancellation);
        SecretsText.Write(run, view!);
        if (verb is "rotate" or "versions" && view!["problem"] is { } problem)
            throw new CliException(ExitCode.Failed, "secrets.failed", "It did not work out", problem.ToString(), $"Look at it: prodsprint secrets versions {run.Get(Name)}{Words(run, path)}");
        if (view!["drift"] is not null)
        {
            run.ExitCode = ExitCode.Rejected;
            run.Next($"prodsprint secrets rotate {run.Get(Name)}{Words(run, path)}");
        }
        return view;
    }

    private static async Task<string> Path(CommandRun run, CancellationToken cancellation) =>
        $"/v1/projects/{await run.Project(run.Get(PlanCommands.Project), cancellation)}/secrets/{CommandRun.Name(run.Get(Environment)!)}/{Uri.EscapeDataString(run.Get(Name)!)}";

    private static string Words(CommandRun run, string path) => $" --project {path.Split('/')[3]} --environment {run.Get(Environment)}";
}
