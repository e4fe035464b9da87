using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ProdSprint.Projects;

/// <summary>
/// The one canonical writer: property names in camel case and sorted ordinally, enums as camel-case words, no insignificant space in
/// <see cref="Canonical"/>, two-space indent and a final newline in <see cref="Write"/>. Same value, same bytes, on every machine.
/// </summary>
public static class CanonicalJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonWriterOptions Compact = new() { Encoder = Options.Encoder };
    private static readonly JsonWriterOptions Indented = new() { Encoder = Options.Encoder, Indented = true, NewLine = "\n", IndentSize = 2 };

    public static byte[] Canonical<T>(T value) => Bytes(JsonSerializer.SerializeToNode(value, Options), Compact);

    public static byte[] Canonical(JsonNode? node) => Bytes(node, Compact);

    public static string Write<T>(T value) => Encoding.UTF8.GetString(Bytes(JsonSerializer.SerializeToNode(value, Options), Indented)) + "\n";

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the document is null");

    /// <summary>"sha256:" and 64 hex digits over the canonical bytes.</summary>
    public static string Digest<T>(T value) => Digest(Canonical(value));

    public static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Bytes(JsonNode? node, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options)) Write(writer, node);
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null: writer.WriteNullValue(); break;
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (name, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list) Write(writer, item);
                writer.WriteEndArray();
                break;
            default: node.WriteTo(writer); break;
        }
    }
}

/// <summary>The audit report as text: what is stored, digested, shown and compared.</summary>
public static class AuditJson
{
    public static string Write(AuditReport report) => CanonicalJson.Write(report);

    public static AuditReport Read(string json) => CanonicalJson.Read<AuditReport>(json);

    public static string Digest(AuditReport report) => CanonicalJson.Digest(report);
}
