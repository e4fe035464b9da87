using ProdSprint.Plans;

namespace ProdSprint.Gates;

public sealed class CoverageGateTests
{
    private static TestReport Covered(params FileCoverage[] files) => TestReport.Nothing with { Files = [.. files] };

    private static string[] Ids(CoverageVerdict v) => [.. v.Findings.Select(f => f.Id)];

    [Fact]
    public void NothingReported_IsNoFinding_UnlessThePolicyWantsIt()
    {
        CoverageGate.Judge(TestReport.Nothing, null, null, CoveragePolicy.Usual).Findings.ShouldBeEmpty();
        Ids(CoverageGate.Judge(TestReport.Nothing, null, null, CoveragePolicy.Usual with { Required = true })).ShouldBe([TestControls.Reported]);
    }

    [Theory]
    [InlineData("1-8", "9-10", 80, true)]
    [InlineData("1-79", "80-100", 80, false)]
    [InlineData("1-79", "80-100", 75, true)]
    public void OfAll_AtLeastTheMinimum(string covered, string missed, double minimum, bool passes) =>
        Ids(CoverageGate.Judge(Covered(new FileCoverage("a.js", covered, missed)), null, null, new(minimum, true, false))).ShouldBe(passes ? [] : [TestControls.Coverage]);

    [Fact]
    public void NewLinesThatNoTestRuns_AreNamed()
    {
        var v = CoverageGate.Judge(Covered(new FileCoverage("a.js", "1-90", "91-93")), null, [new("a.js", "", "90-93"), new("README.md", "1", "1")], CoveragePolicy.Usual);
        (v.Percent, v.ChangedPercent).ShouldBe((96.77, 25));
        v.NotRun.ShouldBe(["a.js:91-93"]);
        var finding = v.Findings.Single();
        finding.Id.ShouldBe(TestControls.ChangedLines);
        finding.Summary!.ShouldContain("a.js:91-93");
        finding.Summary!.ShouldContain("25 % of the 4 changed lines");
    }

    [Fact]
    public void ReplacedLines_MayNotBeCoveredLessThanThoseTheyReplace()
    {
        LineChange[] changes = [new("a.js", "10-13", "10-13")];
        var fresh = Covered(new FileCoverage("a.js", "1-10", "11-13,99"));
        Ids(CoverageGate.Judge(fresh, Covered(new FileCoverage("a.js", "1-11", "12-13")), changes, new(10, true, false))).ShouldBe([TestControls.ChangedLines]);
        // three of four were not run before either
        Ids(CoverageGate.Judge(fresh, Covered(new FileCoverage("a.js", "1-10", "11-13")), changes, CoveragePolicy.Usual with { Minimum = 70 })).ShouldBe([]);
    }

    [Theory]
    [InlineData(9, true)] // 2 × 100 % + 8 × 80 % of 10 lines are 84 %
    [InlineData(8, false)]
    public void LinesOnTopOfThoseReplaced_AreHeldToTheMinimum(int covered, bool passes)
    {
        var fresh = Covered(new FileCoverage("a.js", $"1-{covered},100-200", $"{covered + 1}-10"));
        var v = CoverageGate.Judge(fresh, Covered(new FileCoverage("a.js", "1-2,100-200", "")), [new("a.js", "1-2", "1-10")], CoveragePolicy.Usual);
        Ids(v).ShouldBe(passes ? [] : [TestControls.ChangedLines]);
        if (!passes) v.Findings[0].Summary!.ShouldStartWith("80 % of the 10 changed lines are covered, and 84 % are to be (what they replace: 100 %; 8 more: at least 80 %)");
    }

    [Fact]
    public void ChangedLines_ThePolicyDoesNotLook_OrNothingIsExecutable_IsNoFinding()
    {
        var report = Covered(new FileCoverage("a.js", "1-9", "10"));
        CoverageGate.Judge(report, null, [new("a.js", "", "10")], new(80, false, false)).Findings.ShouldBeEmpty();
        CoverageGate.Judge(report, null, [new("b.js", "", "10")], CoveragePolicy.Usual).ChangedPercent.ShouldBeNull();
    }

    [Fact]
    public void LineChanges_OfGitsDiff_WithLinesThatLookLikeHeaders()
    {
        var changes = LineChange.Read("""
            diff --git a/a b.js b/a b.js
            index 1..2 100644
            --- a/a b.js	
            +++ b/a b.js	
            @@ -3,2 +3 @@ function f() {
            --- a/looks/like.js
            -gone
            +++ b/as/well.js
            @@ -10,0 +10,2 @@
            +one
            +two
            \ No newline at end of file
            diff --git a/gone.js b/gone.js
            deleted file mode 100644
            --- a/gone.js
            +++ /dev/null
            @@ -1,2 +0,0 @@
            -x
            -y
            diff --git a/new.js b/new.js
            --- /dev/null
            +++ b/new.js
            @@ -0,0 +1 @@
            +x
            diff --git a/pic.png b/pic.png
            Binary files a/pic.png and b/pic.png differ
            """);
        changes.ShouldBe([new("a b.js", "3-4", "3,10-11"), new("gone.js", "1-2", ""), new("new.js", "", "1")]);
    }
}
