using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;
using Orleans.Storage;
using ProdSprint.Data;
using ProdSprint.Hosting;
using ProdSprint.Kernel;
using ProdSprint.Releases;

namespace ProdSprint.Bench;

/// <summary>
/// Ten thousand canaries at once, each observed once a second and moved on once a minute, beside a hundred thousand ended releases in memory. Real grains,
/// database, judge and job queue; the deploy target, the router and the observations are pretended. A step's latency is counted from when the observation
/// that allows it was due (so a driver that falls behind counts against it) to the router's orders. A release keeps what each of its steps showed, so its
/// record grows with its steps; all that lives beyond the records would be a leak. What the records alone take is seen by letting every release go and
/// reading it again from the database, before the first look and after the last.
/// </summary>
public static class ScaleBench
{
    private const double StepMs = 1_000, ResidentMiB = 2_048, GrowthShare = 1.05;
    private const int Ticks = 100;

    private sealed class Canary(int number, string project, IReleaseGrain release)
    {
        public int Number => number;
        public string Project => project;
        public IReleaseGrain Release => release;
        public int Step { get; set; }
        public double Due { get; set; }
        public int Busy;
    }

    /// <param name="seconds">How long it is watched.</param>
    /// <param name="bake">Seconds in each step.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int active = 10_000, int idle = 100_000, int seconds = 600, int bake = 60, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var clock = new RouteClock(null);
        await using var silo = await BenchSilo.StartAsync(clock, PretendedTarget.At("127.0.0.1:2"), cancellation);
        var canaries = await BeginAsync(silo, clock, active, seconds / bake + 3, p => progress?.Report(p * 0.2), cancellation);
        await IdleAsync(silo, idle, p => progress?.Report(0.2 + p * 0.1), cancellation);
        var everything = Enumerable.Range(0, active).Select(n => $"shop-{n}").Concat(Enumerable.Range(0, idle).Select(n => $"idle-{n}")).ToArray();
        await ReadAgainAsync(silo, everything, cancellation);

        var (steps, undecided, missed, observations) = (new List<double>(), 0L, 0L, 0L);
        var resident = new List<double>();
        var (recordsBefore, liveBefore) = (await RecordsMiBAsync(silo, cancellation), LiveMiB());
        var gate = new Lock();
        var began = Stopwatch.GetTimestamp();
        foreach (var c in canaries) c.Due = 1 + bake * (c.Number / (double)active);
        var early = Enumerable.Range(0, seconds / bake + 3).Select(s => BenchRelease.Evidence(s, 40, 0, 0)).ToArray();
        var enough = Enumerable.Range(0, seconds / bake + 3).Select(s => BenchRelease.Evidence(s, 40_000, 40, 40)).ToArray();
        for (var tick = 0; tick < seconds * Ticks; tick++)
        {
            var now = tick / (double)Ticks;
            var wait = now - Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (wait > 0.002) await Task.Delay(TimeSpan.FromSeconds(wait), cancellation);
            for (var n = tick % Ticks; n < canaries.Length; n += Ticks)
            {
                var c = canaries[n];
                if (Interlocked.Exchange(ref c.Busy, 1) == 1) Interlocked.Increment(ref missed);
                else _ = Task.Run(() => ObserveAsync(c, now), CancellationToken.None);
            }
            if (tick % Ticks != 0) continue;
            resident.Add(Environment.WorkingSet / (1024.0 * 1024));
            progress?.Report(0.4 + 0.6 * tick / (seconds * Ticks));
        }
        while (canaries.Any(c => Volatile.Read(ref c.Busy) == 1)) await Task.Delay(10, cancellation);
        var (recordsAfter, liveAfter) = (await RecordsMiBAsync(silo, cancellation), LiveMiB());
        await ReadAgainAsync(silo, everything, cancellation);
        return Rows(steps, undecided, missed, observations, resident, new(recordsBefore, recordsAfter), new(liveBefore, liveAfter), LiveMiB(), active, seconds);

