using System.Diagnostics;
using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>
/// A hundred canaries taken back at the same moment, half by a person's abort, half by a verdict: from the command (the observation) to the router's word
/// that every new request goes to stable. Real grains, database, job queue, router process and visitors; only the deployed versions are tiny, and two.
/// </summary>
public static class RollbackBench
{
    private const double TargetMs = 250;

    /// <param name="visitsPerSecond">To each of the environments.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int releases = 100, int rounds = 10, double visitsPerSecond = 10, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var state = Directory.CreateTempSubdirectory("prodsprint-bench-rollback-").FullName;
        await using var stable = new TinyServer(BenchRelease.Stable);
        await using var canary = new TinyServer("canary");
        var launcher = new RouterLauncher(new() { StateDirectory = state }, RouterCommandLine.OfThisProgram(), TimeProvider.System);
        await launcher.EnsureRunningAsync(cancellation);
        try
        {
            await using var client = new LocalRouterClient(state);
            var clock = new RouteClock(client);
            await using var silo = await BenchSilo.StartAsync(clock, PretendedTarget.At(canary.Address), cancellation);
            return await MeasureAsync(new(silo, clock, stable.Address, [.. Enumerable.Range(0, releases).Select(n => $"shop-{n}")]), rounds, visitsPerSecond, progress, cancellation);
        }
        finally
        {
            await launcher.StopAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            Directory.Delete(state, recursive: true);
        }
    }

    private sealed record Field(BenchSilo Silo, RouteClock Clock, string Stable, string[] Projects)
    {
        public IReleaseGrain Release(int project, int number) => Silo.Grains.GetGrain<IReleaseGrain>(BenchRelease.Key(Projects[project], number));

        public Task Each(Func<int, Task> work) => Task.WhenAll(Enumerable.Range(0, Projects.Length).Select(n => Task.Run(() => work(n))));

        public Task Routed(Func<int, bool> canaryWeight, CancellationToken cancellation) =>
            Until(() => Task.FromResult(Projects.All(p => Clock.Of(p) is { } mark && canaryWeight(mark.CanaryWeight))), cancellation);
    }

    private static async Task<IReadOnlyList<BenchRow>> MeasureAsync(Field field, int rounds, double visitsPerSecond, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (byPerson, byVerdict) = (new List<double>(), new List<double>());
        long late = 0, failed = 0, answered = 0, byCanary = 0;
        await BeginAsync(field, 1, cancellation);
        await using var visitors = new Visitors([.. field.Projects.Select(p => new Uri($"http://127.0.0.1:{field.Clock.Of(p)!.Port}/"))], visitsPerSecond);
        // The first round belongs to the compiler.
        for (var round = 0; round <= rounds; round++)
        {
            if (round > 0) await BeginAsync(field, round + 1, cancellation);
            await Task.Delay(1_000, cancellation); // visits on both versions, at every moment of the switch
            var began = new long[field.Projects.Length];
            await field.Each(async n =>
            {
                var release = field.Release(n, round + 1);
                began[n] = Stopwatch.GetTimestamp();
                if (n % 2 == 0) await release.Do(new AbortRelease(BenchRelease.By, null));
                else await release.Observe(BenchRelease.Evidence(0, 2_000, 1_000, 2));
            });
            await field.Routed(w => w == 0, cancellation);
            var switched = field.Projects.Select(p => field.Clock.Of(p)!.At).ToArray();
            await Task.Delay(500, cancellation);
            if (round > 0)
                for (var n = 0; n < began.Length; n++) (n % 2 == 0 ? byPerson : byVerdict).Add(Stopwatch.GetElapsedTime(began[n], switched[n]).TotalMilliseconds);
            foreach (var visit in visitors.Take())
            {
                if (visit.Failed) failed++;
                else answered++;
                if (visit.Answer != "canary") continue;
                byCanary++;
                if (visit.Sent > switched[visit.Environment]) late++;
            }
            await EndedAsync(field, round + 1, cancellation);
            progress?.Report(round / (double)rounds);
        }
        return
        [
            Row("abort → new requests on stable, p99", byPerson),
            Row("verdict → new requests on stable, p99", byVerdict),
            new("median of both", Math.Round(Quantile([.. byPerson, .. byVerdict], 0.5), 2), "ms", null, null, "beside it", true, []),
            new("requests failed", failed, "requests", null, null, $"0 of {answered + failed}", failed == 0 && byCanary > 0, []),
            new("sent after the switch, answered by the canary", late, "requests", null, null, $"0 ({byCanary} before it)", late == 0, []),
        ];
    }

    private static async Task BeginAsync(Field field, int number, CancellationToken cancellation)
    {
        await field.Each(async n =>
        {
            var answer = await field.Release(n, number).Do(BenchRelease.Begin(field.Projects[n], number, field.Stable, [50, 100]));
            if (!answer.Accepted) throw new InvalidOperationException(answer.Rejection!.Detail);
        });
        await field.Routed(w => w > 0, cancellation);
    }

    private static Task EndedAsync(Field field, int number, CancellationToken cancellation) => Until(
        async () => (await Task.WhenAll(field.Projects.Select((_, n) => field.Release(n, number).View()))).All(v => v is { Outcome: not null }), cancellation);

    private static async Task Until(Func<Task<bool>> reached, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (!await reached())
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException("The releases did not get there within two minutes.");
            await Task.Delay(20, cancellation);
        }
    }

    private static BenchRow Row(string name, List<double> ms)
    {
        var p99 = Quantile(ms, 0.99);
        return new(name, Math.Round(p99, 2), "ms", null, null, $"≤ {TargetMs} ms", p99 <= TargetMs, [.. ms.Order().Select(v => Math.Round(v, 2))]);
    }

    private static double Quantile(List<double> values, double q)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Length) - 1)];
    }
}
