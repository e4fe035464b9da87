using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>
/// Which attributes of a resource a directory asked for (RFC 7644 3.9): <c>attributes</c> names all it wants, <c>excludedAttributes</c> what it does not. Names may begin with their
/// schema's URN and go one deeper (<c>name.familyName</c>, <c>emails.value</c>); <c>id</c> and <c>schemas</c> are always there.
/// </summary>
public sealed class ScimAttributes
{
    private static readonly string[] Always = ["schemas", "id"];

    private readonly string[]? _only;
    private readonly string[]? _without;

    private ScimAttributes(string[]? only, string[]? without) => (_only, _without) = (only, without);

    /// <exception cref="ScimException">400: both are there, which would say two things.</exception>
    public static ScimAttributes Of(HttpContext http)
    {
        var (only, without) = (Names(http, "attributes"), Names(http, "excludedAttributes"));
        return only is null || without is null ? new(only, without) : throw ScimException.Bad("invalidValue", "'attributes' and 'excludedAttributes' are there both. Next: send one of them");
    }

    private static string[]? Names(HttpContext http, string parameter) =>
        http.Request.Query[parameter].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names ? names : null;

    public JsonObject Shown(JsonObject whole)
    {
        if (_only is not null)
        {
            var shown = new JsonObject();
            foreach (var name in (string[])[.. Always, .. _only]) Copy(whole, shown, Path(whole, name));
            return shown;
        }
        foreach (var path in (_without ?? []).Select(n => Path(whole, n)).Where(p => !Always.Contains(p[0], StringComparer.OrdinalIgnoreCase))) Drop(whole, path);
        return whole;
    }

    /// <summary>From the resource inwards: an extension's attributes lie in an object that is called as its schema.</summary>
    private static string[] Path(JsonObject whole, string name)
    {
        if (!name.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) return name.Split('.', 2);
        if (Key(whole, name) is not null) return [name];
        var end = name.LastIndexOf(':');
        var inner = name[(end + 1)..].Split('.', 2);
        return ScimSchemas.IsCore(name[..end]) ? inner : [name[..end], .. inner];
    }

    private static void Copy(JsonObject from, JsonObject to, ReadOnlySpan<string> path)
    {
        if (Key(from, path[0]) is not { } key || from[key] is not { } value) return;
        var rest = path[1..].ToArray();
        if (rest.Length == 0 || value is JsonValue)
        {
            to[key] = value.DeepClone();
        }
        else if (value is JsonObject inner)
        {
            if (to[key] is not JsonObject made) to[key] = made = [];
            Copy(inner, made, rest);
        }
        else if (value is JsonArray list)
        {
            // Two of the parts of one list come into the same items.
            if (to[key] is not JsonArray items) to[key] = items = [.. list.Select(_ => (JsonNode)new JsonObject())];
            for (var i = 0; i < list.Count; i++) if (list[i] is JsonObject item && items[i] is JsonObject part) Copy(item, part, rest);
        }
    }

    private static void Drop(JsonObject from, ReadOnlySpan<string> path)
    {
        if (Key(from, path[0]) is not { } key) return;
        if (path.Length == 1) from.Remove(key);
        else foreach (var inner in from[key] is JsonArray list ? list.OfType<JsonObject>() : from[key] is JsonObject one ? [one] : Array.Empty<JsonObject>()) Drop(inner, path[1..]);
    }

    /// <summary>Names are the same in any case (RFC 7643 2.1).</summary>
    private static string? Key(JsonObject owner, string name) => owner.Select(p => p.Key).FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));
}