        async Task ObserveAsync(Canary c, double now)
        {
            try
            {
                Interlocked.Increment(ref observations);
                var due = c.Due <= now;
                var before = clock.Of(c.Project)!.Revision;
                await c.Release.Observe(due ? enough[c.Step] : early[c.Step]);
                if (!due) return;
                if (clock.Of(c.Project) is { } mark && mark.Revision > before)
                {
                    lock (gate) steps.Add(Stopwatch.GetElapsedTime(began, mark.At).TotalMilliseconds - now * 1_000);
                    c.Step++;
                    c.Due = now + bake;
                }
                else
                {
                    Interlocked.Increment(ref undecided);
                }
            }
            catch (Exception)
            {
                Interlocked.Increment(ref undecided);
            }
            finally
            {
                Volatile.Write(ref c.Busy, 0);
            }
        }
    }

    /// <summary>MiB before the first look and after the last.</summary>
    private readonly record struct Span(double Before, double After);

    private static async Task<double> RecordsMiBAsync(BenchSilo silo, CancellationToken cancellation)
    {
        await using var orleans = NpgsqlDataSource.Create(silo.Services.GetRequiredService<Database>().OrleansConnectionString);
        await using var sum = orleans.CreateCommand("SELECT sum(length(payloadbinary)) FROM orleansstorage");
        return Convert.ToDouble(await sum.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) / (1024 * 1024);
    }

    /// <summary>Every release leaves memory and comes back as the database has it.</summary>
    private static async Task ReadAgainAsync(BenchSilo silo, IReadOnlyCollection<string> projects, CancellationToken cancellation)
    {
        var management = silo.Grains.GetGrain<IManagementGrain>(0);
        var few = projects.Count / 100;
        do
        {
            await management.ForceActivationCollection(TimeSpan.Zero);
            await Task.Delay(200, cancellation);
        }
        while (await management.GetTotalActivationCount() > few);
        await Parallel.ForEachAsync(projects, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation }, async (project, _) =>
        {
            if (await silo.Grains.GetGrain<IReleaseGrain>(BenchRelease.Key(project, 1)).View() is null) throw new InvalidOperationException($"{project} is gone.");
        });
    }

    private static double LiveMiB() => GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024);

    private static async Task<Canary[]> BeginAsync(BenchSilo silo, RouteClock clock, int count, int steps, Action<double> progress, CancellationToken cancellation)
    {
        double[] weights = [.. Enumerable.Range(1, steps).Select(s => Math.Round(100.0 * s / steps, 2))];
        var canaries = Enumerable.Range(0, count)
            .Select(n => new Canary(n, $"shop-{n}", silo.Grains.GetGrain<IReleaseGrain>(BenchRelease.Key($"shop-{n}", 1)))).ToArray();
        await Parallel.ForEachAsync(canaries, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellation }, async (c, _) =>
        {
            var answer = await c.Release.Do(BenchRelease.Begin(c.Project, 1, "127.0.0.1:1", weights));
            if (!answer.Accepted) throw new InvalidOperationException(answer.Rejection!.Detail);
        });
        for (int ready = 0; ready < count;)
        {
            await Task.Delay(100, cancellation);
            ready = canaries.Count(c => clock.Of(c.Project) is { CanaryWeight: > 0 });
            progress(ready / (double)count);
        }
        return canaries;
    }

    /// <summary>One release goes through begin and abort; the others are stored as that one is, and asked once, so that each has an activation.</summary>
    private static async Task IdleAsync(BenchSilo silo, int count, Action<double> progress, CancellationToken cancellation)
    {
        const string template = "idle";
        var release = silo.Grains.GetGrain<IReleaseGrain>(BenchRelease.Key(template, 1));
        await release.Do(BenchRelease.Begin(template, 1, "127.0.0.1:1", [50, 100]));
        await release.Do(new AbortRelease(BenchRelease.By, null));
        while ((await release.View())!.Outcome is null) await Task.Delay(20, cancellation);
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(SiloEngine.Machines);
        var ended = new GrainState<MachineState<Release>>();
        await storage.ReadStateAsync("release", GrainId.Create("release", BenchRelease.Key(template, 1)), ended);
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation }, async (n, _) =>
        {
            var project = $"idle-{n}";
            var own = ended.State!.State! with { Spec = ended.State.State!.Spec with { Project = project } };
            var state = new GrainState<MachineState<Release>>(new() { State = own, Version = ended.State.Version });
            await storage.WriteStateAsync("release", GrainId.Create("release", BenchRelease.Key(project, 1)), state);
            if (await silo.Grains.GetGrain<IReleaseGrain>(BenchRelease.Key(project, 1)).View() is not { Outcome: ReleaseOutcome.Aborted }) throw new InvalidOperationException($"{project} is not what was stored.");
            if (Interlocked.Increment(ref done) % 1_000 == 0) progress(done / (double)count);
        });
    }

    private static IReadOnlyList<BenchRow> Rows(List<double> steps, long undecided, long missed, long observations, List<double> resident, Span records, Span live, double liveReadAgain, int active, int seconds)
    {
        double[] sorted = [.. steps.Order()];
        double At(double q) => sorted.Length == 0 ? double.NaN : Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Length) - 1)], 1);
        var beyond = live.After / liveReadAgain;
        // A sawtooth of the collector's making, so it is told and not judged.
        var half = Math.Max(1, resident.Count / 2);
        var peaks = resident.TakeLast(half).Max() / resident.Take(half).Max();
        return
        [
            new("step latency p99", At(0.99), "ms", null, null, $"≤ {StepMs} ms", At(0.99) <= StepMs, []),
            new("step latency p50", At(0.5), "ms", null, null, "beside it", true, []),
            new("steps", sorted.Length, "steps", null, null, $"{active} canaries, {seconds} s", sorted.Length > 0, []),
            new("observations", observations / (double)seconds, "1/s", null, null, $"{active}/s due, {missed} left out", missed <= observations * 0.01, []),
            new("steps that failed", undecided, "steps", null, null, "0", undecided == 0, []),
            new("resident", Math.Round(resident.Max()), "MiB", null, null, $"≤ {ResidentMiB} MiB", resident.Max() <= ResidentMiB, [.. resident.Where((_, n) => n % 10 == 0).Select(r => Math.Round(r))]),
            new("resident peaks: second half over the first", Math.Round(peaks, 3), "ratio", null, null, "beside it", true, []),
            new("growth beyond the records: live at the end over the same releases read again", Math.Round(beyond, 3), "ratio", Math.Round(liveReadAgain), null, $"≤ {GrowthShare}", beyond <= GrowthShare, []),
            new("live after a full collection", Math.Round(live.After), "MiB", Math.Round(live.Before), Math.Round(live.After / live.Before, 3), "beside the start", true, []),
            new("records in the database", Math.Round(records.After), "MiB", Math.Round(records.Before), Math.Round(records.After / records.Before, 3), "beside the start", true, []),
        ];
    }
}
