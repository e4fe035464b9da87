using Microsoft.AspNetCore.Http.HttpResults;

namespace ProdSprint.Projects;

/// <summary>The schemas of documents that tools outside read. Documents like the description of the API, and like it not part of what it describes.</summary>
public static class SchemasApi
{
    public static void MapSchemasApi(this IEndpointRouteBuilder routes) => routes.MapGet(AuditSchema.Path, Audit).WithName("GetAuditSchema").ExcludeFromDescription();

    private static ContentHttpResult Audit() => TypedResults.Text(AuditSchema.Text, "application/schema+json");
}
