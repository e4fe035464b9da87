using System.Globalization;

namespace ProdSprint.Supply;

/// <summary>The base score of a CVSS 3.0 or 3.1 vector, 0 to 10. Source: FIRST, "CVSS v3.1 Specification", section 7.1.</summary>
public static class CvssScore
{
    /// <summary>Null: no vector of version 3, or one that lacks a metric.</summary>
    public static double? Of(string vector)
    {
        if (double.TryParse(vector, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain)) return plain;
        if (!vector.StartsWith("CVSS:3.", StringComparison.Ordinal)) return null;
        var metrics = vector.Split('/').Skip(1).Select(m => m.Split(':')).Where(m => m.Length == 2).DistinctBy(m => m[0]).ToDictionary(m => m[0], m => m[1], StringComparer.Ordinal);
        double? Weight(string metric, params (string Value, double Weight)[] weights) => metrics.GetValueOrDefault(metric) is { } v && weights.Any(w => w.Value == v) ? weights.First(w => w.Value == v).Weight : null;
        var changed = metrics.GetValueOrDefault("S") == "C";
        var exploit = 8.22 * Weight("AV", ("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)) * Weight("AC", ("L", 0.77), ("H", 0.44))
            * Weight("PR", ("N", 0.85), ("L", changed ? 0.68 : 0.62), ("H", changed ? 0.5 : 0.27)) * Weight("UI", ("N", 0.85), ("R", 0.62));
        double? Impact(string metric) => Weight(metric, ("H", 0.56), ("L", 0.22), ("N", 0));
        var loss = 1 - (1 - Impact("C")) * (1 - Impact("I")) * (1 - Impact("A"));
        if (exploit is null || loss is null) return null;
        var impact = changed ? 7.52 * (loss.Value - 0.029) - 3.25 * Math.Pow(loss.Value - 0.02, 15) : 6.42 * loss.Value;
        return impact <= 0 ? 0 : RoundUp(Math.Min((changed ? 1.08 : 1) * (impact + exploit.Value), 10));
    }

    /// <summary>To one decimal, upwards, as the specification's appendix A does it without a binary's surprises.</summary>
    private static double RoundUp(double value)
    {
        var whole = (long)Math.Round(value * 100_000);
        return whole % 10_000 == 0 ? whole / 100_000.0 : (whole / 10_000 + 1) / 10.0;
    }
}
