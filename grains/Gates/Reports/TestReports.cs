using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>Reports put together: of several services, and of the same tests run twice.</summary>
public static class TestReports
{
    /// <summary>The first run with what the second, on the same build, says about its failures: what passed then has wavered, and did not fail for good.</summary>
    public static TestReport Again(TestReport first, TestReport second)
    {
        var passed = second.Cases.Where(c => c.Outcome == TestOutcome.Passed).Select(c => c.Identity()).ToHashSet();
        var cases = first.Cases.Select(c => c.Outcome == TestOutcome.Failed && passed.Contains(c.Identity()) ? c with { Outcome = TestOutcome.Passed, Wavered = true } : c).ToList();
        var wavered = cases.Count(c => c.Wavered && c.Outcome == TestOutcome.Passed) - first.Cases.Count(c => c.Wavered && c.Outcome == TestOutcome.Passed);
        // the second run may show what the first never got to, and break in a way of its own
        var known = first.Cases.Select(c => c.Identity()).ToHashSet();
        var fresh = second.Cases.Where(c => c.Outcome == TestOutcome.Failed && !known.Contains(c.Identity())).ToList();
        return first with
        {
            Passed = first.Passed + wavered,
            Failed = first.Failed - wavered + fresh.Count,
            Cases = Sorted([.. cases, .. fresh]),
            Unnamed = Math.Max(first.Unnamed, second.Unnamed),
            Files = Covered(first.Files, second.Files),
            Unread = [.. first.Unread.Union(second.Unread)],
        };
    }

    /// <summary>Of two services. A test of the same name in both is one, and failed when either did.</summary>
    public static TestReport Join(TestReport a, TestReport b)
    {
        var cases = a.Cases.Concat(b.Cases).GroupBy(c => c.Identity()).Select(g => g.OrderByDescending(Weight).First()).ToList();
        var same = a.Cases.Length + b.Cases.Length - cases.Count;
        var lost = a.Cases.Concat(b.Cases).CountBy(c => c.Outcome).ToDictionary();
        foreach (var c in cases) lost[c.Outcome]--;
        return new(
            a.Passed + b.Passed - (same == 0 ? 0 : lost.GetValueOrDefault(TestOutcome.Passed)), a.Failed + b.Failed - (same == 0 ? 0 : lost.GetValueOrDefault(TestOutcome.Failed)),
            a.Skipped + b.Skipped - (same == 0 ? 0 : lost.GetValueOrDefault(TestOutcome.Skipped)), Sorted(cases), a.Left + b.Left, a.Unnamed + b.Unnamed, Covered(a.Files, b.Files),
            [.. a.Read.Union(b.Read)], [.. a.Unread.Union(b.Unread)]);
    }

    private static ImmutableArray<FileCoverage> Covered(ImmutableArray<FileCoverage> a, ImmutableArray<FileCoverage> b) =>
    [
        .. a.Concat(b).GroupBy(f => f.Path, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            if (g.Count() == 1) return g.Single();
            var covered = g.SelectMany(f => LineRanges.Read(f.Covered)).ToHashSet();
            return new FileCoverage(g.Key, LineRanges.Write(covered.Order()), LineRanges.Write(g.SelectMany(f => LineRanges.Read(f.Missed)).Where(l => !covered.Contains(l)).Distinct().Order()));
        }),
    ];

    private static ImmutableArray<TestCase> Sorted(IEnumerable<TestCase> cases) =>
        [.. cases.OrderBy(c => c.Outcome == TestOutcome.Failed ? 0 : 1).ThenBy(c => c.Suite, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)];

    private static int Weight(TestCase c) => c.Outcome switch { TestOutcome.Failed => 3, TestOutcome.Passed when c.Wavered => 2, TestOutcome.Passed => 1, _ => 0 };
}
