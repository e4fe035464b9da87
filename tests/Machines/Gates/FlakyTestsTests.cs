using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>Which tests waver, and which failures stop a release: each rule on its own.</summary>
public sealed class FlakyTestsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private const string Stable = "5555555555";

    private static TestSeen Seen(TestOutcome outcome, string commit = "c1", string code = "code1", double daysAgo = 1, string name = "a", bool wavered = false) => new("s", name, commit, code, Now.AddDays(-daysAgo), outcome, wavered);

    private static TestQuarantine Aside(string name = "a", double sinceDays = 2, double holdsDays = 14) => new("s", name, "wavers", null, FlakyTests.By, Now.AddDays(-sinceDays), Now.AddDays(holdsDays - sinceDays));

    private static TestReport Report(params TestCase[] cases) => TestReport.Nothing with { Failed = cases.Count(c => c.Outcome == TestOutcome.Failed), Cases = [.. cases] };

    private static readonly TestCase Failed = new("s", "a", TestOutcome.Failed, 0, "no");
    private static readonly TestCase Wavered = new("s", "a", TestOutcome.Passed, 0) { Wavered = true };

    private static ImmutableArray<TestQuarantine> Find(IEnumerable<TestSeen> seen, params TestQuarantine[] before) => FlakyTests.Find(new([.. seen], [.. before]), 100, Now);

    [Fact]
    public void Find_PassedTheSecondTimeInOneBuild_IsQuarantinedWithAnExpiry()
    {
        var q = Find([Seen(TestOutcome.Passed, wavered: true)]).ShouldHaveSingleItem();
        (q.Identity(), q.Since, q.Until, q.By).ShouldBe((("s", "a"), Now, Now + FlakyTests.Holds, FlakyTests.By));
        q.Reason.ShouldBe("failed and passed on c1, in one build");
    }

    [Fact]
    public void Find_BothOutcomesOnOneCommit_IsQuarantined() => Find([Seen(TestOutcome.Failed), Seen(TestOutcome.Passed, daysAgo: 2)]).Single().Reason.ShouldBe("failed and passed on c1");

    [Fact]
    public void Find_BothOutcomesOnNeighboursWithTheSameCode_IsQuarantined() => Find([Seen(TestOutcome.Failed, "c2"), Seen(TestOutcome.Passed)]).Single().Reason.ShouldContain("which is the same code");

    [Fact]
    public void Find_BothOutcomesOnDifferentCode_IsNot() => Find([Seen(TestOutcome.Failed, "c2", "code2"), Seen(TestOutcome.Passed)]).ShouldBeEmpty();

    [Fact]
    public void Find_FailedAndSkipped_IsNot() => Find([Seen(TestOutcome.Failed), Seen(TestOutcome.Skipped)]).ShouldBeEmpty();

    [Fact]
    public void Find_OlderThanTheWindow_IsNot() => Find([Seen(TestOutcome.Passed, wavered: true, daysAgo: 31)]).ShouldBeEmpty();

    [Fact]
    public void Find_AlreadyInQuarantine_IsLeftAsItIs() => Find([Seen(TestOutcome.Passed, wavered: true)], Aside()).ShouldBeEmpty();

    [Fact]
    public void Find_QuarantineHasEnded_OnlyNewEvidenceCounts()
    {
        Find([Seen(TestOutcome.Passed, wavered: true, daysAgo: 20)], Aside(sinceDays: 19)).ShouldBeEmpty();
        Find([Seen(TestOutcome.Passed, wavered: true, daysAgo: 1)], Aside(sinceDays: 19)).ShouldHaveSingleItem();
        Find([Seen(TestOutcome.Passed, wavered: true, daysAgo: 3)], Aside() with { EndedAt = Now.AddDays(-1), EndedBy = "user:bo" }).ShouldBeEmpty();
    }

    [Fact]
    public void Find_WhenTheWholeSuiteWavers_NoMoreThanAFewArePutAside()
    {
        var all = Enumerable.Range(10, 40).Select(i => Seen(TestOutcome.Passed, name: $"t{i}", wavered: true)).ToList();
        Find(all).Length.ShouldBe(5);
        Find(all, Aside("x1"), Aside("x2"), Aside("x3")).Length.ShouldBe(2);
        FlakyTests.Find(new([.. all], []), 1000, Now).Length.ShouldBe(40);
    }

    [Fact]
    public void Judge_FailedAndNotInQuarantine_Blocks_AndSaysThatStablePassesIt()
    {
        FlakyTests.Judge(Report(Failed), TestHistory.None, Stable, Now).Blocking.Single().Why.ShouldBeNull();
        FlakyTests.Judge(Report(Failed), new([Seen(TestOutcome.Passed, Stable)], []), Stable, Now).Blocking.Single().Why.ShouldBe("it passes on the stable version");
    }

    [Fact]
    public void Judge_WaversInQuarantine_IsTolerated()
    {
        var verdict = FlakyTests.Judge(Report(Wavered), new([Seen(TestOutcome.Passed, Stable)], [Aside()]), Stable, Now);
        verdict.Blocking.ShouldBeEmpty();
        verdict.Tolerated.ShouldBe([Wavered]);
    }

    [Fact]
    public void Judge_WaversAndIsNotInQuarantine_Blocks() => FlakyTests.Judge(Report(Wavered), TestHistory.None, Stable, Now).Blocking.Single().Why!.ShouldContain("not in quarantine");

    [Fact]
    public void Judge_QuarantinedFailsOnTheNewVersionAndPassesOnStable_Blocks()
    {
        var verdict = FlakyTests.Judge(Report(Failed), new([Seen(TestOutcome.Passed, Stable), Seen(TestOutcome.Failed, "new")], [Aside()]), Stable, Now);
        verdict.Blocking.Single().Why.ShouldBe("it is in quarantine, and passes on the stable version");
        verdict.Tolerated.ShouldBeEmpty();
    }

    [Fact]
    public void Judge_QuarantinedAndStableFailsItToo_IsTolerated()
    {
        FlakyTests.Judge(Report(Failed), new([Seen(TestOutcome.Failed, Stable), Seen(TestOutcome.Passed, Stable)], [Aside()]), Stable, Now).Blocking.ShouldBeEmpty();
        FlakyTests.Judge(Report(Failed), new([Seen(TestOutcome.Passed, Stable, wavered: true)], [Aside()]), Stable, Now).Blocking.ShouldBeEmpty();
    }

    [Fact]
    public void Judge_QuarantinedAndNothingIsKnownOfStableInTheWindow_Blocks()
    {
        FlakyTests.Judge(Report(Failed), new([], [Aside()]), Stable, Now).Blocking.Single().Why!.ShouldContain("nothing shows");
        FlakyTests.Judge(Report(Failed), new([Seen(TestOutcome.Failed, Stable, daysAgo: 31), Seen(TestOutcome.Skipped, Stable)], [Aside()]), Stable, Now).Blocking.ShouldHaveSingleItem();
    }

    [Fact]
    public void Judge_QuarantinedAndNothingServesYet_IsTolerated() => FlakyTests.Judge(Report(Failed), new([], [Aside()]), null, Now).Blocking.ShouldBeEmpty();

    [Fact]
    public void Judge_QuarantineExpiredOrEnded_HoldsNoMore()
    {
        FlakyTests.Judge(Report(Wavered), new([], [Aside(sinceDays: 14)]), Stable, Now).Blocking.ShouldHaveSingleItem();
        FlakyTests.Judge(Report(Wavered), new([], [Aside() with { EndedAt = Now }]), Stable, Now).Blocking.ShouldHaveSingleItem();
    }

    [Fact]
    public void Code_IsTheSame_WhereDocumentsDiffer_AndNotWhereCodeDoes()
    {
        string Of(params (string, string)[] files) => TestIdentity.Code(files);
        Of(("a.js", "1"), ("README.md", "1"), (".github/workflows/ci.yml", "1")).ShouldBe(Of(("README.md", "2"), ("a.js", "1"), ("docs/x.rst", "9"), ("LICENSE", "3")));
        Of(("a.js", "1")).ShouldNotBe(Of(("a.js", "2")));
        Of(("a.js", "1")).ShouldNotBe(Of(("a.js", "1"), ("requirements.txt", "1")));
    }
}
