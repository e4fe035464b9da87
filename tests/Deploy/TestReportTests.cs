using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using static ProdSprint.Tests.Deploy.Bench;

namespace ProdSprint.Tests.Deploy;

/// <summary>Reports that real test runs leave in their directory.</summary>
public sealed class TestReportTests
{
    private const string Reporters = "node --test --experimental-test-coverage --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=out/junit.xml --test-reporter=lcov --test-reporter-destination=out/lcov.info";

    private static TestReport Report(Bench b)
    {
        var manifest = b.Store.All().Single();
        var json = b.Store.Report(manifest.Key, manifest.TestReport!).ShouldNotBeNull();
        DocumentStore.Digest(json).ShouldBe(manifest.TestReport);
        return KernelJson.Read<TestReport>(json);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Tests_OfNode_CasesAndCoverageByFile_AreKeptWithTheArtifact(bool sandbox)
    {
        await using var b = new Bench(sandbox);
        var commit = b.Commit(
            ("web/src/a.js", "exports.f = (x) => {\n  if (x > 1) {\n    return 2;\n  }\n  return 1;\n};\n"), ("web/out/.keep", ""),
            ("web/a.test.js", "const {test}=require('node:test'), {f}=require('./src/a');\ntest('one', () => { if (f(0)!==1) throw 1; });\n"),
            ("old/junit.xml", "<testsuite name=\"old\"><testcase name=\"checked in\" classname=\"old\"><failure/></testcase></testsuite>"));
        var service = Service() with { Test = new(Reporters, "web", "test") };

        var built = await b.BuildAsync(commit, service, tests: true);

        var report = Report(b);
        built.TestReport.ShouldBe(b.Store.All().Single().TestReport);
        (report.Passed, report.Failed, report.Unnamed).ShouldBe((1, 0, 0));
        report.Read.ShouldBe(["junit web/out/junit.xml", "lcov web/out/lcov.info"]);
        report.Files.Single(f => f.Path == "web/src/a.js").ShouldBe(new FileCoverage("web/src/a.js", "1-2,5-6", "3-4"));
        (await b.BuildAsync(commit, service, tests: true)).ShouldSatisfyAllConditions(r => r.Reused.ShouldBeTrue(), r => r.TestReport.ShouldBe(built.TestReport));
    }

    [Fact]
    public async Task Tests_ThatFail_RunOnceMoreOnTheSameBuild_AndWhatPassesThenHasWavered()
    {
        await using var b = new Bench();
        // fails the first time it runs here
        const string run = "if [ -e ran ]; then echo '<testsuite name=\"s\"><testcase name=\"a\" classname=\"s\"/><testcase name=\"b\" classname=\"s\"/></testsuite>' > r.xml; "
            + "else touch ran; echo '<testsuite name=\"s\"><testcase name=\"a\" classname=\"s\"><failure message=\"no\"/></testcase><testcase name=\"b\" classname=\"s\"/></testsuite>' > r.xml; exit 1; fi";

        var built = await b.BuildAsync(b.Commit(("a.txt", "")), Service(test: run), tests: true);

        (built.TestsPassed, built.TestsFailed).ShouldBe((2, 0));
        Report(b).Cases.ShouldBe([new("s", "a", TestOutcome.Passed, 0, "no") { Wavered = true }, new("s", "b", TestOutcome.Passed, 0)]);
    }

    [Fact]
    public async Task Tests_ThatFailTwice_HaveFailed_AndABrokenReportIsNamed()
    {
        await using var b = new Bench();
        var built = await b.BuildAsync(b.Commit(("a.txt", "")), Service(test: "echo '<testsuite><testcase name=\"a\" classname=\"s\"><failure/></testcase></testsuite>' > r.xml; echo '<testsuite><testcase' > half.xml; exit 1"), tests: true);

        (built.TestsPassed, built.TestsFailed).ShouldBe((0, 1));
        Report(b).FailedCases.Single().Name.ShouldBe("a");
        Report(b).Unread.Single().ShouldStartWith("half.xml: it cannot be read to its end");
    }

    [Fact]
    public async Task Runner_EndsBadly_AlthoughItsReportNamesNoFailure_CountsAsOne()
    {
        await using var b = new Bench();
        var built = await b.BuildAsync(b.Commit(("a.txt", "")), Service(test: "echo '<testsuite><testcase name=\"a\" classname=\"s\"/></testsuite>' > r.xml; exit 1"), tests: true);
        built.TestsFailed.ShouldBe(1);
        Report(b).Unnamed.ShouldBe(1);
    }

    [Fact]
    public async Task NoReport_NothingIsKept()
    {
        await using var b = new Bench();
        (await b.BuildAsync(b.Commit(("a.txt", "")), Service(test: "echo 3 passed; ln -s /etc/passwd l.xml; mkfifo pipe.xml"), tests: true)).ShouldSatisfyAllConditions(r => r.TestReport.ShouldBeNull(), r => r.TestsPassed.ShouldBe(3));
    }
}
