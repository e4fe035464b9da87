using System.Collections.Immutable;
using System.ComponentModel;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Telemetry;

namespace ProdSprint.Gates;

/// <summary>What a project's routes showed under load, their budgets, and the script that loads them.</summary>
public static class PerformanceApi
{
    /// <param name="P95Ms">Null together with <paramref name="ErrorPercent"/>: the route has no budget any more.</param>
    /// <param name="ErrorPercent">Of its requests that may fail, 0 to 100.</param>
    public sealed record BudgetBody(string Route, double? P95Ms = null, double? ErrorPercent = null);
    public sealed record BudgetsBody(ImmutableArray<BudgetBody> Budgets, string? Reason = null) : IReasoned;

    /// <param name="Measure">Null: it was not put under load in that run.</param>
    /// <param name="Limit">What it was held against; null: nothing.</param>
    /// <param name="Breach">What it exceeded; null: nothing.</param>
    /// <param name="Budget">As it is now.</param>
    /// <param name="Baseline">What the version that serves now showed; null: not known.</param>
    public sealed record RouteView(string Route, RouteMeasure? Measure, RouteLimit? Limit, string? Breach, RouteBudget? Budget, RouteBaseline? Baseline);

    /// <param name="Run">The newest, or that of the release; null: none was made yet.</param>
    /// <param name="Source">Where the routes of <paramref name="Commit"/> were found.</param>
    /// <param name="LeftOut">Routes that are not put under load, and documents that cannot be read, with the reason.</param>
    /// <param name="Scripts">k6 scripts of the repository's own; they are not run here.</param>
    public sealed record PerformanceView(
        PerformanceRunRow? Run, string? Commit, string Source, ImmutableArray<RouteView> Routes, ImmutableArray<LeftOutRoute> LeftOut, ImmutableArray<string> Scripts);

    /// <param name="Commit">Whose routes they are; null: only those that have a budget are known.</param>
    /// <param name="Script">For k6: <c>k6 run -e BASE_URL=… load.js</c>.</param>
    public sealed record LoadScriptView(string? Commit, string Script, LoadScenario Scenario);

    private const int MostBudgets = 200;
    private const double LongestMs = 600_000;

    public static void MapPerformanceApi(this IEndpointRouteBuilder routes)
    {
        var performance = routes.MapGroup("/v1/projects/{project}/performance").WithTags("Gates");
        performance.MapGet("", Get).WithName("GetPerformance").WithSummary("What each route showed under load in the newest run or that of a release, its budget and its baseline").Refuses(404, "project.not-found", "performance.not-found");
        performance.MapGet("runs", Runs).WithName("ListPerformanceRuns").WithSummary("The last 50 runs of load, newest first").Refuses(404, "project.not-found");
        performance.MapGet("script", Script).WithName("GetLoadScript").WithSummary("The scenario that the newest list of routes makes, and the k6 script that is written from it").Refuses(404, "project.not-found", "performance.not-found");
        performance.MapGet("budgets", Budgets).WithName("ListPerformanceBudgets").WithSummary("What routes may not exceed, as people set it").Refuses(404, "project.not-found");
        performance.MapPut("budgets", Set).WithName("SetPerformanceBudgets").WithSummary("Sets the budgets of the routes that are named; one without figures is removed")
            .Refuses(404, "project.not-found").Refuses(422, "performance.bad-budget", "performance.too-many");
    }

    private static async Task<JsonBody<PerformanceView>> Get(
        string project, [Description("The run of this release")] int? release, Caller caller, PerformanceStore store, SeenRoutes seen, ViewReads views, CancellationToken cancellation)
    {
        var view = await Project(project, caller, views, cancellation);
        var run = (await store.RunsAsync(caller.Workspace, project, release, 1, cancellation)).FirstOrDefault();
        var known = await store.LastRoutesAsync(caller.Workspace, project, run?.Commit, cancellation);
        var budgets = await store.BudgetsAsync(caller.Workspace, project, cancellation);
        var list = ObservedRoutes.Merge(known?.List ?? RouteList.Nothing, await seen.ListAsync(caller.Workspace, project, cancellation), budgets.Select(b => b.Route));
        if (run is null && (release is not null || (list.Routes.IsEmpty && list.LeftOut.IsEmpty && list.Scripts.IsEmpty))) throw Missing(project, release);
        var measured = run is null ? [] : await store.FiguresAsync(caller.Workspace, project, run.Run, cancellation);
        var baselines = run is null ? [] : await store.BaselinesAsync(caller.Workspace, project, view.Stable?.Commit, run.By, cancellation);
        var names = measured.Select(m => m.Measure.Route).Concat(list.Routes.Select(r => r.Name)).Concat(budgets.Select(b => b.Route)).Distinct(StringComparer.Ordinal).OrderBy(n => n[n.IndexOf(' ')..], StringComparer.Ordinal).ThenBy(n => n, StringComparer.Ordinal);
        return JsonBody<PerformanceView>.Of(new PerformanceView(
            run, known?.Commit, list.Source,
            [.. names.Select(n => Of(n, measured.FirstOrDefault(m => m.Measure.Route == n), budgets.FirstOrDefault(b => b.Route == n), baselines.FirstOrDefault(b => b.Route == n)))],
            list.LeftOut, list.Scripts));
    }

