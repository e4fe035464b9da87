using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>The description of the API, the same on every machine: <c>web/openapi.json</c> is a copy of it, and a test sees that it stays one.</summary>
internal static class ApiDescription
{
    public const string Problem = "Problem";

    public static void Configure(OpenApiOptions options)
    {
        options.AddSchemaTransformer(SchemaContract.Describe);
        options.AddOperationTransformer(OperationContract.Describe);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "ProdSprint", Version = "1.0.0",
                Description = "The release control plane: import, audit, plan, approve, apply, staging, gates, canary, production, and the way back. "
                    + "Every answer other than success is application/problem+json with a stable type and code, the request's id, and what to do next. "
                    + "Mutations answer 202 with the key and version of what took the command; what it leads to is seen in the resource and in the timeline. "
                    + "Lists are pages: `next` of one goes into `after` of the following, and what is added meanwhile moves nothing. Fields that would be null are left out.",
            };
            // Where this server happens to listen is no part of the contract.
            document.Servers?.Clear();
            document.Components ??= new();
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas[Problem] = ProblemSchema();
            document.Tags = new HashSet<OpenApiTag>(Tags.Select(t => new OpenApiTag { Name = t.Name, Description = t.Text }));
            return Task.CompletedTask;
        });
    }

    private static readonly (string Name, string Text)[] Tags =
    [
        ("Projects", "Repositories that were imported, and what production serves of them"), ("Plans", "What would be built and run, and its approval"),
        ("Gates", "What must be so before production"), ("Infrastructure", "What environments stand on"), ("Secrets", "What services are given and nobody is shown"), ("Releases", "Plans being carried out"), ("Runs", "The one list of what is being carried out"), ("Decisions", "The one inbox of what waits for a person"),
        ("Deploy", "Builds and logs"), ("Supply", "Where artifacts came from, signed"), ("Traffic", "What production answers, by version, and what services use"), ("Jobs", "ProdSprint's own work"), ("Operations", "The inside"),
        ("Tenants", "Who belongs to the workspace, and who may what"), ("Identity", "Who you are: sessions, second factors, tokens"), ("Sign-in", "Ways to sign in: the workspace's own connections, and one's own logins"),
        ("Webhooks", "Where what happens is told of"), ("Support", "Tickets to those who run the server"), ("Community", "Posts among the people of a workspace"),
        ("Audit", "Who did what, chained so that a change shows"), ("Server", "The server itself"),
    ];

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. `type` and `code` are stable.",
        Required = new HashSet<string> { "type", "title", "status", "code", "next", "requestId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text($"{Problems.TypeBase} and the code"),
            ["title"] = Text("The same for every problem of this type"),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "400", Maximum = "599" },
            ["detail"] = Text("What is the matter with this request"),
            ["code"] = Text("The problem in kebab case: project.not-found"),
            ["next"] = Text("What can be done now"),
            ["requestId"] = Text("Finds the log lines; the header X-Request-ID"),
            ["traceId"] = Text("Finds the trace"),
            ["gate"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "True when a gate, a policy or the judge said no" },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
