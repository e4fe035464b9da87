using FsCheck;
using FsCheck.Fluent;

namespace ProdSprint.Gates;

public sealed class TestReportsTests
{
    private static TestReport Of(params (string Name, TestOutcome Outcome)[] cases)
    {
        var tally = new TestTally();
        foreach (var (name, outcome) in cases) tally.Case("s", name, outcome, 0, null);
        return tally.Build([], []);
    }

    [Fact]
    public void Again_WhatPassedTheSecondTimeHasWavered_WhatFailedTwiceHasFailed_ANewFailureCounts()
    {
        var r = TestReports.Again(Of(("a", TestOutcome.Failed), ("b", TestOutcome.Failed), ("c", TestOutcome.Passed)), Of(("a", TestOutcome.Passed), ("b", TestOutcome.Failed), ("d", TestOutcome.Failed)));
        (r.Passed, r.Failed).ShouldBe((2, 2));
        r.Cases.Select(c => (c.Name, c.Outcome, c.Wavered)).ShouldBe([("b", TestOutcome.Failed, false), ("d", TestOutcome.Failed, false), ("a", TestOutcome.Passed, true), ("c", TestOutcome.Passed, false)]);
    }

    [Fact]
    public void Again_SecondRunReportsNothing_TheFailuresStay() =>
        TestReports.Again(Of(("a", TestOutcome.Failed)), TestReport.Nothing).Failed.ShouldBe(1);

    [Fact]
    public void Join_ATestOfBothServices_IsOne_AndTheFailureWins()
    {
        var r = TestReports.Join(Of(("a", TestOutcome.Failed), ("b", TestOutcome.Passed)), Of(("a", TestOutcome.Passed), ("c", TestOutcome.Skipped)));
        (r.Passed, r.Failed, r.Skipped).ShouldBe((1, 1, 1));
        r.Cases.Length.ShouldBe(3);
    }

    [Fact]
    public void Join_OneFileSeenByTwoServices_ALineThatOneRanIsCovered()
    {
        TestReport Covering(string covered, string missed) => TestReport.Nothing with { Files = [new("a.js", covered, missed)] };
        TestReports.Join(Covering("1", "2-4"), Covering("3", "1-2,9")).Files.ShouldBe([new("a.js", "1,3", "2,4,9")]);
    }

    [Fact]
    public void LineRanges_WrittenAndRead_AreTheSame() => Prop.ForAll<int[]>(lines =>
    {
        var sorted = lines.Select(l => Math.Abs(l % 1000) + 1).Distinct().Order().ToList();
        var text = LineRanges.Write(sorted);
        return LineRanges.Read(text).SequenceEqual(sorted) && LineRanges.Count(text) == sorted.Count;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("/w/tree/src/a.ts", "src/a.ts")]
    [InlineData("./src/a.ts", "src/a.ts")]
    [InlineData("lib.ts", "web/lib.ts")]
    [InlineData("example.com/mod/web/lib.ts", "web/lib.ts")]
    [InlineData("src\\a.ts", "src/a.ts")]
    [InlineData("index.ts", "web/index.ts")]
    [InlineData("other/index.ts", "other/index.ts")]
    [InlineData("gone.ts", "gone.ts")]
    public void Paths_FromTheRepositorysRoot_WhereItCanBeTold(string reported, string local) =>
        new ReportPaths(["src/a.ts", "web/lib.ts", "web/index.ts", "api/index.ts"], ["/w/tree", "/w/copy/"], "web").Local(reported).ShouldBe(local);
}
