using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace ProdSprint.Bench;

/// <summary>What a grain call costs: as many at once as there are, and one after the other.</summary>
public static class EngineBench
{
    private const int Tasks = 200;
    private const double TargetCallsPerSecond = 1_200_000;

    /// <param name="seconds">How long each throughput run lasts.</param>
    /// <param name="runs">How many runs; the figures are their medians.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(double seconds = 3, int runs = 5, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        using var host = builder.Build();
        await host.StartAsync(cancellation);
        try
        {
            var grains = host.Services.GetRequiredService<IGrainFactory>();
            await ThroughputAsync(grains, 1, cancellation);
            await LatencyAsync(grains, 20_000);
            var (rates, p50, p99) = (new double[runs], new double[runs], new double[runs]);
            for (var run = 0; run < runs; run++)
            {
                rates[run] = await ThroughputAsync(grains, seconds, cancellation);
                (p50[run], p99[run]) = await LatencyAsync(grains, 200_000);
                progress?.Report((run + 1.0) / runs);
            }

            return
            [
                Row($"{Tasks} tasks to {Tasks} grains", Median(rates), "calls/s", "≥ 1.2 M calls/s", Median(rates) >= TargetCallsPerSecond, rates),
                Row("one after the other, p50", Median(p50), "µs", "genuine Orleans: 1.5 µs", true, p50),
                Row("one after the other, p99", Median(p99), "µs", "genuine Orleans: 3.2 µs", true, p99),
            ];
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<double> ThroughputAsync(IGrainFactory grains, double seconds, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = Stopwatch.GetTimestamp();
        stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        var counts = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(i => Task.Run(
            async () =>
            {
                var grain = grains.GetGrain<IBenchGrain>($"bench/{i}");
                var calls = 0L;
                while (!stop.IsCancellationRequested)
                {
                    await grain.Next(1);
                    calls++;
                }

                return calls;
            },
            CancellationToken.None)));
        cancellation.ThrowIfCancellationRequested();
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task<(double P50, double P99)> LatencyAsync(IGrainFactory grains, int calls) => Task.Run(async () =>
    {
        var grain = grains.GetGrain<IBenchGrain>("bench/sequential");
        var ticks = new long[calls];
        for (var i = 0; i < calls; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await grain.Next(1);
            ticks[i] = Stopwatch.GetTimestamp() - started;
        }

        Array.Sort(ticks);
        return (Microseconds(ticks[calls / 2]), Microseconds(ticks[calls * 99 / 100]));
    });

    private static double Microseconds(long ticks) => ticks * 1_000_000.0 / Stopwatch.Frequency;

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static BenchRow Row(string name, double value, string unit, string target, bool holds, double[] runs) =>
        new(name, value, unit, null, null, target, holds, runs);
}

/// <summary>A grain that does next to nothing, so that what is measured is the call.</summary>
[Alias("bench.IBenchGrain")]
public interface IBenchGrain : IGrainWithStringKey
{
    [Alias("Next")]
    Task<int> Next(int step);
}

[GrainType("bench")]
public sealed class BenchGrain : Grain, IBenchGrain
{
    private int _value;

    public Task<int> Next(int step) => Task.FromResult(_value += step);
}
