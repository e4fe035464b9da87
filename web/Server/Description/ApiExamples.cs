using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ProdSprint.Server;

/// <summary>
/// One example a operation, from <c>examples.json</c>: the request as a person would write it, the answer as a server gave it. A test sends every request
/// in this order and holds every answer against its schema; with PRODSPRINT_WRITE=1 it writes the answers anew.
/// </summary>
internal static class ApiExamples
{
    private static readonly JsonObject All = Read();

    public static void Add(OpenApiOperation operation)
    {
        if (All[operation.OperationId!] is not JsonObject example) return;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            if (example["parameters"]?[parameter.Name!] is { } value) parameter.Example = value.DeepClone();
        Add(operation.RequestBody?.Content, example["request"]);
        Add(operation.Responses?[example["status"]!.ToString()].Content, example["response"]);
    }

    private static void Add(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        if (example is not null && content?.TryGetValue("application/json", out var json) == true) json.Example = example.DeepClone();
    }

    private static JsonObject Read()
    {
        using var file = typeof(ApiExamples).Assembly.GetManifestResourceStream("ProdSprint.examples.json")!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
