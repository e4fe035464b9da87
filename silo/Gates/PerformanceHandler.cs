using System.Collections.Immutable;
using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>Puts the routes of a version in staging under load. What exceeds its limit is loaded a second time, and only what exceeds it again counts.</summary>
public sealed class PerformanceHandler(PerformanceStore store, DocumentStore documents, K6Program k6, ScenarioLoad load, TimeProvider time) : IJobHandler
{
    public string Kind => GateJobs.Performance;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var r = context.Read<PerformanceRequest>();
        var list = await store.RoutesAsync(r.Workspace, r.Routes, cancellation)
            ?? throw new JobFailedException("The list of routes is not in the database any more.", $"release the commit again: prodsprint release --project {r.Project}");
        var budgets = await store.BudgetsAsync(r.Workspace, r.Project, cancellation);
        var program = k6.Look();
        var (by, scenario) = await ScenarioAsync(r, list, budgets, program is null ? ScenarioLoad.Name : K6Program.Name, cancellation);
        context.Progress(10, $"{scenario.Routes.Length} routes, {scenario.Routes.Sum(x => x.Requests)} requests in {scenario.Seconds:0.#} s, by {by}");
        var measured = await MeasureAsync(scenario);
        if (measured is null)
        {
            // its figures are not k6's: they are held against those of the built-in generator
            (by, scenario) = await ScenarioAsync(r, list, budgets, ScenarioLoad.Name, cancellation);
            program = null;
            measured = await MeasureAsync(scenario);
        }
        var verdicts = PerformanceGate.Judge(scenario, measured!.Value);
        if (verdicts.Where(v => v.Breach is not null).Select(v => v.Measure.Route).ToHashSet(StringComparer.Ordinal) is { Count: > 0 } breaching)
        {
            context.Progress(60, $"{breaching.Count} once more");
            foreach (var v in verdicts.Where(v => v.Breach is not null)) context.Log($"once more, because {v.Breach}");
            var again = scenario.Only(breaching);
            verdicts = PerformanceGate.Again(verdicts, PerformanceGate.Judge(again, await MeasureAsync(again) ?? measured.Value.Where(m => breaching.Contains(m.Route))));
        }
        var result = PerformanceGate.Result(scenario, verdicts, by);
        foreach (var v in verdicts) context.Log($"{v.Measure.Route}: {v.Measure.Requests} requests, p50 {v.Measure.P50Ms:0.##} ms, p95 {v.Measure.P95Ms:0.##} ms, p99 {v.Measure.P99Ms:0.##} ms, {v.Measure.Failed} failed{(v.Measure.Problem is { } p ? $" ({p})" : "")}");
        foreach (var f in result.Findings) context.Log($"{f.Id}: {f.Summary}");
        var digest = await documents.PutAsync(r.Workspace, "load", KernelJson.Write(scenario), cancellation);
        await store.AddAsync(r.Workspace, r.Project, context.Id, new(0, r.Release, r.Commit, by, digest, time.GetUtcNow(), result.Detail), verdicts, cancellation);
        return JobContext.Write(result);

        async Task<ImmutableArray<RouteMeasure>?> MeasureAsync(LoadScenario s) =>
            program is null ? await load.RunAsync(s, r.Address, cancellation) : await k6.RunAsync(program, s, r.Address, context.Log, cancellation);
    }

    private async Task<(string By, LoadScenario Scenario)> ScenarioAsync(PerformanceRequest r, RouteList list, IReadOnlyCollection<RouteBudget> budgets, string by, CancellationToken cancellation) =>
        (by, LoadScenario.Of(list, r.Policy ?? PerformancePolicy.Usual, RouteLimit.All(budgets, await store.BaselinesAsync(r.Workspace, r.Project, r.Stable, by, cancellation))));
}
