using System.Globalization;
using System.Text;

namespace ProdSprint.Operations;

/// <summary>Prometheus' text format 0.0.4: families in the order of their names, each with its HELP and TYPE once, then its samples.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly SortedDictionary<string, StringBuilder> _families = new(StringComparer.Ordinal);

    public void Counter(string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample(Family(name, "counter", help), name, value, labels);

    public void Gauge(string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample(Family(name, "gauge", help), name, value, labels);

    /// <param name="counts">By bucket, one more than there are bounds.</param>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var family = Family(name, "histogram", help);
        long below = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            below += counts[i];
            Sample(family, name + "_bucket", below, [.. labels, ("le", i < bounds.Count ? Number(bounds[i]) : "+Inf")]);
        }
        Sample(family, name + "_sum", sum, labels);
        Sample(family, name + "_count", below, labels);
    }

    public override string ToString() => string.Concat(_families.Values);

    private StringBuilder Family(string name, string type, string help) => _families.TryGetValue(name, out var family)
        ? family
        : _families[name] = new StringBuilder().Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Sample(StringBuilder family, string name, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        family.Append(name);
        for (var i = 0; i < labels.Length; i++)
            family.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(labels[i].Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
        if (labels.Length > 0) family.Append('}');
        family.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
