namespace ProdSprint.Supply;

/// <summary>
/// Maven's "Version Order Specification" (its POM reference): tokens between dots, hyphens and changes from digit to letter; some words with a meaning; what means
/// nothing is left out at the end and before each hyphen.
/// </summary>
internal sealed class MavenOrder : VersionOrder
{
    private static readonly string[] Qualifiers = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];

    /// <param name="Prefix">What stood before it: a dot or a hyphen.</param>
    private readonly record struct Token(char Prefix, string Text)
    {
        public bool IsNumber => VersionOrder.IsNumber(Text);

        public bool IsNothing => IsNumber ? Text.AsSpan().TrimStart('0').IsEmpty : Text.Length == 0;

        /// <summary>.word &lt; -word &lt; -number &lt; .number</summary>
        public int Rank => (IsNumber, Prefix) switch { (false, '.') => 0, (false, _) => 1, (true, '-') => 2, _ => 3 };
    }

    public override int Compare(string? x, string? y)
    {
        var (a, b) = (Parse(x ?? ""), Parse(y ?? ""));
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var (m, n) = (i < a.Count ? a[i] : Padding(b[i]), i < b.Count ? b[i] : Padding(a[i]));
            var order = m.Rank != n.Rank ? m.Rank.CompareTo(n.Rank) : m.IsNumber ? CompareNumbers(m.Text, n.Text) : Math.Sign(string.CompareOrdinal(Place(m.Text), Place(n.Text)));
            if (order != 0) return order;
        }
        return 0;
    }

    /// <summary>Nothing, of the other's kind.</summary>
    private static Token Padding(Token other) => new(other.Prefix, other.IsNumber ? "0" : "");

    private static List<Token> Parse(string version)
    {
        var tokens = new List<Token>();
        var (start, prefix) = (0, '.');
        version = version.ToLowerInvariant();
        for (var i = 0; i <= version.Length; i++)
        {
            var separated = i == version.Length || version[i] is '.' or '-';
            var turned = !separated && i > start && char.IsAsciiDigit(version[i]) != char.IsAsciiDigit(version[i - 1]);
            if (!separated && !turned) continue;
            var text = version[start..i];
            tokens.Add(new(prefix, text.Length == 0 ? "0" : Word(text, turned)));
            (start, prefix) = turned ? (i, '-') : (i + 1, i < version.Length ? version[i] : '.');
        }
        for (var end = tokens.Count; end > 0; end--)
        {
            if (end < tokens.Count && tokens[end].Prefix != '-') continue;
            while (end > 1 && tokens[end - 1].IsNothing) tokens.RemoveAt(--end);
        }
        return tokens;
    }

    /// <summary>alpha, beta and milestone may be one letter when a number follows directly.</summary>
    private static string Word(string text, bool numberFollows) => text switch
    {
        "a" when numberFollows => "alpha",
        "b" when numberFollows => "beta",
        "m" when numberFollows => "milestone",
        "ga" or "final" or "release" => "",
        "cr" => "rc",
        _ => text,
    };

    /// <summary>The known words in their order, then all others by the alphabet.</summary>
    private static string Place(string word) => Array.IndexOf(Qualifiers, word) is >= 0 and var known ? $"{known}" : $"{Qualifiers.Length}-{word}";
}
