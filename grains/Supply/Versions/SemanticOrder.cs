namespace ProdSprint.Supply;

/// <summary>Semantic Versioning 2.0.0, section 11; tolerant of a leading v and of missing parts.</summary>
/// <param name="anyLength">More than three numbers count (NuGet).</param>
/// <param name="ignoreCase">Letters in a pre-release are compared without case (NuGet).</param>
/// <param name="buildCounts">What follows a plus decides when all else is equal (Dart).</param>
internal sealed class SemanticOrder(bool anyLength = false, bool ignoreCase = false, bool buildCounts = false) : VersionOrder
{
    private readonly record struct Parts(string[] Numbers, string Pre, string? Build);

    public override int Compare(string? x, string? y)
    {
        var (a, b) = (Split(x ?? ""), Split(y ?? ""));
        if (CompareNumbers(a.Numbers, b.Numbers) is not 0 and var numbers) return numbers;
        // A pre-release comes before what it leads to.
        if (a.Pre.Length == 0 != (b.Pre.Length == 0)) return a.Pre.Length == 0 ? 1 : -1;
        var pre = ComparePre(a.Pre, b.Pre);
        if (pre != 0 || !buildCounts) return pre;
        return (a.Build, b.Build) switch { (null, null) => 0, (null, _) => -1, (_, null) => 1, var (c, d) => ComparePre(c, d) };
    }

    private Parts Split(string version)
    {
        version = version.TrimStart('v', 'V', '=');
        string? build = null;
        if (version.IndexOf('+') is >= 0 and var plus) (version, build) = (version[..plus], version[(plus + 1)..]);
        var end = 0;
        while (end < version.Length && (char.IsAsciiDigit(version[end]) || version[end] == '.')) end++;
        var numbers = version[..end].Split('.', StringSplitOptions.RemoveEmptyEntries);
        var rest = version[end..];
        if (!anyLength && numbers.Length > 3) (rest, numbers) = ("." + string.Join('.', numbers[3..]) + rest, numbers[..3]);
        return new(numbers, rest.TrimStart('-', '.'), build);
    }

    private int ComparePre(string x, string y)
    {
        var (a, b) = (x.Split('.'), y.Split('.'));
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var (m, n) = (IsNumber(a[i]), IsNumber(b[i]));
            var order = m && n ? CompareNumbers(a[i], b[i]) : m != n ? m ? -1 : 1 : Math.Sign(string.Compare(a[i], b[i], ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
            if (order != 0) return order;
        }
        return a.Length.CompareTo(b.Length);
    }
}
