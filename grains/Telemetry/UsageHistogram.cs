using System.Collections.Immutable;

namespace ProdSprint.Telemetry;

/// <summary>
/// How often which amount was seen (processors, or MiB of memory): 16 buckets per power of two from 1/1024 up, so a quantile read back is at most 6.3 % above the
/// amount that was seen, and never above the largest. However much is added, it has at most <see cref="Most"/> buckets; two of them added are one of both.
/// </summary>
public sealed record UsageHistogram(ImmutableArray<int> Buckets, ImmutableArray<long> Counts, double Max)
{
    private const int PerOctave = 16;

    /// <summary>Up to a million processors or MiB; more is counted as that.</summary>
    public const int Most = PerOctave * 30;

    private const double Lowest = 1.0 / 1024;

    public static UsageHistogram Empty { get; } = new([], [], 0);

    public long Total => Counts.Sum();

    public static UsageHistogram Of(params IEnumerable<double> amounts) => amounts.Aggregate(Empty, (sum, amount) => sum.Add(amount));

    public UsageHistogram Add(double amount) => Add(new UsageHistogram([BucketOf(amount)], [1], Math.Max(0, amount)));

    public UsageHistogram Add(UsageHistogram other)
    {
        if (other.Buckets.IsEmpty) return this;
        if (Buckets.IsEmpty) return other;
        var sum = new SortedDictionary<int, long>();
        foreach (var one in (UsageHistogram[])[this, other])
            for (var i = 0; i < one.Buckets.Length; i++) sum[one.Buckets[i]] = sum.GetValueOrDefault(one.Buckets[i]) + one.Counts[i];
        return new([.. sum.Keys], [.. sum.Values], Math.Max(Max, other.Max));
    }

    /// <summary>At most this much was seen in the part <paramref name="q"/> (above 0, up to 1) of all looks; 0 when nothing was.</summary>
    public double Quantile(double q)
    {
        var rank = (long)Math.Ceiling(q * Total);
        long seen = 0;
        for (var i = 0; i < Buckets.Length; i++)
        {
            seen += Counts[i];
            if (seen >= rank) return Math.Min(Max, Upper(Buckets[i]));
        }
        return Max;
    }

    private static int BucketOf(double amount)
    {
        if (!(amount > Lowest)) return 0;
        var octave = Math.ILogB(amount / Lowest);
        var within = amount / Lowest / Math.ScaleB(1, octave) - 1;
        return Math.Min(Most - 1, octave * PerOctave + Math.Min(PerOctave - 1, (int)(within * PerOctave)));
    }

    private static double Upper(int bucket) => Lowest * Math.ScaleB(1, bucket / PerOctave) * (1 + (bucket % PerOctave + 1) / (double)PerOctave);

    public bool Equals(UsageHistogram? other) => other is not null && Max == other.Max && Buckets.SequenceEqual(other.Buckets) && Counts.SequenceEqual(other.Counts);

    public override int GetHashCode() => HashCode.Combine(Max, Total, Buckets.Length);
}
