using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>The published schema against real reports: every field of a report is in it, and what it requires is there.</summary>
public sealed class AuditSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(AuditSchema.Text)!;

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Text_Report_IsAsTheSchemaSays(string name) => Check(JsonNode.Parse(AuditJson.Write(Auditor.Run(AuditCases.Tree(name)))), Schema, "$");

    [Fact]
    public void Text_Report_HasItsIdentity()
    {
        Schema["$id"]!.ToString().ShouldBe("/v1/schemas/audit");
        AuditSchema.Text.ShouldContain("\"services\"");
    }

    private static void Check(JsonNode? value, JsonNode schema, string at)
    {
        if (schema["$ref"] is { } reference) schema = reference.ToString()[2..].Split('/').Aggregate(Schema, (node, part) => node[part] ?? node.AsArray()[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]!);
        string[] types = schema["type"] switch { JsonArray many => [.. many.Select(t => t!.ToString())], JsonValue one => [one.ToString()], _ => [] };
        var type = value switch { null => "null", JsonObject => "object", JsonArray => "array", _ => value.GetValueKind() switch { System.Text.Json.JsonValueKind.String => "string", System.Text.Json.JsonValueKind.Number => "integer", _ => "boolean" } };
        if (types.Length > 0 && !(type == "integer" && types.Contains("number"))) types.ShouldContain(type, at);
        if (schema["enum"] is JsonArray words) words.Select(w => w?.ToString()).ShouldContain(value?.ToString(), at);
        if (value is JsonArray items && schema["items"] is { } each)
            for (var i = 0; i < items.Count; i++) Check(items[i], each, $"{at}[{i}]");
        if (value is not JsonObject map || schema["properties"] is not JsonObject properties) return;
        foreach (var (field, inner) in map) Check(inner, properties[field].ShouldNotBeNull($"{at}.{field} is not in the schema"), $"{at}.{field}");
        foreach (var required in schema["required"]?.AsArray() ?? []) map.ContainsKey(required!.ToString()).ShouldBeTrue($"{at}.{required} is missing");
    }
}
