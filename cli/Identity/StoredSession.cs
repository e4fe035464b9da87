using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>What <c>prodsprint login</c> brought home from one server.</summary>
/// <param name="AccessExpires">From then on it has to be refreshed first.</param>
public sealed record StoredSession(string Account, string AccessToken, DateTimeOffset AccessExpires, string RefreshToken)
{
    public static StoredSession Of(JsonNode answer) => new(
        answer["account"]!.ToString(), answer["accessToken"]!.ToString(), answer["accessExpires"]!.GetValue<DateTimeOffset>(), answer["refreshToken"]!.ToString());

    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>Null: not written by us.</summary>
    public static StoredSession? Read(string? text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : JsonSerializer.Deserialize<StoredSession>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
