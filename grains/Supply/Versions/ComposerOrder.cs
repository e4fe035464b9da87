using System.Text.RegularExpressions;

namespace ProdSprint.Supply;

/// <summary>PHP's version_compare, which Composer uses: any other word &lt; dev &lt; alpha &lt; beta &lt; RC &lt; the release (#) &lt; pl.</summary>
internal sealed partial class ComposerOrder : VersionOrder
{
    public override int Compare(string? x, string? y)
    {
        var (a, b) = (Parts(x ?? ""), Parts(y ?? ""));
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var order = i >= a.Count ? -Alone(b[i]) : i >= b.Count ? Alone(a[i]) : Both(a[i], b[i]);
            if (order != 0) return order;
        }
        return 0;
    }

    private static int Both(string a, string b)
    {
        var (m, n) = (IsNumber(a), IsNumber(b));
        return m && n ? CompareNumbers(a, b) : Rank(m ? "#" : a).CompareTo(Rank(n ? "#" : b));
    }

    /// <summary>Against nothing: a further number is newer, a further word is newer only as a patch level.</summary>
    private static int Alone(string part) => IsNumber(part) ? 1 : Rank(part).CompareTo(Rank("#"));

    private static List<string> Parts(string version) => [.. Part().Matches(version.TrimStart('v', 'V')).Select(m => m.Value)];

    private static int Rank(string word) => word switch
    {
        "#" => 5,
        _ when word.StartsWith("dev", StringComparison.Ordinal) => 1,
        _ when word.StartsWith('a') => 2,
        _ when word.StartsWith('b') => 3,
        _ when word.StartsWith("RC", StringComparison.Ordinal) || word.StartsWith("rc", StringComparison.Ordinal) => 4,
        _ when word.StartsWith('p') => 6,
        _ => 0,
    };

    [GeneratedRegex("[0-9]+|[^0-9._+-]+")]
    private static partial Regex Part();
}
