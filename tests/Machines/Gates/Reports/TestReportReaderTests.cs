using System.Text;

namespace ProdSprint.Gates;

/// <summary>Reports as the runners write them, told by their content.</summary>
public sealed class TestReportReaderTests
{
    private static (string? Format, TestReport Report) Read(string text, Func<string, string>? local = null) => Read(Encoding.UTF8.GetBytes(text), local);

    private static (string? Format, TestReport Report) Read(byte[] bytes, Func<string, string>? local = null)
    {
        var tally = new TestTally(local);
        using var stream = new MemoryStream(bytes);
        var format = TestReportReader.Read(stream, bytes.Length, tally);
        return (format, tally.Build([], []));
    }

    [Fact]
    public void JUnit_OfPytest_HasClassNameOutcomeAndMessage()
    {
        var (format, r) = Read("""
            <?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3" time="0.123" hostname="h">
            <testcase classname="tests.test_cart.TestCart" name="test_total[1-2]" time="0.001" />
            <testcase classname="tests.test_cart" name="test_empty" time="0.002"><failure message="assert 1 == 2">def test_empty(): ...</failure></testcase>
            <testcase classname="tests.test_cart" name="test_later" time="0.0"><skipped type="pytest.skip" message="later">x</skipped></testcase>
            </testsuite></testsuites>
            """);
        format.ShouldBe("junit");
        (r.Passed, r.Failed, r.Skipped).ShouldBe((1, 1, 1));
        r.Cases[0].ShouldBe(new TestCase("tests.test_cart", "test_empty", TestOutcome.Failed, 0.002, "assert 1 == 2"));
        r.Cases[2].ToString().ShouldBe("tests.test_cart.TestCart › test_total[1-2]");
    }

    [Fact]
    public void JUnit_OfNode_TellsTestsOfOneNameApartByFileAndSuite()
    {
        var (_, r) = Read("""
            <?xml version="1.0" encoding="utf-8"?>
            <testsuites>
            	<testcase name="one" time="0.000761" classname="test" file="/build/tree/a.test.js"/>
            	<testsuite name="group" time="0.001" disabled="0" errors="0" tests="2" failures="1" skipped="1" hostname="h">
            		<testcase name="one" time="0.0006" classname="test" file="/build/tree/a.test.js" failure="Expected values">
            			<failure type="testCodeFailure" message="Expected values">[Error [ERR_TEST_FAILURE]: x]</failure>
            		</testcase>
            		<testcase name="three" time="0.0001" classname="test"><skipped type="skipped" message="true"/></testcase>
            	</testsuite>
            	<!-- tests 3 -->
            </testsuites>
            """, new ReportPaths(["a.test.js"], ["/build/tree"], "").Local);
        r.Cases.Select(c => c.ToString()).ShouldBe(["a.test.js › group › one", "a.test.js › one", "group › three"]);
        (r.Passed, r.Failed, r.Skipped).ShouldBe((1, 1, 1));
    }

    [Fact]
    public void JUnit_OfSurefire_FlakyFailureIsAPass_RerunFailureIsAFailure_AndTheTextIsTheMessage()
    {
        var (_, r) = Read("""
            <testsuite name="CartTest" time="1,234.5"><testcase name="a" classname="CartTest" time="1,234.5"><flakyFailure message="once"/></testcase>
            <testcase name="b" classname="CartTest"><failure type="java.lang.AssertionError"><![CDATA[expected <1>]]></failure><rerunFailure message="again"/></testcase>
            <testcase name="c" classname="CartTest"><error type="java.io.IOException"/></testcase></testsuite>
            """);
        r.Cases.Select(c => (c.Name, c.Outcome, c.Message)).ShouldBe([("b", TestOutcome.Failed, "expected <1>"), ("c", TestOutcome.Failed, "java.io.IOException"), ("a", TestOutcome.Passed, null)]);
        r.Cases[2].Seconds.ShouldBe(1234.5);
    }

