using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Kernel;

/// <summary>
/// What <c>--json</c> prints, on success and on failure: <c>{schema, ok, data, error, meta}</c>, each of them also when null. <c>schema</c> changes only on a
/// break. <c>meta.next</c> is the command that goes on from here.
/// </summary>
public static class Envelope
{
    public const int Schema = 1;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string TypeBase = "https://prodsprint.dev/problems/";

    public static string Success(string command, JsonNode? data, string? next) => Write(command, true, data, null, next);

    public static string Failure(string command, CliException e) => Write(command, false, null, new JsonObject
    {
        // The server's own come with it; one script reads both.
        ["type"] = e.Type.Contains("://", StringComparison.Ordinal) ? e.Type : TypeBase + e.Type,
        ["title"] = e.Title,
        ["detail"] = e.Next is null ? e.Message : $"{e.Message} {e.Next}",
        ["requestId"] = e.RequestId,
        ["retryAfter"] = e.RetryAfter,
    }, e.Next);

    private static string Write(string command, bool ok, JsonNode? data, JsonNode? error, string? next) => new JsonObject
    {
        ["schema"] = Schema,
        ["ok"] = ok,
        ["data"] = data?.DeepClone(),
        ["error"] = error,
        ["meta"] = new JsonObject { ["command"] = command, ["version"] = typeof(Envelope).Assembly.GetName().Version?.ToString(3), ["next"] = next },
    }.ToJsonString(Indented);
}
