using static ProdSprint.Releases.JudgeEvidence;

namespace ProdSprint.Releases;

public sealed class JudgeMannWhitneyTests
{
    private static readonly JudgePolicy Policy = JudgePolicy.Default with { Name = JudgePolicy.MannWhitney };

    [Fact]
    public void Judge_FewPoints_IsInconclusiveWhereKayentaWouldPass() =>
        Policy.Judge(Series(11, _ => Steady(100, 0, 10), _ => Steady(100, 0, 10))).Verdict.ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void Judge_SameOnBothSides_Passes() => Policy.Judge(Series(20, i => Steady(100, i % 3, 10), i => Steady(100, i % 3, 10))).Verdict.ShouldBe(Verdict.Healthy);

    [Fact]
    public void Judge_MoreErrorsAtEveryPoint_FailsAtOnceAsTheMetricIsCritical()
    {
        var judgement = Policy.Judge(Series(20, i => Steady(100, 10 + i % 3, 10), i => Steady(100, i % 3, 10)));
        judgement.Verdict.ShouldBe(Verdict.Unhealthy);
        judgement.Reason.ShouldStartWith("Score 0 of 100");
    }

    [Fact]
    public void Judge_SlowerAtEveryPoint_FailsByScore()
    {
        var judgement = Policy.Judge(Series(20, i => Steady(100, 0, 100 + 7 * (i % 5)), i => Steady(100, 0, 10 + i % 5)));
        judgement.Verdict.ShouldBe(Verdict.Unhealthy);
        judgement.Reason.ShouldStartWith("Score 50 of 100");
    }

    [Fact]
    public void Judge_NoDurations_IsInconclusive() => Policy.Judge(Series(20, _ => Side(100, 0), _ => Side(100, 0))).Verdict.ShouldBe(Verdict.Inconclusive);

    [Fact]
    public void Classify_TwoConstants_IsTheSameEveryTime()
    {
        double[] control = [1, 1, 1, 1, 1], experiment = [10, 10, 10, 10, 10];
        MetricClassifier.Classify(new(), control, experiment).ShouldBe(MetricClassifier.Classify(new(), control, experiment));
    }

    [Theory]
    [InlineData(new[] { "Nodata", "Nodata" }, false, 0)]             // at least half without data
    [InlineData(new[] { "Nodata", "Pass", "Pass" }, false, 100)]
    [InlineData(new[] { "Nodata", "Pass", "Pass" }, true, 0)]        // a critical metric without data
    [InlineData(new[] { "Pass", "Pass", "High" }, false, 66.67)]
    public void Score_OneGroup_AsTheFactsSay(string[] classes, bool firstIsCritical, double expected) =>
        CanaryScore.Of(new Dictionary<string, double>(), [.. classes.Select((c, i) => new ScoredMetric(Enum.Parse<MetricClass>(c), ["g"], firstIsCritical && i == 0))]).ShouldBe(expected);

    [Fact]
    public void Score_MetricInTwoGroups_CountsInEach() =>
        CanaryScore.Of(new Dictionary<string, double> { ["a"] = 60, ["b"] = 40 }, [new(MetricClass.High, ["a", "b"]), new(MetricClass.Pass, ["a"])]).ShouldBe(30);

    [Fact]
    public void Score_MutedMetric_IsLeftOut() =>
        CanaryScore.Of(new Dictionary<string, double>(), [new(MetricClass.High, ["a"], Critical: true, Muted: true), new(MetricClass.Pass, ["a"])]).ShouldBe(100);

    [Fact]
    public void Outliers_FencesWidenedToTheOuterPercentiles()
    {
        double[] data = [.. Enumerable.Repeat(1.0, 98), 5.0, 6.0];
        MetricSeries.OutliersByIqr(data, 3).Count(o => o).ShouldBe(2);
        MetricSeries.OutliersByIqr(data, 3, reduceSensitivity: true).Count(o => o).ShouldBe(1);
    }
}
