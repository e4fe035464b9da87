using System.Collections.Immutable;
using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>How evidence grows, batch by batch, without ever growing large: ten-second points, and neighbours merged when there are sixty.</summary>
public static class EvidenceSeries
{
    public const double PointSeconds = 10;
    public const int MaxPoints = 60;

    /// <summary>
    /// Adds what was seen by <paramref name="t"/> (seconds since the step began; earlier times are allowed, a late batch lands in its own point).
    /// How the same requests are cut into batches makes no difference to the result but for <see cref="CanaryEvidence.Looks"/>.
    /// </summary>
    /// <param name="pointLatency">False leaves the histograms out of the points (the totals keep them): only mann-whitney and threshold read
    /// latency per point, and they are most of the size.</param>
    public static CanaryEvidence Add(CanaryEvidence evidence, double t, VersionEvidence canary, VersionEvidence stable, bool pointLatency = true)
    {
        var points = evidence.Points.IsDefault ? [] : evidence.Points;
        var (c, s) = pointLatency ? (canary, stable) : (canary with { Latency = LatencyHistogram.Empty }, stable with { Latency = LatencyHistogram.Empty });
        return evidence with
        {
            Canary = evidence.Canary.Add(canary),
            Stable = evidence.Stable.Add(stable),
            Points = Place(points, Width(points, t), t, c, s),
            Looks = evidence.Looks + 1,
            ElapsedSeconds = Math.Max(evidence.ElapsedSeconds, t),
        };
    }

    /// <summary>Whether the policy reads latency per point.</summary>
    public static bool NeedsPointLatency(JudgePolicy policy) => policy.Name != JudgePolicy.Sequential;

    /// <summary>The points that are over: a measurement half taken says little, and says it too early.</summary>
    public static ImmutableArray<EvidencePoint> Complete(CanaryEvidence evidence) =>
        evidence.Points.IsDefaultOrEmpty ? [] : [.. evidence.Points.Where(p => p.T <= evidence.ElapsedSeconds)];

    // The width follows from the latest time alone, so that it does not depend on the order or the cut of the batches.
    private static double Width(ImmutableArray<EvidencePoint> points, double t)
    {
        var last = points.IsEmpty ? t : Math.Max(t, points[^1].T);
        var width = PointSeconds;
        while (width * MaxPoints < last) width *= 2;
        return width;
    }

    private static ImmutableArray<EvidencePoint> Place(
        ImmutableArray<EvidencePoint> points, double width, double t, VersionEvidence canary, VersionEvidence stable)
    {
        var end = EndOf(t, width);
        if (!points.IsEmpty && points[^1].T == end && (points.Length < 2 || points[^1].T - points[^2].T >= width))
            return points.SetItem(points.Length - 1, points[^1] with { Canary = points[^1].Canary.Add(canary), Stable = points[^1].Stable.Add(stable) });
        var byEnd = new SortedDictionary<double, EvidencePoint>();
        foreach (var p in points.Add(new(end, canary, stable)))
        {
            var key = EndOf(p.T, width);
            byEnd[key] = byEnd.TryGetValue(key, out var there) ? new(key, there.Canary.Add(p.Canary), there.Stable.Add(p.Stable)) : p with { T = key };
        }
        return [.. byEnd.Values];
    }

    private static double EndOf(double t, double width) => Math.Max(1, Math.Ceiling(t / width)) * width;
}
