using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ProdSprint.Identity;

/// <summary>
/// PATCH of RFC 7644 3.5.2 on a resource: add, replace and remove, with a path (<c>active</c>, <c>name.givenName</c>, <c>emails[type eq "work"].value</c>, an extension's URN) or
/// without one. Directories write operations in any case, and booleans as texts; both are understood.
/// </summary>
public static partial class ScimPatch
{
    private const string Schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    private const int MostOperations = 1000;

    /// <exception cref="ScimException">400.</exception>
    public static void Apply(JsonObject resource, JsonObject patch)
    {
        if (patch["schemas"] is not JsonArray schemas || !schemas.Any(s => s is JsonValue v && v.TryGetValue<string>(out var text) && text == Schema))
            throw ScimException.Bad("invalidSyntax", $"'schemas' does not name {Schema}.");
        if (Property(patch, "Operations") is not JsonArray { Count: > 0 and <= MostOperations } operations) throw ScimException.Bad("invalidSyntax", $"'Operations' holds none, or more than {MostOperations}.");
        foreach (var operation in operations) Apply(resource, Property(operation as JsonObject, "op"), Property(operation as JsonObject, "path"), Property(operation as JsonObject, "value"));
    }

    private static void Apply(JsonObject resource, JsonNode? op, JsonNode? path, JsonNode? value)
    {
        var verb = Text(op)?.ToLowerInvariant();
        if (verb is not ("add" or "replace" or "remove")) throw ScimException.Bad("invalidSyntax", $"'{Text(op)}' is no operation. Next: add, replace or remove");
        if (path is null)
        {
            if (verb == "remove") throw ScimException.Bad("noTarget", "What to remove is said by 'path'.");
            if (value is not JsonObject values) throw ScimException.Bad("invalidValue", "Without 'path', 'value' is an object.");
            // Keys may be paths themselves: some directories send {"name.givenName": …}.
            foreach (var (name, inner) in values) At(resource, name, verb, inner);
            return;
        }
        At(resource, Text(path) ?? throw ScimException.Bad("invalidPath", "'path' is no text."), verb, value);
    }

    private static void At(JsonObject resource, string path, string verb, JsonNode? value)
    {
        var match = Path().Match(path);
        if (!match.Success) throw ScimException.Bad("invalidPath", $"'{path}' is no path that is understood.");
        var owner = resource;
        if (match.Groups["urn"] is { Success: true, Value: var urn } && !ScimSchemas.IsCore(urn))
        {
            if (resource[urn] is not JsonObject extension) resource[urn] = extension = [];
            owner = extension;
        }
        var name = Existing(owner, match.Groups["name"].Value);
        if (owner == resource && name == "id")
        {
            // Some send it along as it is.
            if (verb != "remove" && !match.Groups["filter"].Success && !match.Groups["sub"].Success && Text(value) == Text(resource["id"])) return;
            throw ScimException.Bad("mutability", "'id' is the server's and never changes.");
        }
        var sub = match.Groups["sub"] is { Success: true, Value: var s } ? s : null;
        if (match.Groups["filter"].Success) Filtered(owner, name, match.Groups["key"].Value, match.Groups["wanted"].Value, sub, verb, value);
        else if (sub is not null) Sub(owner, name, sub, verb, value);
        else Set(owner, name, verb, value);
    }

    private static void Set(JsonObject owner, string name, string verb, JsonNode? value)
    {
        if (verb == "remove")
        {
            // {"op":"remove","path":"members","value":[{"value":"…"}]}: only those.
            if (value is JsonArray { Count: > 0 } those && owner[name] is JsonArray all)
                foreach (var item in all.Where(a => those.Any(t => SameValue(a, t))).ToList()) all.Remove(item);
            else owner.Remove(name);
        }
        else if (verb == "add" && owner[name] is JsonArray list)
        {
            foreach (var item in value is JsonArray several ? several.ToArray() : [value])
                if (!list.Any(l => SameValue(l, item))) list.Add(item?.DeepClone());
        }
        else if (owner[name] is JsonObject old && value is JsonObject more)
        {
            foreach (var (key, inner) in more) old[Existing(old, key)] = inner?.DeepClone();
        }
        else
        {
            owner[name] = value?.DeepClone();
        }
    }

    private static void Sub(JsonObject owner, string name, string sub, string verb, JsonNode? value)
    {
        if (owner[name] is not JsonObject inner)
        {
            if (verb == "remove") return;
            owner[name] = inner = [];
        }
        Set(inner, Existing(inner, sub), verb, value);
    }

    private static void Filtered(JsonObject owner, string name, string key, string wanted, string? sub, string verb, JsonNode? value)
    {
        var list = owner[name] as JsonArray;
        var found = list?.OfType<JsonObject>().Where(o => string.Equals(Text(Property(o, key)), Regex.Unescape(wanted), StringComparison.OrdinalIgnoreCase)).ToList() ?? [];
        if (found.Count == 0)
        {
            if (verb == "remove") return;
            // Nothing to replace: directories mean that it is to be so.
            if (list is null) owner[name] = list = [];
            var made = new JsonObject { [key] = Regex.Unescape(wanted) };
            list.Add(made);
            found = [made];
        }
        foreach (var item in found)
        {
            if (sub is not null) Set(item, Existing(item, sub), verb, value);
            else if (verb == "remove") list!.Remove(item);
            else if (value is JsonObject more) foreach (var (k, inner) in more) item[Existing(item, k)] = inner?.DeepClone();
            else throw ScimException.Bad("invalidValue", "'value' is no object.");
        }
    }

    private static bool SameValue(JsonNode? a, JsonNode? b) =>
        a is JsonObject x && b is JsonObject y && Property(x, "value") is { } v ? JsonNode.DeepEquals(v, Property(y, "value")) : JsonNode.DeepEquals(a, b);

    /// <summary>Names are the same in any case (RFC 7643 2.1).</summary>
    private static string Existing(JsonObject owner, string name) => owner.Select(p => p.Key).FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private static JsonNode? Property(JsonObject? owner, string name) => owner?[Existing(owner, name)];

    private static string? Text(JsonNode? node) => node is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : node is JsonValue b && b.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.ToJsonString() : null;

    [GeneratedRegex("""^(?:(?<urn>urn:[A-Za-z0-9:._-]+):)?(?<name>[A-Za-z$][A-Za-z0-9_$-]*)(?<filter>\[\s*(?<key>[A-Za-z]+)\s+eq\s+"?(?<wanted>(?:[^"\\\]]|\\["\\/])*)"?\s*\])?(?:\.(?<sub>[A-Za-z][A-Za-z0-9_]*))?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Path();
}
