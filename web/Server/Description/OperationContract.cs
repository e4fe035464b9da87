using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Server;

/// <summary>What holds for every operation, said at every operation: headers in and out, and every problem it may answer with an example.</summary>
internal static class OperationContract
{
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var mutation = context.Description.HttpMethod is not "GET";
        operation.Parameters ??= [];
        if (metadata.OfType<TakesFields>().Any()) operation.Parameters.Add(new OpenApiParameter { Name = SparseFields.Parameter, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = SparseFields.Longest } });
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()) Describe(parameter, context.Description);
        operation.Parameters.Add(Header(RequestId.Header, "Names this request in answers and logs; made up when it is left out", null, 128));
        var replayed = mutation && !metadata.OfType<NeverReplayed>().Any();
        if (replayed) operation.Parameters.Add(Header(Idempotency.Header, metadata.OfType<HoldsSecret>().Any() ? "A retry with the same key and body gets the same answer for 24 hours; it is kept sealed" : "A retry with the same key and body gets the same answer for 24 hours", null, 128));
        else if (!mutation) operation.Parameters.Add(Header("If-None-Match", "An ETag: 304 when nothing has changed since", null, null));
        var ifMatch = metadata.OfType<TakesIfMatch>().FirstOrDefault() ?? (mutation ? new TakesIfMatch(Required: false) : null);
        if (ifMatch is not null) operation.Parameters.Add(Header("If-Match", "The ETag of the state this is meant for, as GET gave it here or of what contains it: 412 when it has changed", ifMatch.Required, null));

        foreach (var response in (operation.Responses ??= [])) Success((OpenApiResponse)response.Value, response.Key, mutation, replayed);
        if (!mutation) operation.Responses["304"] = new OpenApiResponse { Description = "What If-None-Match names is still what there is" };
        foreach (var refusal in ProblemCatalogue.Of(metadata, mutation, ifMatch)) operation.Responses[refusal.Status.ToString()] = ProblemCatalogue.Answer(refusal, context.Document!);
        ApiExamples.Add(operation);
        return Task.CompletedTask;
    }

    private static void Success(OpenApiResponse response, string status, bool mutation, bool replayed)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[RequestId.Header] = Header("Names this request in the logs");
        response.Headers["RateLimit"] = Header("The tier the request was paid from, what of it remains (r) and in how many seconds it is full again (t)");
        response.Headers["RateLimit-Policy"] = Header("The tier, how many requests it holds (q) and in how many seconds they flow (w)");
        if (mutation)
        {
            if (status == "202") response.Headers["Location"] = Header("Where to see what comes of it");
            if (replayed) response.Headers[Idempotency.ReplayedHeader] = Header("true: this is the answer to an earlier request with this key");
        }
        else
        {
            response.Headers["ETag"] = Header("For If-None-Match, and for If-Match where a mutation takes it");
        }
    }

    private static void Describe(OpenApiParameter parameter, Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription description)
    {
        var info = (description.ParameterDescriptions.FirstOrDefault(p => p.Name == parameter.Name)?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo;
        if (parameter.Schema is not OpenApiSchema schema) return;
        if (info?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed) schema.Enum = [.. allowed.Values.Select(v => JsonValue.Create(v!.ToString())!)];
        if (description.ActionDescriptor.EndpointMetadata.OfType<QueryWords>().FirstOrDefault(w => w.Parameter == parameter.Name) is { } words) schema.Enum = [.. words.Words.Select(w => JsonValue.Create(w))];
        if (info?.GetCustomAttribute<MaxLengthAttribute>() is { } longest) schema.MaxLength = longest.Length;
        parameter.Description ??= parameter.Name switch
        {
            "project" => "The project's name",
            "number" => "Counts from 1 within the project",
            "after" => "The last page's `next`; left out for the first page",
            "user" => "Only what this person did",
            "action" => "Only this operation, e.g. AbortRelease",
            "resource" => "Only this and what lies below it, e.g. projects/shop",
            "from" => "From this time on",
            "until" => "Before this time",
            "format" => "json (lines; can be verified) when left out",
            "sort" => "By what; '-' is backwards. The first of the words when left out",
            "phase" => "Only in this phase",
            "status" => "Only with this status",
            SparseFields.Parameter => "Only these fields of each item, by comma; all when left out",
            "limit" => $"How many, {Page.DefaultLimit} when left out",
            "verb" => "What to do",
            "id" => "The job's id",
            "state" => "Only in this state",
            "kind" => "Only of this kind",
            "source" => "production when left out",
            "release" => "The release's number",
            "environment" => "production when left out",
            "seconds" => "How far back, 300 when left out",
            "service" => "A service beside the entry; the entry when left out",
            "waitSeconds" => "How long to wait for the first new line",
            _ => null,
        };
        if (parameter.Name == "project" && parameter.In == ParameterLocation.Path) schema.Pattern = ProjectNames.Pattern;
        if (parameter.Name == "limit") (schema.Minimum, schema.Maximum) = ("1", Page.MaxLimit.ToString());
    }

    private static OpenApiParameter Header(string name, string description, bool? required, int? longest) => new()
    {
        Name = name, In = ParameterLocation.Header, Description = description, Required = required ?? false,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = longest },
    };

    private static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
