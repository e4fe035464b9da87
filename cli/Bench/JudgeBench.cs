using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>
/// What the judge is for, measured: how soon a bad canary is caught and how often a good one is accused. Simulated services (seeded) at
/// 100 requests/s, 5 % weight, 0.5 % base error rate; one look a second; the same traces for all three policies.
/// </summary>
public static class JudgeBench
{
    private const int HourSeconds = 3600;
    private const int TrialSeconds = 600;
    private static readonly string[] Policies = [JudgePolicy.Sequential, JudgePolicy.Threshold, JudgePolicy.MannWhitney];

    /// <param name="hours">Simulated hours of a canary that is as good as stable, at least 2,000 for the published figure.</param>
    /// <param name="trials">Simulated bad canaries per size of regression.</param>
    /// <param name="progress">0 to 1.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(
        int hours = 2000, int trials = 400, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var seeds = Enumerable.Range(0, hours + 2 * trials).ToArray();
        var outcomes = new double?[seeds.Length][];
        var done = 0;
        await Parallel.ForEachAsync(seeds, cancellation, (i, stop) =>
        {
            var (ratio, limit) = i < trials ? (10, TrialSeconds) : i < 2 * trials ? (5, TrialSeconds) : (1, HourSeconds);
            outcomes[i] = Alarms(SimulatedCanary.Seeded(i, ratio), limit, stop);
            progress?.Report(Interlocked.Increment(ref done) / (double)seeds.Length);
            return ValueTask.CompletedTask;
        });

        double[] Runs(int policy, int from, int count) => [.. outcomes.Skip(from).Take(count).Select(o => o[policy] ?? double.PositiveInfinity)];
        double Found(int policy, int from) => Median(Runs(policy, from, trials));
        double FalseAlarms(int policy) => 100.0 * outcomes.Skip(2 * trials).Count(o => o[policy] is not null) / hours;
        var rows = new List<BenchRow>();
        for (var p = 0; p < Policies.Length; p++)
        {
            var ours = p == 0;
            var (ten, five, falseAlarms) = (Found(p, 0), Found(p, trials), FalseAlarms(p));
            rows.Add(Row($"{Policies[p]}: ×10 found, median", ten, "s", ours ? "≤ 20 s" : "beside it", !ours || ten <= 20, Runs(p, 0, trials)));
            rows.Add(Row($"{Policies[p]}: ×5 found, median", five, "s", ours ? "≤ 60 s" : "beside it", !ours || five <= 60, Runs(p, trials, trials)));
            rows.Add(Row($"{Policies[p]}: false alarms in an hour of looks ({hours} hours)", falseAlarms, "%", ours ? "≤ 1 %" : "beside it", !ours || (falseAlarms <= 1 && hours >= 2000), [falseAlarms]));
        }
        return rows;
    }

    // The second at which each policy first said Unhealthy; null if it never did.
    private static double?[] Alarms(SimulatedCanary canary, int seconds, CancellationToken stop)
    {
        var alarms = new double?[Policies.Length];
        var evidence = CanaryEvidence.None;
        for (var t = 1; t <= seconds && alarms.Contains(null); t++)
        {
            stop.ThrowIfCancellationRequested();
            var (c, s) = canary.NextSecond();
            evidence = EvidenceSeries.Add(evidence, t, c, s);
            for (var p = 0; p < Policies.Length; p++)
            {
                // The policies that count points learn something new only when a point is full; the sequential one looks every second.
                if (alarms[p] is not null || (p > 0 && t % EvidenceSeries.PointSeconds != 0)) continue;
                if (CanaryJudge.Judge(JudgePolicy.Default with { Name = Policies[p] }, evidence).Verdict == Verdict.Unhealthy) alarms[p] = t;
            }
        }
        return alarms;
    }

    private static BenchRow Row(string name, double value, string unit, string target, bool holds, double[] runs) =>
        new(name, Finite(value), unit, null, null, target, holds, [.. runs.Select(Finite)]);

    // JSON has no infinity: -1 says "not within the trial", and never looks like a good figure.
    private static double Finite(double value) => double.IsFinite(value) ? value : -1;

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.PositiveInfinity : sorted[sorted.Length / 2];
    }
}
