using System.Text;
using System.Text.Json;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>Writes YAML line by line, so that comments and blank lines stay where a reader wants them. What comes from a repository is quoted.</summary>
internal sealed class YamlLines
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _out = new();
    private int _depth;

    /// <summary>As it stands; empty for a blank line.</summary>
    public YamlLines Line(string text = "")
    {
        if (text.Length > 0) _out.Append(' ', _depth * 2).Append(text);
        _out.Append('\n');
        return this;
    }

    public YamlLines In(string head, Action body)
    {
        Line(head);
        _depth++;
        body();
        _depth--;
        return this;
    }

    /// <summary>A shell script as a block, whose lines need no quoting.</summary>
    public YamlLines Script(string key, string script) => In($"{key}: |", () => { foreach (var line in script.Split('\n')) Line(line); });

    /// <summary>A JSON string is a YAML string.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Plain);

    public override string ToString() => _out.ToString();
}
