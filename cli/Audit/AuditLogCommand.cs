using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Audit;

/// <summary>Who did what: look, export, and find out whether the log is as it was written.</summary>
public static class AuditLogCommand
{
    private static readonly Option<string?> User = new("--user") { Description = "Only what this person did" };
    private static readonly Option<string?> Action = new("--action") { Description = "Only this operation, e.g. AbortRelease" };
    private static readonly Option<string?> Resource = new("--resource") { Description = "Only this and what lies below it, e.g. projects/shop" };
    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "From this time on" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Before this time" };
    private static readonly Option<int> Limit = new("--limit") { Description = "How many rows", DefaultValueFactory = _ => 50 };
    private static readonly Option<string> Format = new("--format") { Description = "json (lines; can be verified) or csv", DefaultValueFactory = _ => "json" };
    private static readonly Argument<FileInfo> Out = new("file") { Description = "Where to write it" };
    private static readonly Argument<FileInfo?> Exported = new("file") { Description = "An export (JSON lines) to verify without a server; else the server's own log", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<FileInfo> Sealed = new("file") { Description = "The archive; it is verified first, and stays where it is" };
    private static readonly Option<string?> Head = new("--head") { Description = "The head an earlier verification printed, SEQ:HASH" };

    private static readonly Option<string> Person = new("--person") { Description = "Whose: a name, or an actor such as service:deployer", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; stays in the log", Required = true };

    private static readonly Option<bool> Accounts = new("--accounts") { Description = "Of sign-ins and sessions, which belong to no workspace: at the server's machine, with its database settings" };

    public static Command Create() => new("audit-log", "Who did what, chained so that a change shows")
    {
        new Command("list", "Newest first") { User, Action, Resource, From, Until, Limit, Accounts }.Runs(List),
        new Command("export", "All of it into a file, oldest first") { Out, Format, User, Action, Resource, From, Until }.Runs(Export),
        new Command("archive", "What is older than a time into a sealed file") { Out, Until }.Runs(Archive),
        new Command("prune", "Take what lies in a sealed archive out of the database") { Sealed }.Runs(Prune),
        new Command("erase", "Erase from where and with which program somebody acted; what they did stays") { Person, Reason, Until, Accounts }.Runs(Erase),
        new Command("verify", "Find any row that was altered, removed or reordered") { Exported, Head, Accounts }.Runs(Verify),
    };

    private static async Task<JsonNode?> List(CommandRun run, CancellationToken cancellation)
    {
        var limit = Math.Clamp(run.Get(Limit), 1, 500);
        var page = run.Get(Accounts)
            ? await AccountsLog.ListAsync(new(run.Get(User) is { } user && !user.Contains(':') ? $"user:{user}" : run.Get(User), run.Get(Action), run.Get(Resource), run.Get(From), run.Get(Until)), limit, cancellation)
            : await run.Api.Get($"/v1/admin/audit-logs?limit={limit}{Filter(run)}", cancellation);
        foreach (var row in page["items"]!.AsArray())
        {
            var at = DateTimeOffset.Parse(row!["at"]!.ToString(), CultureInfo.InvariantCulture).ToLocalTime();
            run.Line($"{row["seq"],6}  {at:yyyy-MM-dd HH:mm:ss}  {row["actor"],-18} {row["action"],-18} {row["resource"],-32} {row["outcome"]}{(row["reason"] is { } why ? $"  “{why}”" : "")}");
        }
        return page;
    }

    private static async Task<JsonNode?> Export(CommandRun run, CancellationToken cancellation)
    {
        var file = run.Get(Out)!;
        await run.Api.Save($"/v1/admin/audit-logs/export?format={Uri.EscapeDataString(run.Get(Format)!)}{Filter(run)}", file, cancellation);
        run.Line($"{file.FullName}: {file.Length} bytes");
        return new JsonObject { ["file"] = file.FullName, ["bytes"] = file.Length };
    }

    private static async Task<JsonNode?> Archive(CommandRun run, CancellationToken cancellation)
    {
        var file = run.Get(Out)!;
        await run.Api.Save($"/v1/admin/audit-logs/export?archive=true{Part("until", run.Get(Until)?.ToString("O"))}", file, cancellation);
        var verdict = await OfFile(file, null, cancellation);
        run.Line($"{file.FullName}: {verdict["rows"]} rows, sealed, head {verdict["head"]}");
        run.Next($"keep it where nobody can change it, then: prodsprint audit-log prune {file.FullName}");
        return verdict;
    }

    private static async Task<JsonNode?> Prune(CommandRun run, CancellationToken cancellation)
    {
        var file = run.Get(Sealed)!;
        var verdict = await OfFile(file, null, cancellation);
        if (!verdict["intact"]!.GetValue<bool>()) throw new CliException(ExitCode.Rejected, "audit-log.not-intact", "Not intact", $"{file} is not what was written.", $"See where: prodsprint audit-log verify {file}");
        var seal = (await AuditFile.ReadAsync(file.FullName, null, cancellation)).Seal ?? throw new CliException(ExitCode.Usage, "audit-log.not-sealed", "Not an archive", $"{file} has no seal.", "Make one: prodsprint audit-log archive FILE");
        run.Confirm($"Take {verdict["rows"]} rows out of the database? From then on they are in {file} only.");
        var pruned = await run.Api.Post("/v1/admin/audit-logs/prune", new { seal.From, seal.To, seal.Rows, seal.Anchor, seal.Head, seal.Seal }, cancellation);
        run.Line($"{pruned["rows"]} rows are out; the chain goes on from {pruned["head"]}");
        return pruned;
    }

    private static async Task<JsonNode?> Erase(CommandRun run, CancellationToken cancellation)
    {
        run.Confirm($"Erase from where and with which program {run.Get(Person)} acted? It cannot be had back.");
        var erased = run.Get(Accounts) ? await AccountsLog.EraseAsync(run.Get(Person)!, run.Get(Until), run.Get(Reason)!, cancellation)
            : await run.Api.Post("/v1/admin/audit-logs/erase", new { person = run.Get(Person), until = run.Get(Until), reason = run.Get(Reason) }, cancellation);
        run.Line($"Erased in {erased["rows"]} rows of {erased["actor"]}");
        run.Next(run.Get(Accounts) ? "prodsprint audit-log verify --accounts" : $"sign-ins are kept apart: prodsprint audit-log erase --accounts --person {run.Get(Person)}, at the server's machine");
        return erased;
    }

    private static async Task<JsonNode?> Verify(CommandRun run, CancellationToken cancellation)
    {
        if (run.Get(Accounts) && run.Get(Exported) is not null) throw new CliException(ExitCode.Usage, "audit-log.which", "A file, or the accounts' log", "An export is verified as it is, whichever log it is of.", "Leave one of them out");
        var verdict = run.Get(Exported) is { } file ? await OfFile(file, run.Get(Head), cancellation)
            : run.Get(Accounts) ? await AccountsLog.VerifyAsync(HeadOf(run.Get(Head)), cancellation)
            : await run.Api.Get($"/v1/admin/audit-logs/verify{(run.Get(Head) is { } head ? $"?head={Uri.EscapeDataString(head)}" : "")}", cancellation);
        var intact = verdict["intact"]!.GetValue<bool>();
        run.Line(intact ? $"Intact: {verdict["rows"]} rows, head {verdict["head"]}" : $"NOT intact: {verdict["rows"]} rows");
        foreach (var fault in verdict["faults"]!.AsArray()) run.Line($"  row {fault!["seq"]}: {fault["kind"]}. {fault["detail"]}");
        if (intact) run.Next("note the head down elsewhere, and next time: prodsprint audit-log verify --head SEQ:HASH");
        run.ExitCode = intact ? ExitCode.Ok : ExitCode.Failed;
        return verdict;
    }

    private static AuditHead? HeadOf(string? noted) =>
        noted?.Split(':') is [var seq, var hash] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? new AuditHead(n, hash)
        : noted is null ? null : throw new CliException(ExitCode.Usage, "audit-log.bad-head", "Not a head", $"'{noted}' is not SEQ:HASH.");

    private static async Task<JsonNode> OfFile(FileInfo file, string? noted, CancellationToken cancellation)
    {
        if (!file.Exists) throw new CliException(ExitCode.NotFound, "audit-log.no-file", "No file", $"There is no file {file}.", "Export one: prodsprint audit-log export FILE");
        try
        {
            var read = await AuditFile.ReadAsync(file.FullName, HeadOf(noted), cancellation);
            return JsonSerializer.SerializeToNode(new { intact = read.Faults.Count == 0, rows = read.Rows, head = $"{read.Head.Seq}:{read.Head.Hash}", @sealed = read.Seal is null ? (bool?)null : true, faults = read.Faults }, KernelJson.Options)!;
        }
        catch (AuditFileException e)
        {
            throw new CliException(ExitCode.Usage, "audit-log.bad-line", "Not an export", $"Line {e.Line} of {file} is no row of an audit log.", "Export it anew: prodsprint audit-log export FILE (format json, no filter)");
        }
    }

    private static string Filter(CommandRun run) => string.Concat(
        Part("user", run.Get(User)), Part("action", run.Get(Action)), Part("resource", run.Get(Resource)), Part("from", run.Get(From)?.ToString("O")), Part("until", run.Get(Until)?.ToString("O")));

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
