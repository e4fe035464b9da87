using static ProdSprint.Releases.JudgeEvidence;
using M = ProdSprint.Releases.MeasurementPhase;

namespace ProdSprint.Releases;

/// <summary>Section E of rollout-scenarios.md as far as it is about counting measurements.</summary>
public sealed class JudgeThresholdTests
{
    private static readonly JudgePolicy Policy = JudgePolicy.Default with { Name = JudgePolicy.Threshold };

    public static TheoryData<string, TallyLimits, string, bool, MetricPhase> Table => new()
    {
        { "nothing measured", new(), "", false, MetricPhase.Pending },
        { "nothing measured, terminating", new(), "", true, MetricPhase.Successful },
        { "one in flight", new(), "SR", false, MetricPhase.Running },
        { "one failure, none forgiven", new(), "SF", false, MetricPhase.Failed },
        { "one failure, one forgiven", new(FailureLimit: 1), "SF", false, MetricPhase.Running },
        { "two failures, one forgiven", new(FailureLimit: 1), "FSF", false, MetricPhase.Failed },
        { "failures ignored", new(FailureLimit: -1), "FFFF", false, MetricPhase.Running },
        { "inconclusive", new(), "SI", false, MetricPhase.Inconclusive },
        { "inconclusive overrides failed", new(), "FI", false, MetricPhase.Inconclusive },
        { "inconclusive forgiven", new(InconclusiveLimit: 1), "SI", false, MetricPhase.Running },
        { "E4 four errors in a row are forgiven", new(), "EEEE", false, MetricPhase.Running },
        { "E4 five are not", new(), "EEEEE", false, MetricPhase.Error },
        { "E4 a success in between starts the count again", new(), "EEEESEEEE", false, MetricPhase.Running },
        { "error overrides failed and inconclusive", new(), "FIEEEEE", false, MetricPhase.Error },
        { "successes in a row are enough", new(ConsecutiveSuccessLimit: 3), "SSS", false, MetricPhase.Successful },
        { "a row broken", new(FailureLimit: 1, ConsecutiveSuccessLimit: 3), "SSFSS", false, MetricPhase.Running },
        { "count reached, failure limit only", new(Count: 3), "SSS", false, MetricPhase.Successful },
        { "count reached, success limit only", new(ConsecutiveSuccessLimit: 3, Count: 3, FailureLimitOn: false), "SFS", false, MetricPhase.Failed },
        { "count reached, both", new(FailureLimit: 1, ConsecutiveSuccessLimit: 3, Count: 3), "SFS", false, MetricPhase.Inconclusive },
        { "errors do not count", new(Count: 3), "SSE", false, MetricPhase.Running },
        { "terminating", new(Count: 3), "S", true, MetricPhase.Successful },
    };

    [Theory, MemberData(nameof(Table))]
    public void Assess_Table_AsExpected(string row, TallyLimits limits, string measurements, bool terminating, MetricPhase expected)
    {
        M[] phases = [.. measurements.Select(c => c switch { 'S' => M.Successful, 'F' => M.Failed, 'I' => M.Inconclusive, 'E' => M.Error, _ => M.Running })];
        MetricTally.Assess(limits, phases, terminating).ShouldBe(expected, row);
    }

    [Fact]
    public void E12_Measure_NaNWithSuccessConditionOnly_Fails() => MetricTally.Measure(double.NaN, v => v >= 0.95, null).ShouldBe(M.Failed);

    [Fact]
    public void E12_Measure_NaNWithBothConditions_IsInconclusive() => MetricTally.Measure(double.NaN, v => v >= 0.95, v => v < 0.95).ShouldBe(M.Inconclusive);

    [Fact]
    public void E12_Measure_NaNAskedFor_Succeeds() => MetricTally.Measure(double.NaN, v => double.IsNaN(v) || v >= 0.95, null).ShouldBe(M.Successful);

    [Fact]
    public void Measure_FailureConditionOnly_SucceedsUnlessMet()
    {
        MetricTally.Measure(0.5, null, v => v < 0.95).ShouldBe(M.Failed);
        MetricTally.Measure(0.99, null, v => v < 0.95).ShouldBe(M.Successful);
        MetricTally.Measure(null, null, v => v < 0.95).ShouldBe(M.Error);
    }

    [Fact]
    public void E13_Judge_NoTraffic_IsInconclusiveHoweverLong() =>
        Policy.Judge(Series(30, _ => VersionEvidence.None, _ => Steady(100, 0, 10))).Verdict.ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void E13_Judge_TooFewRequests_IsInconclusive() =>
        Policy.Judge(Series(6, _ => Steady(10, 0, 10), _ => Steady(100, 0, 10))).Reason.ShouldContain("60 of the 100 requests");

    [Fact]
    public void Judge_AllMeasurementsWithinLimits_IsHealthy() => Policy.Judge(Series(6, _ => Steady(50, 0, 10), _ => Steady(100, 0, 10))).Verdict.ShouldBe(Verdict.Healthy);

    [Fact]
    public void Judge_OneMeasurementAboveErrorLimit_IsUnhealthy()
    {
        var evidence = Series(3, i => Steady(50, i == 2 ? 1 : 0, 10), _ => Steady(100, 0, 10));
        Policy.Judge(evidence).Verdict.ShouldBe(Verdict.Unhealthy);
        (Policy with { Limits = Policy.Limits with { FailureLimit = 1 } }).Judge(evidence).Verdict.ShouldBe(Verdict.Inconclusive);
    }

    [Fact]
    public void Judge_PointStillOpen_IsNoMeasurementYet()
    {
        var open = EvidenceSeries.Add(CanaryEvidence.None, 3, Steady(5, 1, 10), Steady(95, 0, 10));
        Policy.Judge(open).Verdict.ShouldBe(Verdict.Inconclusive);
        Policy.Judge(EvidenceSeries.Add(open, 10, Steady(35, 0, 10), Steady(600, 0, 10))).Verdict.ShouldBe(Verdict.Unhealthy);
    }

    [Fact]
    public void Judge_SlowP95_IsUnhealthy() => Policy.Judge(Series(2, _ => Steady(50, 0, 900), _ => Steady(100, 0, 900))).Reason.ShouldStartWith("latency-p95");
}
