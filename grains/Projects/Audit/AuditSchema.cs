using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace ProdSprint.Projects;

/// <summary>The JSON Schema of an audit report, made from the very types that are written, so it cannot say anything else.</summary>
public static class AuditSchema
{
    /// <summary>Where a server publishes it.</summary>
    public const string Path = "/v1/schemas/audit";

    private static readonly JsonSerializerOptions Options = new(CanonicalJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static string Text { get; } = CanonicalJson.Write(Document());

    private static JsonObject Document()
    {
        var schema = Options.GetJsonSchemaAsNode(typeof(AuditReport), new() { TreatNullObliviousAsNonNullable = true }).AsObject();
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["$id"] = Path;
        schema["title"] = $"Audit report, schema {AuditReport.CurrentSchema}";
        return schema;
    }
}
