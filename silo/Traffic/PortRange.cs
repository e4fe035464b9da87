using System.Globalization;

namespace ProdSprint.Traffic;

/// <summary>Ports from which the router may choose one for an environment; both ends belong to it.</summary>
public readonly record struct PortRange(int First, int Last)
{
    /// <summary><c>8000-8099</c>; null when it is not that.</summary>
    public static PortRange? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && int.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first is > 0 and <= 65535 && last >= first && last <= 65535
            ? new(first, last)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
