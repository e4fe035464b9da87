using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>A service under a canary, second by second, the same for the same seed. Every request is routed, fails and takes its time on its own.</summary>
public sealed class SimulatedCanary
{
    private readonly int[] _canary = new int[LatencyHistogram.BucketCount], _stable = new int[LatencyHistogram.BucketCount];
    private static readonly short[] AsStable = Latencies(1);
    private readonly short[] _canaryLatency, _stableLatency;
    private ulong _state;

    public int RequestsPerSecond { get; init; } = 100;
    public double Weight { get; init; } = 0.05;

    /// <summary>Stable's error rate at a second.</summary>
    public Func<int, double> BaseRateAt { get; init; } = _ => 0.005;

    /// <summary>How many times stable's the canary's error rate is.</summary>
    public double CanaryRatio { get; init; } = 1;

    /// <summary>Errors that come together: one in this many requests that would fail does, and takes the version's next ones with it.</summary>
    public int ErrorsPerIncident { get; init; } = 1;

    public int Second { get; private set; }

    private SimulatedCanary(ulong seed, double slowdown) =>
        (_state, _stableLatency, _canaryLatency) = (seed * 0xD1342543DE82EF95UL + 1, AsStable, slowdown == 1 ? AsStable : Latencies(slowdown));

    /// <summary>The published setting: 0.5 % errors on stable, <paramref name="errorRatio"/> times that on the canary, log-normal durations around 40 ms.</summary>
    public static SimulatedCanary Seeded(int seed, double errorRatio = 1, double slowdown = 1) =>
        new((ulong)(uint)seed, slowdown) { CanaryRatio = errorRatio };

    public static SimulatedCanary Drifting(int seed, Func<int, double> baseRateAt, double weight, int errorsPerIncident = 1, int requestsPerSecond = 100) =>
        new((ulong)(uint)seed, 1) { BaseRateAt = baseRateAt, Weight = weight, ErrorsPerIncident = errorsPerIncident, RequestsPerSecond = requestsPerSecond };

    public (VersionEvidence Canary, VersionEvidence Stable) NextSecond()
    {
        Second++;
        long n = 0, m = 0, x = 0, y = 0;
        var baseRate = BaseRateAt(Second);
        var canaryRate = Math.Min(1, baseRate * CanaryRatio);
        for (var i = 0; i < RequestsPerSecond; i++)
        {
            var bits = Next();
            var slot = (int)(bits & 0xFFFF);
            if ((bits >> 40) * (1.0 / (1 << 24)) < Weight)
            {
                n++;
                x += Fails(canaryRate);
                _canary[_canaryLatency[slot]]++;
            }
            else
            {
                m++;
                y += Fails(baseRate);
                _stable[_stableLatency[slot]]++;
            }
        }
        return (Take(n, Math.Min(n, x), _canary), Take(m, Math.Min(m, y), _stable));
    }

    private long Fails(double rate) => (Next() >> 11) * (1.0 / (1UL << 53)) < rate / ErrorsPerIncident ? ErrorsPerIncident : 0;

    private static VersionEvidence Take(long requests, long errors, int[] counts)
    {
        var latency = LatencyHistogram.FromCounts(counts);
        Array.Clear(counts);
        return new(requests, errors, latency);
    }

    // SplitMix64: fast, and the same on every machine and runtime.
    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    // The inverse of the distribution function as a table: a draw is one look-up.
    private static short[] Latencies(double slowdown)
    {
        var table = new short[65536];
        for (var i = 0; i < table.Length; i++)
            table[i] = (short)LatencyHistogram.BucketOf(40 * slowdown * Math.Exp(0.5 * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / table.Length)));
        return table;
    }
}
