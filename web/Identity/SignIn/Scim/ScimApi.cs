using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>SCIM 2.0 (RFC 7643, 7644) at <c>/scim/v2</c>: a directory keeps users and groups of one connection. Its answers are SCIM's own, so it stands beside <c>/v1</c>.</summary>
public static class ScimApi
{
    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var scim = routes.MapGroup("/scim/v2").ExcludeFromDescription().AddEndpointFilter<RouteGroupBuilder, ScimGate>();
        scim.MapGet("ServiceProviderConfig", () => ScimAnswers.Json(ScimSchemas.Capabilities()));
        scim.MapGet("ResourceTypes", () => List(ScimSchemas.ResourceTypes()));
        scim.MapGet("ResourceTypes/{id}", (string id) => One(ScimSchemas.ResourceTypes(), id));
        scim.MapGet("Schemas", () => List(ScimSchemas.Schemas()));
        scim.MapGet("Schemas/{id}", (string id) => One(ScimSchemas.Schemas(), id));
        scim.MapScimUsers();
        scim.MapScimGroups();
    }

    private static IResult List(JsonArray all) => ScimAnswers.Json(ScimAnswers.List(all.Select(a => a!.DeepClone()), all.Count, 1));

    private static IResult One(JsonArray all, string id) =>
        all.FirstOrDefault(a => a!["id"]!.ToString() == id) is { } found ? ScimAnswers.Json(found.DeepClone()) : throw ScimException.NotFound("description", id);
}
