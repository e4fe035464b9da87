using System.Globalization;
using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>Resources as directories see them, and lists of them.</summary>
public static class ScimAnswers
{
    public const string ContentType = "application/scim+json";

    public static JsonObject Of(ScimUser user, IEnumerable<ScimGroup> groups, SignInAddresses here)
    {
        var body = user.Body.DeepClone().AsObject();
        body["id"] = user.Id.ToString();
        body["userName"] = user.UserName;
        body["active"] = user.Active;
        if (user.ExternalId is not null) body["externalId"] = user.ExternalId;
        body["groups"] = new JsonArray([.. groups.Select(g => new JsonObject { ["value"] = g.Id.ToString(), ["display"] = g.DisplayName })]);
        body["meta"] = Meta("User", $"/Users/{user.Id}", user.Version, user.CreatedAt, user.ChangedAt, here);
        return body;
    }

    public static JsonObject Of(ScimGroup group, SignInAddresses here)
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.Group), ["id"] = group.Id.ToString(), ["displayName"] = group.DisplayName };
        if (group.ExternalId is not null) body["externalId"] = group.ExternalId;
        body["members"] = new JsonArray([.. group.Members.Select(m => new JsonObject { ["value"] = m.ToString(), ["$ref"] = $"{here.Scim}/Users/{m}" })]);
        body["meta"] = Meta("Group", $"/Groups/{group.Id}", group.Version, group.CreatedAt, group.ChangedAt, here);
        return body;
    }

    /// <param name="start">From 1.</param>
    public static JsonObject List(IEnumerable<JsonNode> items, int total, int start)
    {
        var resources = new JsonArray([.. items]);
        return new()
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:ListResponse"), ["totalResults"] = total, ["startIndex"] = start, ["itemsPerPage"] = resources.Count, ["Resources"] = resources,
        };
    }

    public static string Tag(long version) => $"W/\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>With its tag and place; 304 when the directory has it already.</summary>
    public static IResult Resource(HttpContext http, JsonObject body, int status = StatusCodes.Status200OK)
    {
        var tag = body["meta"]!["version"]!.ToString();
        http.Response.Headers.ETag = tag;
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.IfNoneMatch.ToString() == tag) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (status == StatusCodes.Status201Created) http.Response.Headers.Location = body["meta"]!["location"]!.ToString();
        return Json(ScimAttributes.Of(http).Shown(body), status);
    }

    public static IResult Json(JsonNode body, int status = StatusCodes.Status200OK) => TypedResults.Text(body.ToJsonString(), ContentType, statusCode: status);

    private static JsonObject Meta(string type, string path, long version, DateTimeOffset created, DateTimeOffset changed, SignInAddresses here) => new()
    {
        ["resourceType"] = type, ["created"] = created.UtcDateTime.ToString("O"), ["lastModified"] = changed.UtcDateTime.ToString("O"), ["location"] = $"{here.Scim}{path}", ["version"] = Tag(version),
    };
}
