using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>What this server says of its SCIM: capabilities, resource types, schemas (RFC 7643 5 to 7).</summary>
public static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    public const int MostResults = 200;

    public static bool IsCore(string urn) => urn.Equals(User, StringComparison.OrdinalIgnoreCase) || urn.Equals(Group, StringComparison.OrdinalIgnoreCase);

    public static JsonObject Capabilities() => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = Supported(true), ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = MostResults },
        ["changePassword"] = Supported(false), ["sort"] = Supported(false), ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken", ["name"] = "Bearer token", ["description"] = "The connection's token, made by an Admin of the workspace", ["primary"] = true,
        }),
    };

    public static JsonArray ResourceTypes() => [ResourceType("User", "/Users", User, Enterprise), ResourceType("Group", "/Groups", Group, null)];

    public static JsonArray Schemas() =>
    [
        Schema(User, "User", Attribute("userName", unique: true, required: true), Attribute("externalId"), Attribute("displayName"), Attribute("active", "boolean"),
            Complex("name", false, Attribute("formatted"), Attribute("givenName"), Attribute("familyName")),
            Complex("emails", true, Attribute("value"), Attribute("type"), Attribute("primary", "boolean"))),
        Schema(Group, "Group", Attribute("displayName", unique: true, required: true), Attribute("externalId"), Complex("members", true, Attribute("value"), Attribute("display"))),
    ];

    private static JsonObject Supported(bool yes) => new() { ["supported"] = yes };

    private static JsonObject ResourceType(string name, string endpoint, string schema, string? extension)
    {
        var type = new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = name, ["name"] = name, ["endpoint"] = endpoint, ["schema"] = schema };
        if (extension is not null) type["schemaExtensions"] = new JsonArray(new JsonObject { ["schema"] = extension, ["required"] = false });
        return type;
    }

    private static JsonObject Schema(string id, string name, params JsonNode[] attributes) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"), ["id"] = id, ["name"] = name, ["attributes"] = new JsonArray(attributes),
    };

    private static JsonObject Attribute(string name, string type = "string", bool unique = false, bool required = false) => new()
    {
        ["name"] = name, ["type"] = type, ["multiValued"] = false, ["required"] = required, ["caseExact"] = false, ["mutability"] = "readWrite", ["returned"] = "default",
        ["uniqueness"] = unique ? "server" : "none",
    };

    private static JsonObject Complex(string name, bool several, params JsonNode[] parts)
    {
        var attribute = Attribute(name, "complex");
        attribute["multiValued"] = several;
        attribute["subAttributes"] = new JsonArray(parts);
        return attribute;
    }
}
