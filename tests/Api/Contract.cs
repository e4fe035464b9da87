using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

/// <summary>Holds answers against <c>web/openapi.json</c>: the dashboard's types are made of it, and views are stored JSON that no compiler looks at.</summary>
internal static class Contract
{
    private static readonly JsonNode Document = JsonNode.Parse(File.ReadAllText(Path.Combine(Root(), "web", "openapi.json")))!;

    public static void Check(string method, string pathAndQuery, int status, JsonNode? answer)
    {
        var path = pathAndQuery.Split('?')[0];
        var template = Document["paths"]!.AsObject().Select(p => p.Key).FirstOrDefault(t => Fits(t, path) && Document["paths"]![t]![method.ToLowerInvariant()] is not null)
            ?? throw new InvalidOperationException($"{method} {path} is not described. Next: look at what its handler returns");
        var described = Document["paths"]![template]![method.ToLowerInvariant()]!["responses"]!.AsObject().ContainsKey(status.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ? Document["paths"]![template]![method.ToLowerInvariant()]!["responses"]![$"{status}"]!["content"]?["application/json"]?["schema"]
            : null;
        described.ShouldNotBeNull($"{method} {template} answers {status} with something that is not described");
        var found = Differences(described, answer, "$").ToList();
        found.ShouldBeEmpty($"{method} {path} does not answer as web/openapi.json says");
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ProdSprint.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }

    private static bool Fits(string template, string path)
    {
        var (t, p) = (template.Split('/'), path.Split('/'));
        return t.Length == p.Length && t.Zip(p).All(s => s.First.StartsWith('{') || s.First == s.Second);
    }

    private static IEnumerable<string> Differences(JsonNode schema, JsonNode? value, string at)
    {
        if (schema["$ref"] is { } reference) schema = Document["components"]!["schemas"]![reference.ToString().Split('/')[^1]]!;
        if (schema["oneOf"] is JsonArray choices) schema = choices.First(c => c!["type"]?.ToString() != "null")!;
        if (schema["$ref"] is not null) return Differences(schema, value, at);
        return value switch
        {
            JsonObject o when schema["properties"] is JsonObject known => Members(schema, known, o, at),
            JsonObject o when schema["additionalProperties"] is JsonObject each => o.SelectMany(m => Differences(each, m.Value, $"{at}.{m.Key}")),
            JsonArray list when schema["items"] is { } each => list.SelectMany((item, i) => Differences(each, item, $"{at}[{i}]")),
            JsonValue v when schema["enum"] is JsonArray words && !words.Any(w => w?.ToString() == v.ToString()) => [$"{at} is '{v}', none of {words.ToJsonString()}"],
            JsonObject when schema["type"]?.ToString() is "array" or "string" => [$"{at} is an object"],
            JsonArray when schema["type"]?.ToString() is "object" or "string" => [$"{at} is a list"],
            _ => [],
        };
    }

    private static IEnumerable<string> Members(JsonNode schema, JsonObject known, JsonObject value, string at)
    {
        foreach (var name in schema["required"]?.AsArray() ?? [])
            if (!value.ContainsKey(name!.ToString())) yield return $"{at}.{name} is promised and not there";
        foreach (var (name, member) in value)
        {
            if (!known.ContainsKey(name)) yield return $"{at}.{name} is not described";
            else foreach (var deeper in Differences(known[name]!, member, $"{at}.{name}")) yield return deeper;
        }
    }
}
