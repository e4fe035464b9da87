using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Tokens for scripts and services; used as <c>PRODSPRINT_TOKEN</c>.</summary>
public static class TokensCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "What it is for" };
    private static readonly Argument<string> Id = new("id") { Description = "The token's id" };
    private static readonly Option<string[]> May = new("--may") { Description = "Permissions, e.g. projects.read releases.start", Required = true, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Days = new("--days") { Description = "How long it is good, at most 366", DefaultValueFactory = _ => 30 };
    private static readonly Option<string?> Service = new("--service") { Description = "Of the service of this name, which belongs to the workspace; yours when left out" };
    private static readonly Option<bool> Services = new("--services") { Description = "Those of services" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why" };

    public static Command Create() => new("tokens", "Tokens for scripts and services")
    {
        new Command("list", "Yours, or those of services") { Services }.Runs(List),
        new Command("create", "Make one; it is shown once") { Name, May, Days, Service, Reason }.Runs(async (run, cancellation) =>
        {
            object body = run.Get(Service) is { } service
                ? new { service, name = run.Get(Name), permissions = run.Get(May), days = run.Get(Days), reason = run.Get(Reason) }
                : new { name = run.Get(Name), permissions = run.Get(May), days = run.Get(Days), reason = run.Get(Reason) };
            var made = await run.Api.Post(Path(run.Get(Service) is not null), body, cancellation);
            run.Line(made["token"]!.ToString());
            Screen.Note($"  token {made["id"]}, until {made["expires"]}: shown this once");
            run.Next($"PRODSPRINT_TOKEN={made["token"]!.ToString()[..4]}… prodsprint whoami");
            return made;
        }),
        new Command("revoke", "End one") { Id, Services }.Runs(async (run, cancellation) =>
        {
            var answer = await run.Api.Delete($"{Path(run.Get(Services))}/{Uri.EscapeDataString(run.Get(Id)!)}", cancellation);
            run.Line($"Token {run.Get(Id)} is revoked");
            return answer;
        }),
    };

    private static string Path(bool services) => services ? "/v1/service-tokens" : "/v1/tokens";

    private static async Task<JsonNode?> List(CommandRun run, CancellationToken cancellation)
    {
        var view = await run.Api.Get(Path(run.Get(Services)), cancellation);
        foreach (var token in view["items"]!.AsArray())
            run.Line($"{token!["id"],-14} {token["name"],-24} {token["owner"],-16} until {token["expires"]}  {(token["usedAt"] is { } used ? $"used {used} from {token["origin"]}" : "never used")}  {string.Join(" ", token["permissions"]!.AsArray().Select(p => p!.ToString()))}");
        if (view["items"]!.AsArray().Count == 0)
        {
            run.Line("None.");
            run.Next("prodsprint tokens create NAME --may projects.read");
        }
        return view;
    }
}
