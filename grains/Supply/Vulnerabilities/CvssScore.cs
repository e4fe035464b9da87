using System.Globalization;

namespace ProdSprint.Supply;

/// <summary>
/// The base score of a CVSS 3.0 or 3.1 vector, 0 to 10. Source: FIRST, "CVSS v3.1 Specification", section 7.1. One of version 4, which scores by a table of experts' rankings, is scored as
/// 3.1 scores the same metrics: close enough to tell a level, and better than none.
/// </summary>
public static class CvssScore
{
    /// <summary>Null: no vector of version 3 or 4, or one that lacks a metric.</summary>
    public static double? Of(string vector)
    {
        if (double.TryParse(vector, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain)) return plain;
        var metrics = vector.Split('/').Skip(1).Select(m => m.Split(':')).Where(m => m.Length == 2).DistinctBy(m => m[0]).ToDictionary(m => m[0], m => m[1], StringComparer.Ordinal);
        if (vector.StartsWith("CVSS:4.", StringComparison.Ordinal)) metrics = AsVersion3(metrics);
        else if (!vector.StartsWith("CVSS:3.", StringComparison.Ordinal)) return null;
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

    /// <summary>What must be in place besides counts as complexity, any part that a person plays as theirs, and loss in a system behind it as a changed scope.</summary>
    private static Dictionary<string, string> AsVersion3(Dictionary<string, string> v4)
    {
        var v3 = new Dictionary<string, string>(StringComparer.Ordinal);
        void Take(string metric, string? value)
        {
            if (value is not null) v3[metric] = value;
        }
        Take("AV", v4.GetValueOrDefault("AV"));
        Take("AC", v4.GetValueOrDefault("AT") == "P" ? "H" : v4.GetValueOrDefault("AC"));
        Take("PR", v4.GetValueOrDefault("PR"));
        Take("UI", v4.GetValueOrDefault("UI") is { } part ? part == "N" ? "N" : "R" : null);
        Take("S", new[] { "SC", "SI", "SA" }.Any(m => v4.GetValueOrDefault(m) is "H" or "L") ? "C" : "U");
        foreach (var loss in new[] { "C", "I", "A" }) Take(loss, v4.GetValueOrDefault("V" + loss));
        return v3;
    }

    /// <summary>To one decimal, upwards, as the specification's appendix A does it without a binary's surprises.</summary>
    private static double RoundUp(double value)
    {
        var whole = (long)Math.Round(value * 100_000);
        return whole % 10_000 == 0 ? whole / 100_000.0 : (whole / 10_000 + 1) / 10.0;
    }
}
