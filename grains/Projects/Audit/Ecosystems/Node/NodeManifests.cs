using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Projects;

/// <summary>A package's manifest by any of the names that pnpm reads: package.json, package.json5, package.yaml.</summary>
public static class NodeManifests
{
    public static IReadOnlyList<string> Names { get; } = ["package.json", "package.json5", "package.yaml"];

    public static JsonElement? Read(string path, AuditContext context)
    {
        if (path.EndsWith(".json", StringComparison.Ordinal)) return context.Manifests.Json(path);
        // package.yaml is also the name of Haskell's manifest
        if (path.EndsWith(".yaml", StringComparison.Ordinal) && !context.Files.Has(TreePaths.DirectoryOf(path), "pnpm-lock.yaml")) return null;
        // JSON5 without its comments is YAML's flow style: unquoted keys, single quotes, commas at the end
        var text = context.Files.Manifest(path) is not { } raw ? null : path.EndsWith(".json5", StringComparison.Ordinal) ? WithoutComments(raw) : raw;
        if (text is null) return null;
        try { return JsonSerializer.SerializeToElement(Node(YamlReader.Parse(text))); }
        catch (YamlProblem e)
        {
            context.Manifests.Broken(path, e.Line, e.Column, e.Message);
            return null;
        }
    }

    private static JsonNode? Node(YamlValue value) =>
        value.Fields is { } fields ? new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, Node(f.Value))))
        : value.Items is { } items ? new JsonArray([.. items.Select(Node)])
        : value.IsEmpty ? null
        : !value.Quoted && value.Text is "true" or "false" ? JsonValue.Create(value.Text == "true") : JsonValue.Create(value.Text);

    private static string WithoutComments(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\'')
            {
                var end = i + 1;
                while (end < text.Length && text[end] != c) end += text[end] == '\\' ? 2 : 1;
                end = Math.Min(end, text.Length - 1);
                kept.Append(text, i, end - i + 1);
                i = end;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '/')
            {
                while (i + 1 < text.Length && text[i + 1] != '\n') i++;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '*')
            {
                var end = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                if (end < 0) break;
                // lines stay lines, so that an error is told where it is
                kept.Append('\n', text.AsSpan(i, end - i).Count('\n'));
                i = end + 1;
            }
            else kept.Append(c == '\t' ? ' ' : c);
        }
        return kept.ToString();
    }
}
