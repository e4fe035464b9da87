using System.Collections.Frozen;

namespace ProdSprint.Supply;

/// <summary>Which of two versions is newer, as the ecosystem's own tools have it. Total: what is no version of it is ordered too, and never throws.</summary>
public abstract class VersionOrder : IComparer<string>
{
    /// <summary>By the ecosystem's name in OSV (the part before a colon counts).</summary>
    private static readonly FrozenDictionary<string, VersionOrder> ByEcosystem = new Dictionary<string, VersionOrder>(StringComparer.OrdinalIgnoreCase)
    {
        ["npm"] = new SemanticOrder(), ["Go"] = new SemanticOrder(), ["crates.io"] = new SemanticOrder(), ["Hex"] = new SemanticOrder(), ["SwiftURL"] = new SemanticOrder(),
        ["GitHub Actions"] = new SemanticOrder(), ["Pub"] = new SemanticOrder(buildCounts: true), ["NuGet"] = new SemanticOrder(anyLength: true, ignoreCase: true),
        ["PyPI"] = new PythonOrder(), ["Maven"] = new MavenOrder(), ["RubyGems"] = new RubyOrder(), ["Packagist"] = new ComposerOrder(), ["Hackage"] = new NumbersOrder(),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: no order is known for it, so a range says nothing and only listed versions count.</summary>
    public static VersionOrder? For(string ecosystem) => ByEcosystem.GetValueOrDefault(ecosystem.Split(':')[0]);

    public abstract int Compare(string? x, string? y);

    /// <summary>Numbers of any length, given as digits.</summary>
    protected static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : Math.Sign(a.SequenceCompareTo(b));
    }

    protected static bool IsNumber(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Part by part; what one of them lacks counts as 0.</summary>
    protected static int CompareNumbers(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
            if (CompareNumbers(i < a.Count ? a[i] : "0", i < b.Count ? b[i] : "0") is not 0 and var order) return order;
        return 0;
    }
}

/// <summary>Numbers between dots, and nothing else (Haskell's package versioning policy): a longer one is newer.</summary>
internal sealed class NumbersOrder : VersionOrder
{
    public override int Compare(string? x, string? y)
    {
        var (a, b) = ((x ?? "").Split('.'), (y ?? "").Split('.'));
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            if (CompareNumbers(a[i], b[i]) is not 0 and var order) return order;
        return a.Length.CompareTo(b.Length);
    }
}
