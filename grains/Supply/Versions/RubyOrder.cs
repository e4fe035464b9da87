using System.Text.RegularExpressions;

namespace ProdSprint.Supply;

/// <summary>Gem::Version: runs of digits and of letters; letters make a pre-release, and zeros before them or at the end count for nothing.</summary>
internal sealed partial class RubyOrder : VersionOrder
{
    public override int Compare(string? x, string? y)
    {
        var (a, b) = (Segments(x ?? ""), Segments(y ?? ""));
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var (p, q) = (i < a.Count ? a[i] : "0", i < b.Count ? b[i] : "0");
            var (m, n) = (IsNumber(p), IsNumber(q));
            var order = m && n ? CompareNumbers(p, q) : m != n ? m ? 1 : -1 : Math.Sign(string.CompareOrdinal(p, q));
            if (order != 0) return order;
        }
        return 0;
    }

    private static List<string> Segments(string version)
    {
        var all = Part().Matches(version.Trim().Replace("-", ".pre.", StringComparison.Ordinal)).Select(m => m.Value).ToList();
        var letters = all.FindIndex(s => !IsNumber(s));
        var (numbers, rest) = letters < 0 ? (all, []) : (all[..letters], all[letters..]);
        return [.. Trimmed(numbers), .. Trimmed(rest)];
    }

    private static IEnumerable<string> Trimmed(List<string> parts) => parts.Take(parts.FindLastIndex(p => !IsNumber(p) || p.AsSpan().TrimStart('0').Length > 0) + 1);

    [GeneratedRegex("[0-9]+|[a-zA-Z]+")]
    private static partial Regex Part();
}
