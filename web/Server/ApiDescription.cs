using Microsoft.AspNetCore.OpenApi;

namespace ProdSprint.Server;

/// <summary>The description of the API, the same on every machine: <c>web/openapi.json</c> is a copy of it, and a test sees that it stays one.</summary>
internal static class ApiDescription
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "ProdSprint";
        document.Info.Description = "The release control plane. Every answer other than success is application/problem+json with a stable type.";
        // Where this server happens to listen is no part of the contract.
        document.Servers?.Clear();
        return Task.CompletedTask;
    });
}
