using System.Text.Json;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>An OpenAPI document's text as values. YAML's aliases stay references, so that ten lines never become gigabytes; whoever reads it counts what it visits.</summary>
internal static class ApiText
{
    /// <summary>The largest that is read. GitHub's own, which is among the largest, has 12 MB; nobody waits for that at a gate.</summary>
    public const int Longest = 4 << 20;

    private const int Deepest = 64;

    /// <exception cref="FormatException">With the reason, for people.</exception>
    public static YamlValue Parse(string text)
    {
        try
        {
            return text.AsSpan().TrimStart() is ['{', ..] ? Json(text) : YamlReader.Parse(text, aliases: true);
        }
        catch (YamlProblem e)
        {
            throw new FormatException($"line {e.Line}: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON, at line {e.LineNumber + 1}", e);
        }
    }

    private static YamlValue Json(string text)
    {
        using var document = JsonDocument.Parse(text, new() { MaxDepth = Deepest, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        return Value(document.RootElement);
    }

    private static YamlValue Value(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => new(0, 0, null, null, [.. e.EnumerateObject().Select(p => new YamlField(p.Name, 0, 0, Value(p.Value)))]),
        JsonValueKind.Array => new(0, 0, null, [.. e.EnumerateArray().Select(Value)], null),
        JsonValueKind.String => new(0, 0, e.GetString(), null, null, Quoted: true),
        JsonValueKind.Null => new(0, 0, null, null, null),
        _ => new(0, 0, e.GetRawText(), null, null),
    };
}
