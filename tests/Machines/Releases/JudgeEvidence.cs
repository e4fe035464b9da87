using ProdSprint.Traffic;

namespace ProdSprint.Releases;

/// <summary>Evidence written down by hand.</summary>
internal static class JudgeEvidence
{
    public static JudgePolicy ErrorsOnly { get; } = JudgePolicy.Default with { LatencyQuantiles = [] };

    public static VersionEvidence Side(long requests, long errors, params double[] latencies) => new(requests, errors, LatencyHistogram.Of(latencies));

    public static VersionEvidence Steady(long requests, long errors, double ms) => new(requests, errors, new([LatencyHistogram.BucketOf(ms)], [requests]));

    public static CanaryEvidence Totals(VersionEvidence canary, VersionEvidence stable) => new(canary, stable, [], 1, 60);

    public static CanaryEvidence Series(int points, Func<int, VersionEvidence> canary, Func<int, VersionEvidence> stable)
    {
        var evidence = CanaryEvidence.None;
        for (var i = 1; i <= points; i++) evidence = EvidenceSeries.Add(evidence, i * EvidenceSeries.PointSeconds, canary(i), stable(i));
        return evidence;
    }

    public static Judgement Judge(this JudgePolicy policy, CanaryEvidence evidence) => CanaryJudge.Judge(policy, evidence);
}
