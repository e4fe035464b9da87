using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace ProdSprint.Projects;

/// <summary>Reads manifests strictly: what does not parse is a gap with file and position, never an exception.</summary>
public sealed class Manifests(RepositoryFiles files, GapList gaps)
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonDocumentOptions StrictJson = new() { MaxDepth = 64 };

    private readonly Dictionary<string, JsonElement?> _json = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TomlTable?> _toml = new(StringComparer.Ordinal);

    /// <summary>The root object of a JSON file, or null.</summary>
    public JsonElement? Json(string path, bool lenient = false)
    {
        if (_json.TryGetValue(path, out var known)) return known;
        JsonElement? root = null;
        if (files.Manifest(path) is { } text)
        {
            try
            {
                using var document = JsonDocument.Parse(text, lenient ? JsonOptions : StrictJson);
                if (document.RootElement.ValueKind == JsonValueKind.Object) root = document.RootElement.Clone();
                else Broken(path, 1, 1, "it holds no JSON object");
            }
            catch (JsonException e)
            {
                Broken(path, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, Reason(e));
            }
        }
        return _json[path] = root;
    }

    public TomlTable? Toml(string path)
    {
        if (_toml.TryGetValue(path, out var known)) return known;
        TomlTable? root = null;
        if (files.Manifest(path) is { } text)
        {
            try { root = TomlReader.Parse(text); }
            catch (TomlException e) { Broken(path, e.Line, e.Column, e.Message); }
        }
        return _toml[path] = root;
    }

    /// <summary>The root element of an XML file, or null. No DTD: entities are how XML reads other files and explodes.</summary>
    public XElement? Xml(string path)
    {
        if (files.Manifest(path) is not { } text) return null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = RepositoryFiles.ManifestLimit });
            return XDocument.Load(reader).Root;
        }
        catch (XmlException e)
        {
            Broken(path, e.LineNumber, e.LinePosition, e.Message);
            return null;
        }
    }

    public YamlValue? Yaml(string path)
    {
        if (files.Manifest(path) is not { } text) return null;
        try { return YamlReader.Parse(text); }
        catch (YamlProblem e)
        {
            Broken(path, e.Line, e.Column, e.Message);
            return null;
        }
    }

    public void Broken(string path, int line, int column, string reason) => gaps.Add(GapCodes.ManifestBroken, GapSeverity.Blocking,
        $"{path} cannot be read", $"Line {line}, column {column}: {reason}", $"Correct {path} at line {line}, column {column}", new(path, line, column));

    private static string Reason(JsonException e)
    {
        // "… LineNumber: 3 | BytePositionInLine: 7." is said by the gap itself
        var cut = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return cut > 0 ? e.Message[..cut] : e.Message;
    }
}

public static class JsonElements
{
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static JsonElement? Object(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    public static IEnumerable<string> Keys(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } present ? present.EnumerateObject().Select(p => p.Name) : [];

    public static IEnumerable<string> Texts(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)
            : [];
}
