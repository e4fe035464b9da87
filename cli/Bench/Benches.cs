namespace ProdSprint.Bench;

internal sealed record Bench(string Name, string Description, Func<IProgress<double>, CancellationToken, Task<IReadOnlyList<BenchRow>>> Run)
{
    /// <summary>The same, small: to see within seconds that it runs and what it prints. Its figures say little.</summary>
    public Func<IProgress<double>, CancellationToken, Task<IReadOnlyList<BenchRow>>>? Quick { get; init; }
}

/// <summary>Every bench there is.</summary>
internal static class Benches
{
    public static IReadOnlyList<Bench> All { get; } =
    [
        new("engine", "Grain calls a second, and the latency of one", (p, c) => EngineBench.RunAsync(progress: p, cancellation: c)),
        new("jobs", "The job queue against graphile-worker on the same PostgreSQL", (p, c) => JobsBench.RunAsync(progress: p, cancellation: c)),
        new("judge", "Time to find a regression, and false alarms, by policy", (p, c) => JudgeBench.RunAsync(progress: p, cancellation: c)),
        new("router", "Our router beside HAProxy: same upstream, same load", (p, c) => RouterBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => RouterBench.RunAsync(1, 1, 64, p, c) },
        new("deploys", "20 deployments under constant load: what failed because of ProdSprint", (p, c) => DeploysBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => DeploysBench.RunAsync(2, 100, 50, p, c) },
        new("rollback", "100 canaries taken back at once: command or verdict → new requests on stable", (p, c) => RollbackBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => RollbackBench.RunAsync(10, 2, 10, p, c) },
        new("scale", "10,000 active canaries beside 100,000 idle releases: step latency and memory", (p, c) => ScaleBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => ScaleBench.RunAsync(200, 1_000, 15, 5, p, c) },
        new("audit", "An audit of 5,000 files, and the memory for a repository of a gigabyte", (p, c) => AuditBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => AuditBench.RunAsync(500, 32, 1, p, c) },
        new("gates", "The readiness answer over HTTP, and which versions an advisory is about", (p, c) => GatesBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => GatesBench.RunAsync(2, 50, p, c) },
        new("api", "A read through the whole edge beside a bare route, and questions to a full database", (p, c) => ApiBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => ApiBench.RunAsync(1, 0.5, 10_000, 500, 50, p, c) },
        new("auth", "Being known: token and permission checks, sign-in, refresh tokens, one-time passwords", (p, c) => AuthBench.RunAsync(progress: p, cancellation: c)) { Quick = (p, c) => AuthBench.RunAsync(2, 30, 160, 200, p, c) },
        new("start", "Process start → ready with a warm database; a command that only reads", (p, c) => StartBench.RunAsync(progress: p, cancellation: c)),
    ];
}
