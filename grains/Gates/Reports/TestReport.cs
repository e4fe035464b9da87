using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ProdSprint.Gates;

/// <summary>What the tests of one build said, whatever their runners and formats. Kept as a document by its digest.</summary>
/// <param name="Cases">The failed ones first, then by suite and name; at most <see cref="TestTally.KeptCases"/> and the failed.</param>
/// <param name="Left">Counted, and not in <paramref name="Cases"/>.</param>
/// <param name="Unnamed">Failures that no report names: a runner ended badly and its report names no failed test, or there is none.</param>
/// <param name="Files">Coverage by file, sorted by path; empty when none was reported.</param>
/// <param name="Read">Paths of the reports, with their format: <c>junit build/report.xml</c>.</param>
/// <param name="Unread">Reports that are broken or too large, with the reason.</param>
public sealed record TestReport(
    int Passed, int Failed, int Skipped, ImmutableArray<TestCase> Cases, int Left, int Unnamed, ImmutableArray<FileCoverage> Files, ImmutableArray<string> Read, ImmutableArray<string> Unread)
{
    public const int Schema = 1;

    public static TestReport Nothing { get; } = new(0, 0, 0, [], 0, 0, [], [], []);

    [JsonIgnore] public long CoveredLines => Files.Sum(f => (long)LineRanges.Count(f.Covered));

    [JsonIgnore] public long MissedLines => Files.Sum(f => (long)LineRanges.Count(f.Missed));

    /// <summary>Of the lines that reports call executable, percent; null when no coverage was reported.</summary>
    [JsonIgnore] public double? CoveragePercent => CoveredLines + MissedLines is > 0 and var all ? Math.Round(100.0 * CoveredLines / all, 2) : null;

    [JsonIgnore] public IEnumerable<TestCase> FailedCases => Cases.Where(c => c.Outcome == TestOutcome.Failed);
}

/// <param name="Suite">Class, module or file; "" when the runner names none.</param>
/// <param name="Seconds">How long it took; 0 when the report does not say.</param>
/// <param name="Message">Of a failure, cut after <see cref="TestTally.LongestMessage"/> characters.</param>
public sealed record TestCase(string Suite, string Name, TestOutcome Outcome, double Seconds, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null)
{
    /// <summary>It failed, and passed when the same tests ran once more on the same build.</summary>
    public bool Wavered { get; init; }

    public (string Suite, string Name) Identity() => (Suite, Name);

    public override string ToString() => Suite.Length == 0 ? Name : $"{Suite} › {Name}";
}

public enum TestOutcome { Passed, Failed, Skipped }

/// <param name="Path">From the repository's root where it could be told.</param>
/// <param name="Covered">Line numbers as ranges: <c>1-4,9</c>.</param>
public sealed record FileCoverage(string Path, string Covered, string Missed);
