using System.Collections.Immutable;
using System.Text.Json;

namespace ProdSprint.Supply;

/// <summary>What another scanner found, in one shape.</summary>
/// <param name="Format">sarif, trivy, grype or snyk.</param>
/// <param name="Total">Findings in the report, each package and advisory once as far as they were kept apart.</param>
/// <param name="Findings">The worst of them, at most <see cref="ScannerReport.Most"/>; worst first.</param>
/// <param name="Levels">How many there are of each level, of all.</param>
public sealed record ScannerFindings(string Format, int Total, ImmutableArray<Finding> Findings, ImmutableSortedDictionary<string, int> Levels)
{
    public int Left => Total - Findings.Length;
}

/// <summary>Reads reports of Trivy, Grype, Snyk and in SARIF. One of a million findings needs no more memory than one of ten thousand.</summary>
public static class ScannerReport
{
    public const int Most = 10_000;

    /// <summary>How many are told apart from one another; beyond that the same finding may be counted twice.</summary>
    private const int Remembered = 200_000;

    private static readonly string[] Levels = ["critical", "high", "medium", "low", "unknown"];

    /// <exception cref="JsonException">It is no JSON, or none of these formats.</exception>
    public static ScannerFindings Read(Stream stream)
    {
        using var items = new JsonItems(stream, p => ScannerFormats.IsItem(p));
        var kept = Levels.ToDictionary(l => l, _ => new List<Finding>(), StringComparer.Ordinal);
        var (counts, seen, total, format, rules) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new HashSet<ulong>(), 0, (string?)null, new Dictionary<string, (string Level, string? Text)>(StringComparer.Ordinal));
        foreach (var (path, item) in items.Read())
        {
            if (ScannerFormats.Rule(path, item) is { } rule)
            {
                format ??= "sarif";
                if (rules.Count < Remembered) rules[rule.Id] = (rule.Level, rule.Text);
                continue;
            }
            if (ScannerFormats.Read(path, item, rules) is not { } read) continue;
            format ??= read.Format;
            var hash = Hash(read.Finding.Advisory, read.Finding.Purl);
            if (seen.Contains(hash) || (seen.Count < Remembered && !seen.Add(hash))) continue;
            total++;
            counts[read.Finding.Level] = counts.GetValueOrDefault(read.Finding.Level) + 1;
            if (kept[read.Finding.Level].Count < Most) kept[read.Finding.Level].Add(read.Finding);
        }
        // a report without findings is known by its outer names; what has none of them is no report, and must not pass for one without findings
        format ??= ScannerFormats.Named(items.OuterNames, items.IsArray) ?? throw new JsonException("it is no report of Trivy, Grype, Snyk or in SARIF");
        return new(format, total, [.. Levels.SelectMany(l => kept[l].OrderBy(f => f.Purl, StringComparer.Ordinal).ThenBy(f => f.Advisory, StringComparer.Ordinal)).Take(Most)], counts.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>FNV-1a of 64 bits: of a million findings two are taken for one about once in thirty thousand reports.</summary>
    private static ulong Hash(string advisory, string package)
    {
        var hash = 14695981039346656037;
        foreach (var c in advisory) hash = (hash ^ c) * 1099511628211;
        hash = (hash ^ '\n') * 1099511628211;
        foreach (var c in package) hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