    private static async Task<JsonPage<PerformanceRunRow>> Runs(string project, Caller caller, PerformanceStore store, ViewReads views, CancellationToken cancellation)
    {
        await Project(project, caller, views, cancellation);
        return JsonPage<PerformanceRunRow>.Of(await store.RunsAsync(caller.Workspace, project, null, 50, cancellation));
    }

    private static async Task<JsonBody<LoadScriptView>> Script(string project, Caller caller, PerformanceStore store, ViewReads views, CancellationToken cancellation)
    {
        var view = await Project(project, caller, views, cancellation);
        var known = await store.LastRoutesAsync(caller.Workspace, project, null, cancellation);
        var budgets = await store.BudgetsAsync(caller.Workspace, project, cancellation);
        var list = ObservedRoutes.Merge(known?.List ?? RouteList.Nothing, [], budgets.Select(b => b.Route));
        if (list.Routes.IsEmpty) throw Missing(project, null);
        var plan = view.LastPlan > 0 && await views.GetAsync(caller.Workspace, GrainKeys.Plan(caller.Workspace, project, view.LastPlan), cancellation) is { } json ? KernelJson.Read<PlanView>(json).Document : null;
        // a profile that makes no load says nothing about what somebody loads by hand
        var policy = plan?.Policy.Performance is { Seconds: > 0 } own ? own : PerformancePolicy.Usual;
        var baselines = await store.BaselinesAsync(caller.Workspace, project, view.Stable?.Commit, K6Program.Name, cancellation);
        if (baselines.IsEmpty) baselines = await store.BaselinesAsync(caller.Workspace, project, view.Stable?.Commit, ScenarioLoad.Name, cancellation);
        var scenario = LoadScenario.Of(list, policy, RouteLimit.All(budgets, baselines));
        return JsonBody<LoadScriptView>.Of(new LoadScriptView(known?.Commit, K6Script.Write(scenario), scenario));
    }

    private static async Task<JsonPage<RouteBudget>> Budgets(string project, Caller caller, PerformanceStore store, ViewReads views, CancellationToken cancellation)
    {
        await Project(project, caller, views, cancellation);
        return JsonPage<RouteBudget>.Of(await store.BudgetsAsync(caller.Workspace, project, cancellation));
    }

    private static async Task<JsonPage<RouteBudget>> Set(string project, BudgetsBody body, Caller caller, PerformanceStore store, ViewReads views, TimeProvider time, CancellationToken cancellation)
    {
        await Project(project, caller, views, cancellation);
        var named = body.Budgets.IsDefault ? [] : body.Budgets;
        foreach (var b in named) Check(b);
        if (named.Select(b => b.Route).Distinct(StringComparer.Ordinal).Count() < named.Length) throw Bad("A route is named twice.", "Name each route once");
        var there = await store.BudgetsAsync(caller.Workspace, project, cancellation);
        if (there.Select(b => b.Route).Concat(named.Where(b => b is not { P95Ms: null, ErrorPercent: null }).Select(b => b.Route)).Distinct(StringComparer.Ordinal).Count() > MostBudgets)
            throw ProblemException.Invalid("performance.too-many", $"A project has at most {MostBudgets} budgets.", "Remove those of routes that are gone");
        await store.SetBudgetsAsync(caller.Workspace, project, [.. named.Select(b => new RouteBudget(b.Route, b.P95Ms, b.ErrorPercent, caller.Actor.Id, time.GetUtcNow()))], cancellation);
        return JsonPage<RouteBudget>.Of(await store.BudgetsAsync(caller.Workspace, project, cancellation));
    }

    private static void Check(BudgetBody b)
    {
        if (b.Route is not { Length: > 5 and <= 200 } || !(b.Route.StartsWith("GET /", StringComparison.Ordinal) || b.Route.StartsWith("HEAD /", StringComparison.Ordinal)) || b.Route.AsSpan(b.Route.IndexOf(' ') + 1).ContainsAnyExceptInRange('!', '~') || b.Route.Contains('\\'))
            throw Bad($"'{b.Route}' is no route that is put under load.", "Write it as it is shown: GET /items/{id}");
        if (b.P95Ms is { } p95 && !(p95 is > 0 and <= LongestMs)) throw Bad($"{p95} ms is no budget.", "More than 0 ms, and at most ten minutes");
        if (b.ErrorPercent is { } errors && !(errors is >= 0 and <= 100)) throw Bad($"{errors} % is no share.", "From 0 to 100 %");
    }

    private static ProblemException Bad(string detail, string next) => ProblemException.Invalid("performance.bad-budget", detail, next);

    private static RouteView Of(string route, RouteVerdict? seen, RouteBudget? budget, RouteBaseline? baseline) => new(route, seen?.Measure, seen?.Limit, seen?.Breach, budget, baseline);

    private static async Task<ProjectView> Project(string project, Caller caller, ViewReads views, CancellationToken cancellation) =>
        KernelJson.Read<ProjectView>(await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation) ?? throw ProjectNames.Missing(project));

    private static ProblemException Missing(string project, int? release) => release is null
        ? new(404, "performance.not-found", "No routes", "No routes of this project are known, so nothing is put under load.", "Put an openapi.yaml into the repository (docs/gates.md says what of it is used) and plan, or give a route a budget: prodsprint performance budgets set GET / --p95 200ms")
        : new(404, "performance.not-found", "No run", $"Release {release} was not put under load.", $"prodsprint performance show --project {project}");
}
