using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>An answer other than success, as directories understand it (RFC 7644 3.12).</summary>
public sealed class ScimException(int status, string? type, string detail) : Exception(detail)
{
    private const string Schema = "urn:ietf:params:scim:api:messages:2.0:Error";

    public int Status { get; } = status;

    public static ScimException Bad(string type, string detail) => new(StatusCodes.Status400BadRequest, type, detail);

    public static ScimException NotFound(string what, string id) => new(StatusCodes.Status404NotFound, null, $"There is no {what} '{id}'.");

    public JsonObject Body()
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(Schema), ["status"] = $"{Status}", ["detail"] = Message };
        if (type is not null) body["scimType"] = type;
        return body;
    }
}
