namespace ProdSprint.Bench;

internal sealed record Bench(string Name, string Description, Func<IProgress<double>, CancellationToken, Task<IReadOnlyList<BenchRow>>> Run);

/// <summary>Every bench there is.</summary>
internal static class Benches
{
    public static IReadOnlyList<Bench> All { get; } =
    [
        new("engine", "Grain calls a second, and the latency of one", (p, c) => EngineBench.RunAsync(progress: p, cancellation: c)),
        new("jobs", "The job queue against graphile-worker on the same PostgreSQL", (p, c) => JobsBench.RunAsync(progress: p, cancellation: c)),
        new("judge", "Time to find a regression, and false alarms, by policy", (p, c) => JudgeBench.RunAsync(progress: p, cancellation: c)),
    ];
}
