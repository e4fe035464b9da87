using System.Text;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>
/// Writes Terraform's language as <c>terraform fmt</c> would: two spaces, the equals signs of neighbouring lines under each other, a blank line around blocks.
/// Values are expressions; text goes through <see cref="Text"/>.
/// </summary>
internal sealed class HclWriter
{
    private readonly StringBuilder _out = new();
    private readonly List<(string Name, string Value)> _attributes = [];
    private int _depth;

    /// <summary>True after a line that a block must keep a blank line away from.</summary>
    private bool _apart;

    public HclWriter Comment(string text)
    {
        Space();
        Line($"# {text}");
        _apart = false;
        return this;
    }

    public HclWriter Set(string name, string expression)
    {
        _attributes.Add((name, expression));
        return this;
    }

    public HclWriter Set(string name, bool value) => Set(name, value ? "true" : "false");

    public HclWriter Set(string name, int value) => Set(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public HclWriter SetText(string name, string value) => Set(name, Text(value));

    /// <summary>Starts a new group of lines, aligned among themselves.</summary>
    public HclWriter Gap()
    {
        Flush();
        Space();
        _apart = false;
        return this;
    }

    public HclWriter Block(string head, Action<HclWriter> body)
    {
        Flush();
        Space();
        Line($"{head} {{");
        (_depth, _apart) = (_depth + 1, false);
        body(this);
        Flush();
        _depth--;
        Line("}");
        _apart = true;
        return this;
    }

    public override string ToString()
    {
        Flush();
        return _out.ToString();
    }

    /// <summary>A quoted string; what Terraform would interpolate is taken literally.</summary>
    public static string Text(string value) => '"' + value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal) + '"';

    public static string List(IEnumerable<string> expressions) => $"[{string.Join(", ", expressions)}]";

    /// <summary>A map over several lines, its keys aligned; <c>{}</c> when there is nothing in it.</summary>
    public string Map(IReadOnlyCollection<(string Key, string Expression)> entries)
    {
        if (entries.Count == 0) return "{}";
        var width = entries.Max(e => e.Key.Length);
        var inner = new string(' ', (_depth + 1) * 2);
        return "{\n" + string.Concat(entries.Select(e => $"{inner}{e.Key.PadRight(width)} = {e.Expression}\n")) + new string(' ', _depth * 2) + "}";
    }

    private void Flush()
    {
        if (_attributes.Count == 0) return;
        if (_apart) _out.Append('\n');
        for (var at = 0; at < _attributes.Count;)
        {
            // Neighbours share a column; an expression of several lines stands alone, between blank lines.
            var group = _attributes.Skip(at).TakeWhile((a, i) => i == 0 || !(a.Value.Contains('\n') || _attributes[at].Value.Contains('\n'))).ToList();
            var width = group.Max(a => a.Name.Length);
            if (at > 0) _out.Append('\n');
            foreach (var (name, value) in group) Line($"{name.PadRight(width)} = {value}");
            at += group.Count;
        }
        _attributes.Clear();
        _apart = true;
    }

    private void Space()
    {
        Flush();
        if (_apart) _out.Append('\n');
        _apart = false;
    }

    private void Line(string text) => _out.Append(' ', _depth * 2).Append(text).Append('\n');
}
