using ProdSprint.Deploy;

namespace ProdSprint.Gates;

/// <summary>Runs the tests of a build and reads what they report. Those that fail run once more on the same build: what passes then wavers, and has not failed for good.</summary>
/// <param name="directory">Where they run, and where their reports are looked for.</param>
/// <param name="paths">Of a service's directory.</param>
internal sealed class TestRun(string directory, Func<string, ReportPaths> paths, BuildLog log)
{
    /// <summary>When more than these fail it is no wavering, and a second run would only cost time.</summary>
    private const int MostTriedAgain = 50;

    private TestReport _report = TestReport.Nothing;

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Null when no runner wrote any.</summary>
    public TestReport? Report => _report.Read.IsEmpty && _report.Unread.IsEmpty ? null : _report;

    /// <param name="execute">Runs the tests of one service; answers with their exit code.</param>
    public async Task RunAsync(string serviceDirectory, Func<Task<int>> execute, CancellationToken cancellation)
    {
        var (code, counted, said) = await OnceAsync(serviceDirectory, execute, cancellation);
        var unnamed = Unnamed(code, counted.Failed, said);
        if (code != 0 && unnamed == 0 && said.Failed is > 0 and <= MostTriedAgain)
        {
            log.Line($"{said.Failed} failed. They run once more on the same build.");
            var (again, _, second) = await OnceAsync(serviceDirectory, execute, cancellation);
            unnamed = Unnamed(again, 0, second);
            said = TestReports.Again(said, second);
            if (said.Cases.Count(c => c.Wavered) is > 0 and var wavered) log.Line($"{wavered} passed the second time.");
        }
        said = said with { Unnamed = unnamed };
        var (passed, failed) = Any(said) ? (said.Passed, said.Failed + unnamed) : counted;
        log.Line($"Tests: {passed} passed, {failed} failed.");
        (Passed, Failed) = (Passed + passed, Failed + failed);
        _report = TestReports.Join(_report, said);
    }

    private async Task<(int Code, (int Passed, int Failed) Counted, TestReport Said)> OnceAsync(string serviceDirectory, Func<Task<int>> execute, CancellationToken cancellation)
    {
        log.Forget(); // the figures of another service's tests are not this one's
        var files = TestReportFiles.Before(directory);
        var code = await execute();
        var counted = TestSummary.Read(log.Last(40), code);
        var said = files.Read(paths(serviceDirectory), cancellation);
        foreach (var report in said.Read) log.Line($"Read {report}");
        foreach (var report in said.Unread) log.Line($"A report could not be read: {report}");
        return (code, counted, said);
    }

    /// <summary>A runner may end badly although every test it reports passed: coverage too low, a crash, a report of half its tests.</summary>
    private static int Unnamed(int code, int counted, TestReport said) =>
        !Any(said) ? counted : code != 0 && said.Failed == 0 ? Math.Max(1, counted) : 0;

    private static bool Any(TestReport report) => report.Passed + report.Failed + report.Skipped > 0;
}