    [Fact]
    public void Trx_OfXunitAndMsTest_HasTheClassFromTheDefinition()
    {
        var (format, r) = Read("""
            <?xml version="1.0" encoding="utf-8"?><TestRun id="1" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
            <UnitTestResult testId="a" testName="Shop.CartTests.Total(n: 1)" duration="00:00:01.5000000" outcome="Passed" />
            <UnitTestResult testId="b" testName="Empty" duration="00:00:00.1" outcome="Failed"><Output><ErrorInfo><Message>Expected 1</Message><StackTrace>at x</StackTrace></ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testId="c" testName="Later" outcome="NotExecuted" /></Results>
            <TestDefinitions><UnitTest name="x" id="a"><TestMethod className="Shop.CartTests" name="Total" /></UnitTest><UnitTest name="y" id="b"><TestMethod className="Shop.CartTests, Shop" name="Empty" /></UnitTest></TestDefinitions></TestRun>
            """);
        format.ShouldBe("trx");
        r.Cases.Select(c => (c.Suite, c.Name, c.Outcome, c.Message)).ShouldBe([
            ("Shop.CartTests", "Empty", TestOutcome.Failed, "Expected 1"), ("", "Later", TestOutcome.Skipped, null), ("Shop.CartTests", "Total(n: 1)", TestOutcome.Passed, null)]);
        r.Cases[2].Seconds.ShouldBe(1.5);
    }

    [Fact]
    public void Lcov_LinesRunAndNotRun()
    {
        var (format, r) = Read("TN:\nSF:src/a.js\nFN:1,f\nDA:1,1\nDA:2,0\nDA:3,0\nDA:5,12345678901234567890\nBRDA:2,0,0,-\nLF:4\nend_of_record\nDA:9,1\nSF:src/b.js\r\nDA:1,1\r\nend_of_record\n");
        format.ShouldBe("lcov");
        r.Files.ShouldBe([new("src/a.js", "1,5", "2-3"), new("src/b.js", "1", "")]);
        r.CoveragePercent.ShouldBe(60);
    }

    [Fact]
    public void Cobertura_WithItsDocumentTypeAndSource_OneClassInTwoPartsIsOneFile()
    {
        var (format, r) = Read("""
            <?xml version="1.0" ?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
            <coverage line-rate="0.5" version="7.4"><sources><source>/build/tree/shop</source></sources><packages><package name="."><classes>
            <class name="a.py" filename="cart/a.py"><methods><method name="f"><lines><line number="1" hits="1"/></lines></method></methods><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
            <class name="a.py$1" filename="cart/a.py"><lines><line number="2" hits="3" branch="true"/><line number="4" hits="0"/></lines></class>
            </classes></package></packages></coverage>
            """, new ReportPaths(["shop/cart/a.py"], ["/build/tree"], "shop").Local);
        format.ShouldBe("cobertura");
        r.Files.ShouldBe([new("shop/cart/a.py", "1-2", "4")]);
    }

    [Fact]
    public void CoveragePyJson_ExecutedAndMissing()
    {
        var (format, r) = Read("""{"meta": {"format": 3, "version": "7.6", "branch_coverage": false}, "files": {"src/shop/a.py": {"executed_lines": [1, 2, 5], "summary": {"covered_lines": 3}, "missing_lines": [7], "functions": {"f": {"executed_lines": [9]}}}}, "totals": {}}""");
        format.ShouldBe("coverage.py");
        r.Files.ShouldBe([new("src/shop/a.py", "1-2,5", "7")]);
    }

    [Fact]
    public void GoProfile_BlocksThatOverlap_ARunOfAnyCounts_AndTheModuleIsTakenOff()
    {
        var (format, r) = Read("mode: atomic\nexample.com/shop/cart/cart.go:3.20,5.2 1 0\nexample.com/shop/cart/cart.go:5.2,6.3 1 7\n", new ReportPaths(["cart/cart.go", "main.go"], [], "").Local);
        format.ShouldBe("go");
        r.Files.ShouldBe([new("cart/cart.go", "5-6", "3-4")]);
    }

