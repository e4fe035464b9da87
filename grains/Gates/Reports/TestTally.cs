using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>Gathers what reports say, within bounds: a report of a million tests needs little more memory than one of twenty thousand.</summary>
/// <param name="local">Makes of a path in a report one from the repository's root.</param>
public sealed class TestTally(Func<string, string>? local = null)
{
    /// <summary>Of those that did not fail.</summary>
    public const int KeptCases = 20_000;
    public const int KeptFailures = 1000;
    public const int LongestMessage = 2000;

    /// <summary>What is counted; a report with more is refused.</summary>
    public const int MostCases = 1_000_000;
    private const int LongestName = 500;
    private const int MostFiles = 20_000;
    private const int MostLines = 5_000_000;

    private readonly Dictionary<ulong, TestOutcome> _outcomes = [];
    private readonly Dictionary<ulong, TestCase> _failed = [];
    private readonly Dictionary<ulong, TestCase> _others = [];
    private readonly Dictionary<string, Dictionary<int, bool>> _files = new(StringComparer.Ordinal);
    private int _lines;

    public bool Any => _outcomes.Count > 0 || _files.Count > 0;

    /// <summary>A test that is reported twice (in two formats, or with other arguments under one name) is one; when any of them failed, it has.</summary>
    public void Case(string suite, string name, TestOutcome outcome, double seconds, string? message)
    {
        (suite, name) = (Short(Local(suite)), Short(name));
        var key = Hash(suite, name);
        if (_outcomes.TryGetValue(key, out var before) && Weight(before) >= Weight(outcome)) return;
        if (_outcomes.Count >= MostCases && !_outcomes.ContainsKey(key)) throw new InvalidDataException($"more than {MostCases} tests");
        _outcomes[key] = outcome;
        var one = new TestCase(suite, name, outcome, double.IsFinite(seconds) ? Math.Round(Math.Max(0, seconds), 3) : 0, outcome == TestOutcome.Failed ? Short(message, LongestMessage) : null);
        if (outcome == TestOutcome.Failed)
        {
            _others.Remove(key);
            if (_failed.Count < KeptFailures) _failed[key] = one;
        }
        else if (_others.ContainsKey(key) || _others.Count < KeptCases) _others[key] = one;
    }

    /// <summary>A line that any report has seen run is covered.</summary>
    public void Line(string file, int line, bool covered)
    {
        if (line <= 0) return;
        var lines = FileOf(file);
        if (lines.TryGetValue(line, out var before)) lines[line] = before || covered;
        else
        {
            if (++_lines > MostLines) throw new InvalidDataException($"coverage of more than {MostLines} lines");
            lines[line] = covered;
        }
    }

    public void Lines(string file, int from, int to, bool covered)
    {
        // a block of a hundred thousand lines is nobody's code, and a loop over it is work for nothing
        if (to - from > 100_000) throw new InvalidDataException($"a block of {to - from} lines");
        for (var line = from; line <= to; line++) Line(file, line, covered);
    }

    public TestReport Build(IEnumerable<string> read, IEnumerable<string> unread, int unnamed = 0)
    {
        var counts = _outcomes.Values.CountBy(o => o).ToDictionary();
        ImmutableArray<TestCase> kept = [.. Sorted(_failed.Values), .. Sorted(_others.Values)];
        return new(
            counts.GetValueOrDefault(TestOutcome.Passed), counts.GetValueOrDefault(TestOutcome.Failed), counts.GetValueOrDefault(TestOutcome.Skipped), kept, _outcomes.Count - kept.Length, unnamed,
            [.. _files.Where(f => f.Value.Count > 0).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new FileCoverage(f.Key, Ranges(f.Value, true), Ranges(f.Value, false)))],
            [.. read], [.. unread]);
    }

    private Dictionary<int, bool> FileOf(string file)
    {
        if (_files.TryGetValue(file, out var lines)) return lines;
        var path = Short(Local(file));
        if (_files.TryGetValue(path, out lines)) return lines;
        if (_files.Count >= MostFiles) throw new InvalidDataException($"coverage of more than {MostFiles} files");
        return _files[path] = [];
    }

    private string Local(string path) => local is null ? path : local(path);

    private static IOrderedEnumerable<TestCase> Sorted(IEnumerable<TestCase> cases) => cases.OrderBy(c => c.Suite, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal);

    private static string Ranges(Dictionary<int, bool> lines, bool covered) => LineRanges.Write(lines.Where(l => l.Value == covered).Select(l => l.Key).Order());

    private static int Weight(TestOutcome o) => o switch { TestOutcome.Failed => 2, TestOutcome.Passed => 1, _ => 0 };

    private static string Short(string? text, int most = LongestName) => text is null ? "" : text.Length <= most ? text.Replace('\0', '�') : text[..most].Replace('\0', '�') + "…";

    /// <summary>FNV-1a of 64 bits: two of a million tests are taken for one about once in thirty million reports.</summary>
    private static ulong Hash(string suite, string name)
    {
        var hash = 14695981039346656037;
        foreach (var c in suite) hash = (hash ^ c) * 1099511628211;
        hash = (hash ^ '\n') * 1099511628211;
        foreach (var c in name) hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
