using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>Which problems an operation may answer, and how they read.</summary>
internal static class ProblemCatalogue
{
    /// <summary>May come from every operation.</summary>
    private static readonly Refusal[] Always =
    [
        new(400, ["request.bad-parameter", "request.unknown-parameter", "request.repeated-parameter", "request.missing-parameter", "request.bad", "request.bad-text", "identity.bad-user", "identity.bad-workspace"]), new(401, ["session.none", "session.expired"]),
        new(403, ["request.foreign-host", "permission.missing"]),
        new(429, ["rate.exceeded"]), new(500, ["server.fault"]), new(503, ["server.waiting-for-database", "server.waiting-for-silo"]),
    ];

    private static readonly Refusal[] OfMutations =
    [
        new(400, ["request.bad-json", "request.bad-field", "request.unknown-field", "request.missing-field", "idempotency.bad-key"]), new(403, ["request.cross-site", "request.forged"]),
        new(413, ["request.too-large"]), new(415, ["http.415"]), new(422, ["idempotency.other-request", "request.text-too-long"]),
    ];

    public static IEnumerable<Refusal> Of(IEnumerable<object> metadata, bool mutation, TakesIfMatch? ifMatch)
    {
        IEnumerable<Refusal> all = [.. metadata.OfType<Refusal>(), .. Always];
        if (mutation) all = all.Concat(OfMutations);
        if (metadata.OfType<TakesFields>().Any()) all = all.Append(new(422, ["fields.unknown"]));
        if (mutation && metadata.OfType<HoldsSecret>().Any()) all = all.Append(new(409, ["idempotency.answer-lost"]));
        if (ifMatch is not null) all = all.Append(new(412, ["precondition.stale"]));
        if (ifMatch is { Required: true }) all = all.Append(new(428, ["precondition.required"]));
        return all.GroupBy(r => r.Status).OrderBy(g => g.Key).Select(g => new Refusal(g.Key, [.. g.SelectMany(r => r.Codes).Distinct()]));
    }

    public static OpenApiResponse Answer(Refusal refusal, OpenApiDocument document)
    {
        var answer = new OpenApiResponse
        {
            Description = string.Join(", ", refusal.Codes),
            Headers = new Dictionary<string, IOpenApiHeader> { [RequestId.Header] = Header("Names this request in the logs") },
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ApiDescription.Problem, document), Example = Example(refusal) },
            },
        };
        if (refusal.Status is 429 or 503) answer.Headers["Retry-After"] = Header("Seconds");
        return answer;
    }

    private static JsonObject Example(Refusal refusal) => new()
    {
        ["type"] = Problems.TypeBase + refusal.Codes[0], ["title"] = Titles.GetValueOrDefault(refusal.Status, "Cannot be done as asked"), ["status"] = refusal.Status,
        ["detail"] = "What is the matter with this request.", ["code"] = refusal.Codes[0], ["next"] = "What can be done now", ["requestId"] = "0199f0a2c47d7c1e9a3b5d6e7f8091a2",
    };

    private static readonly Dictionary<int, string> Titles = new()
    {
        [400] = "The request cannot be read", [401] = "Not signed in", [403] = "Not allowed", [404] = "Not there", [409] = "Not in this state", [412] = "Changed since you looked", [413] = "The request is too large",
        [415] = "Unsupported Media Type", [428] = "Say what you change", [429] = "Too many requests", [500] = "A fault of ProdSprint's", [503] = "The database does not answer",
    };

    private static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