    [Theory]
    [InlineData("<project><modelVersion>4.0.0</modelVersion></project>")]
    [InlineData("{\"name\": \"shop\"}")]
    [InlineData("mode of use")]
    [InlineData("<!-- never closed")]
    [InlineData("<")]
    [InlineData("")]
    public void OtherFiles_AreNoReports(string text) => Read(text).Format.ShouldBeNull();

    [Fact]
    public void InvalidUtf8_IsReplaced_InEachFormat()
    {
        byte[] Broken(string text) => [.. Encoding.UTF8.GetBytes(text).Select(b => b == (byte)'~' ? (byte)0xFF : b)];
        Read(Broken("<testsuite name=\"x\"><testcase classname=\"c\" name=\"a~\"/></testsuite>")).Report.Cases.Single().Name.ShouldBe("a�");
        Read(Broken("SF:a~.js\nDA:1,1\nend_of_record\n")).Report.Files.Single().Path.ShouldBe("a�.js");
        Read(Broken("{\"meta\": {\"branch_coverage\": true}, \"files\": {\"a~.py\": {\"executed_lines\": [1], \"missing_lines\": []}}}")).Report.Files.Single().Path.ShouldBe("a�.py");
    }

    [Theory]
    [InlineData("<!DOCTYPE t [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><testsuite name=\"x\"><testcase name=\"&b;\" classname=\"c\"/></testsuite>")]
    [InlineData("<!DOCTYPE t [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><testsuite name=\"x\"><testcase name=\"n\" classname=\"c\"><failure>&a;</failure></testcase></testsuite>")]
    [InlineData("<testsuite name=\"x\"><testcase name=\"n\" classname=\"c\">")]
    [InlineData("mode: set\nno such line: at all\n")]
    [InlineData("mode: set\na.go:1.1,2000000000.1 1 1\n")]
    public void HostileOrBroken_IsAnError_AndNothingIsExpandedOrFetched(string text)
    {
        var tally = new TestTally();
        var bytes = Encoding.UTF8.GetBytes(text);
        Should.Throw<InvalidDataException>(() => TestReportReader.Read(new MemoryStream(bytes), bytes.Length, tally));
        tally.Build([], []).Cases.ShouldAllBe(c => !c.Name.Contains("aaaa") && (c.Message ?? "").Length == 0);
    }

    [Fact]
    public void LargerThanTheLimit_IsRefusedByItsSizeAlone() =>
        Should.Throw<InvalidDataException>(() => TestReportReader.Read(new MemoryStream("SF:a\n"u8.ToArray()), TestReportReader.LargestFile + 1, new())).Message.ShouldContain("200 are read");

    [Fact]
    public void ManyTests_AreCounted_TheFailedAndTheFirstAreKept()
    {
        var tally = new TestTally();
        for (var i = 0; i < TestTally.KeptCases + 5000; i++) tally.Case("s", $"t{i}", i % 10 == 0 ? TestOutcome.Failed : TestOutcome.Passed, 0, "no");
        var r = tally.Build([], []);
        (r.Passed, r.Failed).ShouldBe((22_500, 2500));
        r.Cases.Length.ShouldBe(TestTally.KeptFailures + TestTally.KeptCases);
        r.Left.ShouldBe(4000);
        r.FailedCases.Count().ShouldBe(TestTally.KeptFailures);
    }

    [Fact]
    public void MoreThanAMillionTests_IsRefused()
    {
        var tally = new TestTally();
        for (var i = 0; i < TestTally.MostCases; i++) tally.Case("", i.ToString("X", null), TestOutcome.Passed, 0, null);
        Should.Throw<InvalidDataException>(() => tally.Case("", "one more", TestOutcome.Passed, 0, null));
    }
}
