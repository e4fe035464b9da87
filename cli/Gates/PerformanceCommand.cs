using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>What routes showed under load, the script that loads them, and their budgets.</summary>
public static class PerformanceCommand
{
    private static readonly Option<int?> Release = new("--release") { Description = "The run of this release; the newest otherwise" };
    private static readonly Argument<string[]> Route = new("route") { Description = "As it is shown: GET /items/{id}", Arity = new(2, 2) };
    private static readonly Option<string?> P95 = new("--p95") { Description = "What its 95th percentile may be: 200ms or 1.5s" };
    private static readonly Option<string?> Errors = new("--errors") { Description = "What share of its requests may fail: 1%" };
    private static readonly Option<string?> Reason = new("--reason", "-m") { Description = "Why; goes into the audit log" };

    public static Command Create() => new("performance", "What routes showed under load, and what they may not exceed")
    {
        new Command("show", "Each route of the newest run: its figures, its budget and its baseline") { PlanCommands.Project, Release }.Runs(async (run, cancellation) =>
        {
            var seen = await run.Api.Get($"{await Path(run, cancellation)}{(run.Get(Release) is { } release ? $"?release={release}" : "")}", cancellation);
            if (seen["run"] is { } last) run.Line($"{Screen.Bold($"release {last["release"]}")}  {last["commit"]!.ToString()[..10]}  {last["detail"]}");
            else run.Line(seen["source"]?.ToString() is { Length: > 0 } source ? $"Nothing was put under load yet; {source} names what the next release will be." : "Nothing was put under load yet, and no OpenAPI document says what may be.");
            foreach (var route in seen["routes"]!.AsArray()) run.Line($"  {(route!["breach"] is null ? "" : Screen.Bad("over "))}{route["route"]}  {Figures(route)}");
            foreach (var left in seen["leftOut"]!.AsArray()) run.Line(Screen.Dim($"  left out  {left!["name"]}: {left["why"]}"));
            foreach (var script in seen["scripts"]!.AsArray()) run.Line(Screen.Dim($"  not run here  {script}, a k6 script of the repository's own"));
            run.Next($"prodsprint performance script --project {(await Path(run, cancellation)).Split('/')[3]} > load.js");
            return seen;
        }),
        new Command("runs", "The last runs, newest first") { PlanCommands.Project }.Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get($"{await Path(run, cancellation)}/runs", cancellation);
            if (page["items"]!.AsArray().Count == 0) run.Line("Nothing was put under load yet.");
            foreach (var row in page["items"]!.AsArray()) run.Line($"{row!["at"]}  release {row["release"],-4} {row["commit"]!.ToString()[..10]}  {row["detail"]}");
            return page;
        }),
        new Command("script", "The k6 script of the routes that are known, with budgets and baselines as thresholds") { PlanCommands.Project }.Runs(async (run, cancellation) =>
        {
            var script = await run.Api.Get($"{await Path(run, cancellation)}/script", cancellation);
            run.Line(script["script"]!.ToString().TrimEnd('\n'));
            return script;
        }),
        new Command("budgets", "What routes may not exceed; without one a route is held against the stable version")
        {
            new Command("list", "All of them") { PlanCommands.Project }.Runs(async (run, cancellation) => Show(run, await run.Api.Get($"{await Path(run, cancellation)}/budgets", cancellation))),
            new Command("set", "One route's") { PlanCommands.Project, Route, P95, Errors, Reason }.Runs(async (run, cancellation) =>
            {
                if (run.Get(P95) is null && run.Get(Errors) is null) throw new CliException(ExitCode.Usage, "performance.bad-budget", "No figure", "Neither --p95 nor --errors is given.", "For example: prodsprint performance budgets set GET /items --p95 200ms --errors 1%");
                return await Put(run, new { route = Name(run), p95Ms = run.Get(P95) is { } p95 ? Milliseconds(p95) : (double?)null, errorPercent = run.Get(Errors) is { } errors ? Percent(errors) : (double?)null }, cancellation);
            }),
            new Command("remove", "One route's; it is then held against the stable version") { PlanCommands.Project, Route, Reason }.Runs(async (run, cancellation) => await Put(run, new { route = Name(run) }, cancellation)),
        },
    };

    private static async Task<JsonNode> Put(CommandRun run, object budget, CancellationToken cancellation)
    {
        var path = await Path(run, cancellation);
        var page = await run.Api.Put($"{path}/budgets", new { budgets = new[] { budget }, reason = run.Get(Reason) }, null, cancellation);
        run.Next($"prodsprint performance show --project {path.Split('/')[3]}");
        return Show(run, page);
    }

    private static JsonNode Show(CommandRun run, JsonNode page)
    {
        if (page["items"]!.AsArray().Count == 0) run.Line("No route has a budget: each is held against the stable version.");
        foreach (var b in page["items"]!.AsArray()) run.Line($"{b!["route"]}  {Limits(b["p95Ms"], b["errorPercent"])}  {Screen.Dim($"{b["by"]}, {b["at"]}")}");
        return page;
    }

    private static string Figures(JsonNode route)
    {
        var said = route["measure"] is { } m ? $"{m["requests"]} requests, p50 {m["p50Ms"]} ms, p95 {m["p95Ms"]} ms, p99 {m["p99Ms"]} ms, {m["failed"]} failed{(m["problem"] is { } problem ? $" ({problem})" : "")}" : "not measured";
        if (route["breach"] is { } breach) return $"{said}  {breach}";
        return route["limit"] is { } limit ? $"{said}  {Screen.Dim(Limits(limit["p95Ms"], limit["errorPercent"]))}" : said;
    }

    private static string Limits(JsonNode? p95, JsonNode? errors) => string.Join(", ", new[] { p95 is null ? null : $"p95 at most {p95} ms", errors is null ? null : $"at most {errors} % may fail" }.OfType<string>());

    private static string Name(CommandRun run) => string.Join(' ', run.Get(Route)!);

    private static double Milliseconds(string text)
    {
        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1) : text.EndsWith('s') ? (text[..^1], 1000) : (text, 1);
        return Number(number, $"--p95 is '{text}'", "Write it as 200ms or 1.5s") * unit;
    }

    private static double Percent(string text) => Number(text.TrimEnd('%'), $"--errors is '{text}'", "Write it as 1%");

    private static double Number(string text, string what, string next) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
        : throw new CliException(ExitCode.Usage, "performance.bad-budget", "No figure", $"{what}.", next);

    private static async Task<string> Path(CommandRun run, CancellationToken cancellation) => $"/v1/projects/{await run.Project(run.Get(PlanCommands.Project), cancellation)}/performance";
}
