using System.Text.RegularExpressions;

namespace ProdSprint.Supply;

/// <summary>PEP 440. What does not follow it is older than everything that does.</summary>
internal sealed partial class PythonOrder : VersionOrder
{
    public override int Compare(string? x, string? y)
    {
        var (a, b) = (Pattern().Match((x ?? "").Trim()), Pattern().Match((y ?? "").Trim()));
        if (!a.Success || !b.Success) return a.Success ? 1 : b.Success ? -1 : Legacy(x ?? "", y ?? "");
        if (CompareNumbers(a.Groups["epoch"].Value, b.Groups["epoch"].Value) is not 0 and var epoch) return epoch;
        if (CompareNumbers(a.Groups["release"].Value.Split('.'), b.Groups["release"].Value.Split('.')) is not 0 and var release) return release;
        if (Compare(Pre(a), Pre(b)) is not 0 and var pre) return pre;
        if (Compare(Post(a), Post(b)) is not 0 and var post) return post;
        if (Compare(Dev(a), Dev(b)) is not 0 and var dev) return dev;
        return Local(a.Groups["local"], b.Groups["local"]);
    }

    private static int Compare((int Rank, string Number) a, (int Rank, string Number) b) => a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : CompareNumbers(a.Number, b.Number);

    /// <summary>dev &lt; a &lt; b &lt; rc &lt; the release; a dev release alone comes before every pre-release.</summary>
    private static (int, string) Pre(Match m) => m.Groups["prel"].Value.ToLowerInvariant() switch
    {
        "" => (m.Groups["dev"].Success && !m.Groups["post"].Success ? -1 : 4, "0"),
        "a" or "alpha" => (1, m.Groups["pren"].Value),
        "b" or "beta" => (2, m.Groups["pren"].Value),
        _ => (3, m.Groups["pren"].Value), // rc, c, pre, preview
    };

    private static (int, string) Post(Match m) => m.Groups["post"].Success ? (1, m.Groups["postn1"].Success ? m.Groups["postn1"].Value : m.Groups["postn2"].Value) : (0, "0");

    private static (int, string) Dev(Match m) => m.Groups["dev"].Success ? (0, m.Groups["devn"].Value) : (1, "0");

    /// <summary>None &lt; letters &lt; numbers, and the longer one is newer.</summary>
    private static int Local(Group x, Group y)
    {
        if (x.Success != y.Success) return x.Success ? 1 : -1;
        var (a, b) = (x.Value.ToLowerInvariant().Split('.', '-', '_'), y.Value.ToLowerInvariant().Split('.', '-', '_'));
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var (m, n) = (IsNumber(a[i]), IsNumber(b[i]));
            var order = m && n ? CompareNumbers(a[i], b[i]) : m != n ? m ? 1 : -1 : Math.Sign(string.CompareOrdinal(a[i], b[i]));
            if (order != 0) return order;
        }
        return a.Length.CompareTo(b.Length);
    }

    /// <summary>As setuptools once did: numbers padded, letters by the alphabet, what leads to a release before it.</summary>
    private static int Legacy(string x, string y)
    {
        var (a, b) = (Keys(x), Keys(y));
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
            if (Math.Sign(string.CompareOrdinal(a[i], b[i])) is not 0 and var order) return order;
        return a.Count.CompareTo(b.Count);
    }

    private static List<string> Keys(string version)
    {
        var keys = new List<string>();
        foreach (Match part in Component().Matches(version.ToLowerInvariant()))
        {
            var text = part.Value switch { "." => "", "pre" or "preview" or "rc" => "c", "-" => "final-", "dev" => "@", var other => other };
            if (text.Length == 0) continue;
            if (char.IsAsciiDigit(text[0])) { keys.Add(text.PadLeft(8, '0')); continue; }
            text = "*" + text;
            if (string.CompareOrdinal(text, "*final") < 0) while (keys.Count > 0 && keys[^1] == "*final-") keys.RemoveAt(keys.Count - 1);
            while (keys.Count > 0 && keys[^1] == "00000000") keys.RemoveAt(keys.Count - 1);
            keys.Add(text);
        }
        keys.Add("*final");
        return keys;
    }

    [GeneratedRegex(@"\d+|[a-z]+|\.|-")]
    private static partial Regex Component();

    // The pattern of PEP 440, appendix B, in our own names.
    [GeneratedRegex(@"^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<prel>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pren>\d*))?(?<post>-(?<postn1>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<postn2>\d*))?(?<dev>[-_.]?dev[-_.]?(?<devn>\d*))?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
