using System.Collections.Immutable;

namespace ProdSprint.Traffic;

/// <summary>
/// A log-linear latency histogram: 16 sub-buckets per power of two, from 64 µs to 67 s (20 octaves, 320 buckets), so a value read back is
/// within 3.2 % of the value recorded. Sparse and immutable on the wire; the router counts in a flat <c>int[BucketCount]</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("traffic.LatencyHistogram")]
public sealed record LatencyHistogram(
    [property: Id(0)] ImmutableArray<int> Buckets,
    [property: Id(1)] ImmutableArray<long> Counts)
{
    public const int SubBuckets = 16;
    public const int Octaves = 20;
    public const int BucketCount = SubBuckets * Octaves;
    public const double LowestMs = 0.064;

    public static LatencyHistogram Empty { get; } = new([], []);

    public long Total
    {
        get
        {
            long sum = 0;
            foreach (var c in Counts) sum += c;
            return sum;
        }
    }

    /// <summary>The bucket of a duration in milliseconds; shorter and longer ones land in the first and the last.</summary>
    public static int BucketOf(double ms)
    {
        if (!(ms > LowestMs)) return 0;
        var octave = Math.ILogB(ms / LowestMs);
        if (octave >= Octaves) return BucketCount - 1;
        var within = ms / LowestMs / Math.ScaleB(1, octave) - 1;
        return octave * SubBuckets + Math.Min(SubBuckets - 1, (int)(within * SubBuckets));
    }

    /// <summary>The upper edge of a bucket, in milliseconds.</summary>
    public static double UpperMs(int bucket) =>
        LowestMs * Math.ScaleB(1, bucket / SubBuckets) * (1 + (bucket % SubBuckets + 1) / (double)SubBuckets);

    public static LatencyHistogram FromCounts(ReadOnlySpan<int> flat)
    {
        var buckets = ImmutableArray.CreateBuilder<int>();
        var counts = ImmutableArray.CreateBuilder<long>();
        for (var i = 0; i < flat.Length; i++)
        {
            if (flat[i] == 0) continue;
            buckets.Add(i);
            counts.Add(flat[i]);
        }
        return new(buckets.ToImmutable(), counts.ToImmutable());
    }

    public static LatencyHistogram Of(IEnumerable<double> durationsMs)
    {
        var flat = new int[BucketCount];
        foreach (var ms in durationsMs) flat[BucketOf(ms)]++;
        return FromCounts(flat);
    }

    public LatencyHistogram Add(LatencyHistogram other)
    {
        if (Buckets.IsEmpty) return other;
        if (other.Buckets.IsEmpty) return this;
        var buckets = ImmutableArray.CreateBuilder<int>(Buckets.Length + other.Buckets.Length);
        var counts = ImmutableArray.CreateBuilder<long>(Buckets.Length + other.Buckets.Length);
        for (int i = 0, j = 0; i < Buckets.Length || j < other.Buckets.Length;)
        {
            var a = i < Buckets.Length ? Buckets[i] : int.MaxValue;
            var b = j < other.Buckets.Length ? other.Buckets[j] : int.MaxValue;
            buckets.Add(Math.Min(a, b));
            counts.Add((a <= b ? Counts[i] : 0) + (b <= a ? other.Counts[j] : 0));
            if (a <= b) i++;
            if (b <= a) j++;
        }
        return new(buckets.ToImmutable(), counts.ToImmutable());
    }

    /// <summary>The upper edge (ms) of the bucket that holds quantile <paramref name="q"/> in (0, 1]; NaN when empty.</summary>
    public double QuantileMs(double q)
    {
        var rank = (long)Math.Ceiling(q * Total);
        long seen = 0;
        for (var i = 0; i < Buckets.Length; i++)
        {
            seen += Counts[i];
            if (seen >= rank) return UpperMs(Buckets[i]);
        }
        return double.NaN;
    }

    /// <summary>How many recorded durations lie in buckets above <paramref name="bucket"/>.</summary>
    public long CountAbove(int bucket)
    {
        long sum = 0;
        for (var i = Buckets.Length - 1; i >= 0 && Buckets[i] > bucket; i--) sum += Counts[i];
        return sum;
    }

    public bool Equals(LatencyHistogram? other) =>
        other is not null && Buckets.SequenceEqual(other.Buckets) && Counts.SequenceEqual(other.Counts);

    public override int GetHashCode() => HashCode.Combine(Buckets.Length, Total);
}
