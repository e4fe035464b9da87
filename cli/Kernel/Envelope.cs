using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Kernel;

/// <summary>What <c>--json</c> prints, on success and on failure: <c>{schema, ok, data, error, meta}</c>. <c>schema</c> changes only on a break.</summary>
public static class Envelope
{
    public const int Schema = 1;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Success(string command, JsonNode? data) => Write(command, true, data, null);

    public static string Failure(string command, CliException e) => Write(command, false, null, new JsonObject
    {
        ["type"] = e.Type,
        ["title"] = e.Title,
        ["detail"] = e.Next is null ? e.Message : $"{e.Message} {e.Next}",
        ["requestId"] = e.RequestId,
        ["retryAfter"] = e.RetryAfter,
    });

    private static string Write(string command, bool ok, JsonNode? data, JsonNode? error) => new JsonObject
    {
        ["schema"] = Schema,
        ["ok"] = ok,
        ["data"] = data?.DeepClone(),
        ["error"] = error,
        ["meta"] = new JsonObject { ["command"] = command, ["version"] = typeof(Envelope).Assembly.GetName().Version?.ToString(3) },
    }.ToJsonString(Indented);
}
