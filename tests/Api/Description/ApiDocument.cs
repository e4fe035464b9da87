using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProdSprint.Tests.Api.Description;

public sealed record Operation(string Id, string Method, string Path, JsonObject Json)
{
    public IEnumerable<JsonObject> Parameters => Json["parameters"]?.AsArray().Select(p => p!.AsObject()) ?? [];

    public JsonObject Responses => Json["responses"]!.AsObject();

    public JsonNode? Body => Json["requestBody"]?["content"]?["application/json"];

    public override string ToString() => Id;
}

/// <summary>The committed description, and whether a value is what it says.</summary>
public sealed partial class ApiDocument
{
    public static string CommittedPath { get; } = Path.Combine(RepositoryRoot(), "web", "openapi.json");

    public static ApiDocument Committed { get; } = new(JsonNode.Parse(File.ReadAllText(CommittedPath))!);

    private ApiDocument(JsonNode root)
    {
        Root = root;
        Operations = [.. root["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o =>
            new Operation(o.Value!["operationId"]!.ToString(), o.Key.ToUpperInvariant(), p.Key, o.Value!.AsObject())))];
    }

    public JsonNode Root { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public Operation this[string id] => Operations.Single(o => o.Id == id);

    /// <summary>Views are stored JSON that no compiler looks at, and the dashboard's types are made of this: every answer any test gets is held against it.</summary>
    public void Check(string method, string address, int status, JsonNode? answer)
    {
        var path = address.Split('?')[0];
        var operation = Operations.FirstOrDefault(o => o.Method == method && Fits(o.Path, path)).ShouldNotBeNull($"{method} {path} is not described");
        operation.Responses[$"{status}"]?["content"]?["application/json"]?["schema"].ShouldNotBeNull($"{method} {path} answers {status} with something that is not described");
        Faults(answer, operation.Responses[$"{status}"]!["content"]!["application/json"]!["schema"]!).ShouldBeEmpty($"{method} {path} does not answer as web/openapi.json says");
    }

    private static bool Fits(string template, string path)
    {
        var (t, p) = (template.Split('/'), path.Split('/'));
        return t.Length == p.Length && t.Zip(p).All(s => s.First.StartsWith('{') || s.First == s.Second);
    }

    public static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ProdSprint.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }

    public JsonNode Resolve(JsonNode schema) =>
        schema["$ref"] is { } reference ? Resolve(Root["components"]!["schemas"]![reference.ToString()["#/components/schemas/".Length..]] ?? throw new KeyNotFoundException(reference.ToString())) : schema;

    /// <summary>What is wrong with the value, each with its place; nothing when it is what the schema says. A field nobody described is wrong as well.</summary>
    public IEnumerable<string> Faults(JsonNode? value, JsonNode schema, string at = "$")
    {
        schema = Resolve(schema);
        if (schema["oneOf"] is JsonArray any)
            return any.Any(s => !Faults(value, s!, at).Any()) ? [] : [$"{at}: matches none of {any.Count}", .. any.Where(s => s!["type"]?.ToString() != "null").SelectMany(s => Faults(value, s!, at))];
        if (schema["enum"] is JsonArray words && !words.Any(w => JsonNode.DeepEquals(w, value))) return [$"{at}: {Short(value)} is none of the words"];
        var types = schema["type"] switch { JsonArray a => [.. a.Select(t => t!.ToString())], { } t => [t.ToString()], _ => (string[])[] };
        if (types.Length > 0 && !types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number"))) return [$"{at}: {Short(value)} is no {string.Join('|', types)}"];
        return value switch
        {
            JsonObject o when schema["properties"] is JsonObject || schema["additionalProperties"] is JsonObject => Object(o, schema, at),
            JsonArray a when schema["items"] is { } items => a.SelectMany((v, i) => Faults(v, items, $"{at}[{i}]")),
            _ when schema["format"]?.ToString() == "date-time" && value is not null && !DateTimeOffset.TryParse(value.ToString(), out _) => [$"{at}: {Short(value)} is no time"],
            _ when schema["pattern"] is { } p && value is not null && !Regex.IsMatch(value.ToString(), p.ToString()) => [$"{at}: {Short(value)} is not like {p}"],
            _ => [],
        };
    }

    private IEnumerable<string> Object(JsonObject value, JsonNode schema, string at)
    {
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var name in schema["required"]?.AsArray().Select(r => r!.ToString()) ?? [])
            if (!value.ContainsKey(name)) yield return $"{at}: '{name}' is missing";
        foreach (var (name, field) in value)
        {
            if (properties[name] is { } known)
                foreach (var fault in Faults(field, known, $"{at}.{name}")) yield return fault;
            else if (schema["additionalProperties"] is JsonObject any)
                foreach (var fault in Faults(field, any, $"{at}.{name}")) yield return fault;
            else yield return $"{at}: '{name}' is not described";
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => Whole().IsMatch(value.ToJsonString()) ? "integer" : "number",
        _ => "boolean",
    };

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length > 60 ? text[..60] + "…" : text : "null";

    [GeneratedRegex("^-?[0-9]+$")]
    private static partial Regex Whole();
}
