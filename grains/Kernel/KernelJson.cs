using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProdSprint.Kernel;

/// <summary>One JSON for views, timeline bodies, job payloads and commands: camelCase, enums as camelCase words, nulls left out.</summary>
public static class KernelJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            AllowOutOfOrderMetadataProperties = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(byte[] utf8) => JsonSerializer.Deserialize<T>(utf8, Options)
        ?? throw new JsonException($"Expected a {typeof(T).Name}, found null");

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new JsonException($"Expected a {typeof(T).Name}, found null");
}
