using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Domains whose people sign in by a connection of the workspace.</summary>
public static class DomainsCommand
{
    private static readonly Argument<string> Domain = new("domain") { Description = "What stands after the @, e.g. example.com" };
    private static readonly Option<string?> Connection = new("--connection") { Description = "The connection's id; may be left out where there is one" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why it is yours; stays in the audit log", Required = true };

    public static Command Create() => new("domains", "Domains whose people sign in by a connection of the workspace")
    {
        new Command("list", "Which lead where, and what proves the others").Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get("/v1/connections", cancellation);
            foreach (var (connection, domain) in Of(page)) run.Line(Line(connection, domain));
            if (!Of(page).Any())
            {
                run.Line("None: whoever signs in chooses a provider.");
                run.Next("prodsprint domains state DOMAIN --reason …");
            }
            return page;
        }),
        new Command("state", "State that a domain is the workspace's own") { Domain, Connection, Reason }.Runs(async (run, cancellation) =>
        {
            var all = (await run.Api.Get("/v1/connections", cancellation))["items"]!.AsArray();
            var id = run.Get(Connection) ?? (all.Count == 1 ? all[0]!["id"]!.ToString()
                : throw new CliException(ExitCode.Usage, "domains.which-connection", "Which connection?", $"The workspace has {all.Count}.", "Say --connection ID: prodsprint domains list, or Administration, Sign-in"));
            return Shown(run, await run.Api.Put($"{Path(id, run)}", new { reason = run.Get(Reason) }, cancellation));
        }),
        new Command("verify", "Look in the DNS for the record that proves it") { Domain }.Runs(async (run, cancellation) =>
            Shown(run, await run.Api.Post($"{Path(await WhereAsync(run, cancellation), run)}/verify", new { }, cancellation))),
        new Command("drop", "Let it go") { Domain }.Runs(async (run, cancellation) =>
        {
            run.Confirm($"Let {run.Get(Domain)} go?");
            return await run.Api.Delete(Path(await WhereAsync(run, cancellation), run), cancellation);
        }),
    };

    private static string Path(string id, CommandRun run) => $"/v1/connections/{Uri.EscapeDataString(id)}/domains/{Uri.EscapeDataString(run.Get(Domain)!)}";

    private static async Task<string> WhereAsync(CommandRun run, CancellationToken cancellation) =>
        Of(await run.Api.Get("/v1/connections", cancellation)).FirstOrDefault(d => d.Domain["domain"]!.ToString().Equals(run.Get(Domain), StringComparison.OrdinalIgnoreCase)).Connection?["id"]!.ToString()
        ?? throw new CliException(ExitCode.NotFound, "domain.not-found", "No such domain", $"No connection of this workspace has stated {run.Get(Domain)}.", $"prodsprint domains state {run.Get(Domain)} --reason …");

    private static IEnumerable<(JsonNode Connection, JsonNode Domain)> Of(JsonNode page) => page["items"]!.AsArray().SelectMany(c => c!["domains"]!.AsArray().Select(d => (c, d!)));

    private static JsonNode Shown(CommandRun run, JsonNode connection)
    {
        var domain = connection["domains"]!.AsArray().Single(d => d!["domain"]!.ToString().Equals(run.Get(Domain), StringComparison.OrdinalIgnoreCase))!;
        run.Line(Line(connection, domain));
        if (domain["provenAt"] is null) run.Next($"prodsprint domains verify {domain["domain"]}");
        return connection;
    }

    private static string Line(JsonNode connection, JsonNode domain) => domain["provenAt"] is { } at
        ? $"{domain["domain"],-30} {connection["id"]}  proven {at} ({domain["proof"]}){(domain["daysLeft"] is { } left ? $"; its record is gone: make it again within {left} days, {domain["record"]}  {domain["value"]}" : "")}"
        : $"{domain["domain"],-30} {connection["id"]}  not proven: make a TXT record\n  {domain["record"]}  {domain["value"]}";
}
