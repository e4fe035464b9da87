using System.Globalization;

namespace ProdSprint.Gates;

/// <summary>Pure: what the tests and their coverage come to.</summary>
public static class TestsGate
{
    public static TestsResult Judge(TestReport report, FailureVerdict failures, CoverageVerdict coverage)
    {
        var blocking = failures.Blocking.Select(b => $"{b.Test}{(b.Why is { } why ? $" ({why})" : "")}").ToList();
        // not every failure is kept by name, and what has no name is in no quarantine
        var unnamed = report.Unnamed + Math.Max(0, report.Failed - report.FailedCases.Count());
        if (unnamed > 0) blocking.Add(unnamed == 1 ? "a failure that no report names" : $"{unnamed} failures that no report names");
        var generated = report.Cases.Count(GeneratedTests.IsOne);
        var detail = $"{report.Passed} tests passed, {report.Failed + report.Unnamed} failed, {report.Skipped} skipped"
            + (generated == 0 ? "" : GeneratedTests.Only(report) ? ", all of them generated" : $", {generated} of them generated")
            + (failures.Tolerated.IsEmpty ? "" : $"; {failures.Tolerated.Length} in quarantine failed or wavered")
            + (coverage.Percent is { } all ? $"; {N(all)} % of lines covered" : "; no coverage is reported")
            + (coverage.ChangedPercent is { } changed ? $", {N(changed)} % of those that changed" : "") + ".";
        return new(report.Passed, report.Failed + report.Unnamed, failures.Tolerated.Length, [.. blocking.Take(TestsResult.Most)], coverage.Percent, coverage.Findings, detail);
    }

    /// <summary>What people read when tests stop a release.</summary>
    public static string Say(TestsResult r, string project) =>
        $"{r.Failed} tests failed, {r.Passed} passed: {string.Join("; ", r.Blocking.Take(5))}{(r.Blocking.Length > 5 ? $"; and {(r.Blocking.Length == TestsResult.Most ? "at least " : "")}{r.Blocking.Length - 5} more" : "")}."
        + $" Mend it and release the new commit; what they said: prodsprint tests show --project {project}";

    private static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
