using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>What of a user's resource means something here; the rest is kept as it came.</summary>
public sealed record ScimUserBody(string UserName, string? ExternalId, bool Active, string? Email, string? Name, JsonObject Kept)
{
    private const int Longest = 255;

    /// <summary>Ours to say, or columns of their own.</summary>
    private static readonly string[] NotKept = ["id", "meta", "groups", "password", "userName", "externalId", "active"];

    /// <exception cref="ScimException">400 invalidValue.</exception>
    public static ScimUserBody Read(JsonObject body)
    {
        if (Text(body, "userName") is not { Length: > 0 and <= Longest } userName) throw ScimException.Bad("invalidValue", $"'userName' is missing, or longer than {Longest} characters.");
        if (Text(body, "externalId") is { Length: > Longest }) throw ScimException.Bad("invalidValue", $"'externalId' is longer than {Longest} characters.");
        var kept = body.DeepClone().AsObject();
        foreach (var name in body.Select(p => p.Key).Where(k => NotKept.Contains(k, StringComparer.OrdinalIgnoreCase)).ToList()) kept.Remove(name);
        if (kept["schemas"] is not JsonArray) kept["schemas"] = new JsonArray(ScimSchemas.User);
        return new(userName, Text(body, "externalId"), IsActive(Property(body, "active")), EmailOf(body, userName), Text(body, "displayName") ?? Text(Property(body, "name") as JsonObject, "formatted"), kept);
    }

    /// <summary>Some directories write "False". Left out: active.</summary>
    private static bool IsActive(JsonNode? active) => active?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(active.ToString(), out var said) => said,
        _ => throw ScimException.Bad("invalidValue", "'active' is neither true nor false."),
    };

    private static string? EmailOf(JsonObject body, string userName)
    {
        var emails = (Property(body, "emails") as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        var first = emails.Find(e => Property(e, "primary")?.GetValueKind() == JsonValueKind.True) ?? emails.FirstOrDefault();
        return Text(first, "value") ?? (userName.Contains('@', StringComparison.Ordinal) ? userName : null);
    }

    internal static JsonNode? Property(JsonObject? owner, string name) => owner?.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    internal static string? Text(JsonObject? owner, string name) => Property(owner, name) is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : null;
}
