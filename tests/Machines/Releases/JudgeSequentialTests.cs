using ProdSprint.Traffic;
using static ProdSprint.Releases.JudgeEvidence;

namespace ProdSprint.Releases;

public sealed class JudgeSequentialTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, Verdict.Inconclusive)]           // nothing at all
    [InlineData(0, 0, 10_000, 50, Verdict.Inconclusive)]     // the canary was not seen
    [InlineData(10_000, 0, 0, 0, Verdict.Inconclusive)]      // nothing to compare with
    [InlineData(50, 0, 1_000_000, 0, Verdict.Inconclusive)]  // too few for MinRequests
    [InlineData(100, 5, 1_900, 9, Verdict.Unhealthy)]        // ten times the errors after twenty seconds
    [InlineData(300, 8, 5_700, 28, Verdict.Unhealthy)]       // five times after a minute
    [InlineData(100, 1, 1_900, 9, Verdict.Inconclusive)]     // one error is no proof
    [InlineData(20_000, 100, 380_000, 1_900, Verdict.Healthy)]
    [InlineData(2_000, 0, 38_000, 0, Verdict.Healthy)]       // no errors anywhere, and enough of it
    [InlineData(100_000, 700, 1_900_000, 9_500, Verdict.Healthy)]  // surely worse, yet within what is tolerated
    [InlineData(50, 50, 950, 5, Verdict.Unhealthy)]          // all of them fail
    [InlineData(1_000, 500, 19_000, 9_500, Verdict.Inconclusive)]  // both are down: not the canary's fault, not proof of health either
    public void Judge_ErrorCounts_AsExpected(long n, long x, long m, long y, Verdict expected)
    {
        var judgement = ErrorsOnly.Judge(Totals(Side(n, x), Side(m, y)));
        judgement.Verdict.ShouldBe(expected, judgement.Reason);
        judgement.Reason.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData(40, 40, Verdict.Healthy)]
    [InlineData(40, 55, Verdict.Healthy)]
    [InlineData(40, 200, Verdict.Unhealthy)]
    [InlineData(1, 4, Verdict.Healthy)]     // four times as slow, and still under the floor
    [InlineData(1, 40, Verdict.Unhealthy)]
    public void Judge_SteadyLatency_AsExpected(double stableMs, double canaryMs, Verdict expected)
    {
        var policy = JudgePolicy.Default with { LatencyQuantiles = [0.95] };
        var judgement = policy.Judge(Totals(Steady(3_000, 0, canaryMs), Steady(50_000, 0, stableMs)));
        judgement.Verdict.ShouldBe(expected, judgement.Reason);
    }

    [Fact]
    public void Judge_OnlyTheTailIsSlower_P99FindsIt()
    {
        double[] stable = [.. Enumerable.Range(0, 40_000).Select(i => i % 200 == 0 ? 80.0 : 20.0)];
        double[] canary = [.. Enumerable.Range(0, 2_000).Select(i => i % 40 == 0 ? 400.0 : 20.0)];
        var judgement = JudgePolicy.Default.Judge(Totals(Side(2_000, 0, canary), Side(40_000, 0, stable)));
        judgement.Verdict.ShouldBe(Verdict.Unhealthy, judgement.Reason);
        judgement.Metrics.Select(m => (m.Metric, m.Verdict)).ShouldBe([("error-rate", Verdict.Healthy), ("latency-p95", Verdict.Healthy), ("latency-p99", Verdict.Unhealthy)]);
    }

    [Fact]
    public void Judge_StableTooSmallForItsTail_LatencyStaysInconclusive()
    {
        var judgement = JudgePolicy.Default.Judge(Totals(Steady(5_000, 0, 500), Steady(300, 0, 10)));
        judgement.Metrics.Single(m => m.Metric == "latency-p99").Verdict.ShouldBe(Verdict.Inconclusive);
        judgement.Metrics.Single(m => m.Metric == "latency-p99").Text.ShouldContain("300 of the 2000");
    }

    [Fact]
    public void Judge_WeightChangedWhileTheBaseRateDid_PointsKeepItFromBlamingTheCanary()
    {
        // A quiet hour at 1 %, then an incident on both sides at 50 %. Pooled, the canary looks four times as bad; point by point it is the same.
        var evidence = Series(20,
            i => i <= 10 ? Side(100, 0) : Side(5_000, 250),
            i => i <= 10 ? Side(9_900, 10) : Side(5_000, 250));
        ErrorsOnly.Judge(evidence with { Points = [] }).Verdict.ShouldBe(Verdict.Unhealthy, "the pooled table must be misleading, or this test shows nothing");
        ErrorsOnly.Judge(evidence).Verdict.ShouldNotBe(Verdict.Unhealthy);
    }

    [Fact]
    public void Judge_StepWithoutStableTraffic_ComparesWithWhatStableShowedBefore()
    {
        var before = Side(100_000, 500);
        var good = Totals(Side(40_000, 200), VersionEvidence.None) with { StableBefore = before };
        var bad = Totals(Side(2_000, 60), VersionEvidence.None) with { StableBefore = before };
        ErrorsOnly.Judge(good).Verdict.ShouldBe(Verdict.Healthy);
        ErrorsOnly.Judge(bad).Verdict.ShouldBe(Verdict.Unhealthy);
        ErrorsOnly.Judge(good with { StableBefore = VersionEvidence.None }).Verdict.ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void Judge_ErrorsComeInIncidents_TheirEvidenceIsDivided()
    {
        var burst = Totals(Side(200, 6), Side(3_800, 19));
        ErrorsOnly.Judge(burst).Verdict.ShouldBe(Verdict.Unhealthy);
        (ErrorsOnly with { ErrorsPerIncident = 3 }).Judge(burst).Verdict.ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void Judge_Healthy_SaysWhatItCouldHaveDetected()
    {
        var judgement = ErrorsOnly.Judge(Totals(Side(20_000, 100), Side(380_000, 1_900)));
        judgement.DetectableErrorIncrease!.Value.ShouldBeInRange(0.001, 0.006);
        judgement.RequestsForDecision.ShouldBe(20_000);
    }

    [Fact]
    public void Judge_AnyEvidence_FiguresCanBeDrawn()
    {
        foreach (var evidence in new[] { CanaryEvidence.None, Totals(Steady(100, 100, 3), Steady(9_000, 0, 1)), Totals(Steady(100_000, 0, 3), Steady(9_000_000, 0, 1)) })
            foreach (var name in CanaryPolicies.Names)
                foreach (var m in (JudgePolicy.Default with { Name = name }).Judge(evidence).Metrics)
                    new[] { m.Statistic, m.Boundary, m.Low ?? 0, m.High ?? 0, m.Stable ?? 0, m.Canary ?? 0, m.Tolerated ?? 0 }.ShouldAllBe(v => double.IsFinite(v));
    }

    [Fact]
    public void Judge_UnknownPolicy_SaysWhichThereAre() =>
        Should.Throw<ArgumentException>(() => (JudgePolicy.Default with { Name = "gut-feeling" }).Judge(CanaryEvidence.None)).Message.ShouldContain("sequential, mann-whitney, threshold");

    [Fact]
    public void Band_KnownQuantile_LiesWithin()
    {
        double[] durations = [.. Enumerable.Range(1, 2_000).Select(i => (double)i)];
        var p95 = JudgePolicy.Default.Judge(Totals(Side(2_000, 0, durations), Side(2_000, 0, durations))).Metrics.Single(m => m.Metric == "latency-p95");
        p95.Low!.Value.ShouldBeInRange(1_700, 1_900);
        p95.High!.Value.ShouldBeInRange(1_900, 2_050);
        LatencyHistogram.BucketOf(p95.Canary!.Value * 0.999).ShouldBe(LatencyHistogram.BucketOf(1_900));
    }
}
