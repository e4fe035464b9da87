using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>Pure: whether enough of the code is run by its tests, and no less of what changed than before.</summary>
public static class CoverageGate
{
    private const int NamedFiles = 10;

    /// <param name="stable">What the stable version's tests reported; null when that is not known.</param>
    /// <param name="changes">Since the stable version; null when there is none to compare with.</param>
    public static CoverageVerdict Judge(TestReport report, TestReport? stable, IReadOnlyCollection<LineChange>? changes, CoveragePolicy policy)
    {
        if (GeneratedTests.Only(report))
            return new(null, null, [], policy.Required ? [Finding(TestControls.Reported, "only generated tests ran, and what they cover does not count")] : []);
        if (report.CoveragePercent is not { } percent)
            return new(null, null, [], policy.Required ? [Finding(TestControls.Reported, "the tests report no coverage, and the policy wants it")] : []);
        var findings = ImmutableArray.CreateBuilder<GateFinding>();
        if (percent < policy.Minimum)
            findings.Add(Finding(TestControls.Coverage, $"{N(percent)} % of {N(report.CoveredLines + report.MissedLines)} lines are covered, and at least {N(policy.Minimum)} % are to be"));
        if (!policy.ChangedLines || changes is null) return new(percent, null, [], findings.ToImmutable());
        var (covered, missed, lines) = Of(report, changes, c => c.New);
        if (covered + missed == 0) return new(percent, null, [], findings.ToImmutable());
        var share = Share(covered, missed);
        var before = stable is null ? (Covered: 0, Missed: 0, Lines: []) : Of(stable, changes, c => c.Old);
        var asked = Asked(covered + missed, before.Covered, before.Missed, policy.Minimum);
        if (share < asked)
            findings.Add(Finding(TestControls.ChangedLines,
                $"{N(share)} % of the {covered + missed} changed lines are covered, and {N(asked)} % are to be{Why(covered + missed, before.Covered, before.Missed, policy.Minimum)}; not run: {string.Join(", ", lines.Take(NamedFiles))}{(lines.Count > NamedFiles ? $" and {lines.Count - NamedFiles} more files" : "")}"));
        return new(percent, share, [.. lines], findings.ToImmutable());
    }

    // Lines that take others' place keep those lines' share; lines that come on top have nothing to fall behind, and the minimum is for them.
    private static double Asked(int now, int coveredBefore, int missedBefore, double minimum)
    {
        var replacing = Math.Min(now, coveredBefore + missedBefore);
        return replacing == 0 ? minimum : Math.Round((replacing * Share(coveredBefore, missedBefore) + (now - replacing) * minimum) / now, 2);
    }

    private static string Why(int now, int coveredBefore, int missedBefore, double minimum) => (Math.Min(now, coveredBefore + missedBefore), now - coveredBefore - missedBefore) switch
    {
        (0, _) => "",
        (_, > 0 and var added) => $" (what they replace: {N(Share(coveredBefore, missedBefore))} %; {added} more: at least {N(minimum)} %)",
        _ => " (as of what they replace)",
    };

    /// <summary>Of the changed lines that a report calls executable.</summary>
    private static (int Covered, int Missed, List<string> Lines) Of(TestReport report, IEnumerable<LineChange> changes, Func<LineChange, string> which)
    {
        var files = report.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var (covered, missed, named) = (0, 0, new List<string>());
        foreach (var change in changes.OrderBy(c => c.Path, StringComparer.Ordinal))
        {
            if (!files.TryGetValue(change.Path, out var file)) continue;
            var lines = LineRanges.Read(which(change)).ToHashSet();
            covered += LineRanges.Read(file.Covered).Count(lines.Contains);
            var without = LineRanges.Read(file.Missed).Where(lines.Contains).ToList();
            missed += without.Count;
            if (without.Count > 0) named.Add($"{change.Path}:{LineRanges.Write(without)}");
        }
        return (covered, missed, named);
    }

    private static double Share(int covered, int missed) => Math.Round(100.0 * covered / (covered + missed), 2);

    private static GateFinding Finding(string control, string summary) => new(WaiverKind.Control, control, [], "", "policy", null, summary);

    private static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <param name="Percent">Of all; null when no coverage was reported.</param>
/// <param name="ChangedPercent">Of the changed lines; null when none of them is executable, or there is nothing to compare with.</param>
/// <param name="NotRun">Changed lines that no test runs: <c>src/a.js:3-4</c>.</param>
public sealed record CoverageVerdict(double? Percent, double? ChangedPercent, ImmutableArray<string> NotRun, ImmutableArray<GateFinding> Findings);
