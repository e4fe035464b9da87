using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>
/// Pure: which tests waver, and which failures stop a release. A test wavers when the same code has seen it fail and pass. It is then quarantined for a while: it runs, and its failure alone
/// stops nothing. Quarantine never hides a regression: what fails on the new version, also the second time, and passes on the stable one stops the release whatever is in quarantine.
/// </summary>
public static class FlakyTests
{
    /// <summary>As far back as outcomes say something about today's machines and data.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>Long enough to mend it, short enough not to be forgotten.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromDays(14);

    /// <summary>When more waver than this share of the tests, it is the suite that is broken, and no machine puts more aside; at least <see cref="FewestAside"/> may be.</summary>
    private const double MostAside = 0.05;
    private const int FewestAside = 5;

    public const string By = "system:tests";

    /// <summary>What is to be quarantined now. Evidence counts once: what led to a quarantine that has ended does not lead to the next.</summary>
    /// <param name="tests">How many there are in the version.</param>
    public static ImmutableArray<TestQuarantine> Find(TestHistory history, int tests, DateTimeOffset now)
    {
        var last = history.Quarantines.ToDictionary(q => q.Identity());
        var room = Math.Max(FewestAside, (int)(tests * MostAside)) - history.Quarantines.Count(q => q.HoldsAt(now));
        return
        [
            .. history.Seen.Where(s => s.At > now - Window && s.At <= now).GroupBy(s => s.Identity())
                .Where(g => !last.TryGetValue(g.Key, out var q) || !q.HoldsAt(now))
                .Select(g => (g.Key, Why: Wavers(g.Where(s => !last.TryGetValue(g.Key, out var q) || s.At > q.Since))))
                .Where(x => x.Why is not null)
                .OrderBy(x => x.Key.Suite, StringComparer.Ordinal).ThenBy(x => x.Key.Name, StringComparer.Ordinal)
                .Take(Math.Max(0, room))
                .Select(x => new TestQuarantine(x.Key.Suite, x.Key.Name, x.Why!, null, By, now, now + Holds)),
        ];
    }

    /// <returns>Why a test wavers, or null.</returns>
    public static string? Wavers(IEnumerable<TestSeen> seen)
    {
        foreach (var code in seen.GroupBy(s => s.Code, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (code.FirstOrDefault(s => s.Wavered) is { } twice) return $"failed and passed on {Short(twice.Commit)}, in one build";
            var (bad, good) = (code.FirstOrDefault(s => s.Outcome == TestOutcome.Failed), code.FirstOrDefault(s => s.Outcome == TestOutcome.Passed));
            if (bad is null || good is null) continue;
            return bad.Commit == good.Commit ? $"failed and passed on {Short(bad.Commit)}" : $"failed on {Short(bad.Commit)} and passed on {Short(good.Commit)}, which is the same code";
        }
        return null;
    }

    /// <param name="stable">The commit that serves; null: there is none, so nothing can be a regression.</param>
    public static FailureVerdict Judge(TestReport report, TestHistory history, string? stable, DateTimeOffset now)
    {
        var aside = history.Quarantines.Where(q => q.HoldsAt(now)).Select(q => q.Identity()).ToHashSet();
        var onStable = history.Seen.Where(s => s.Commit == stable && s.At > now - Window && s.At <= now).ToLookup(s => s.Identity());
        var (blocking, tolerated) = (ImmutableArray.CreateBuilder<BlockingTest>(), ImmutableArray.CreateBuilder<TestCase>());
        foreach (var test in report.Cases.Where(c => c.Outcome == TestOutcome.Failed || c.Wavered))
        {
            var before = onStable[test.Identity()].Where(s => s.Outcome != TestOutcome.Skipped).ToList();
            if (test.Outcome != TestOutcome.Failed)
            {
                // too many wavering for quarantine, or its quarantine has ended without new evidence: it may not go on for ever
                if (aside.Contains(test.Identity())) tolerated.Add(test);
                else blocking.Add(new(test, "it fails and passes on the same build, and is not in quarantine"));
            }
            else if (!aside.Contains(test.Identity())) blocking.Add(new(test, stable is not null && before.Count > 0 && before.All(s => s.Outcome == TestOutcome.Passed) ? "it passes on the stable version" : null));
            else if (stable is null || before.Any(s => s.Outcome == TestOutcome.Failed || s.Wavered)) tolerated.Add(test);
            else blocking.Add(new(test, before.Count > 0 ? "it is in quarantine, and passes on the stable version" : "it is in quarantine, and nothing shows that the stable version fails it too"));
        }
        return new(blocking.ToImmutable(), tolerated.ToImmutable());
    }

    private static string Short(string commit) => commit[..Math.Min(10, commit.Length)];
}

/// <param name="Why">Besides having failed; null when that is all.</param>
public sealed record BlockingTest(TestCase Test, string? Why);

/// <param name="Tolerated">Failed or wavered, and in quarantine.</param>
public sealed record FailureVerdict(ImmutableArray<BlockingTest> Blocking, ImmutableArray<TestCase> Tolerated);
