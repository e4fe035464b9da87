using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;

namespace ProdSprint.Kernel;

/// <summary>For the description of the API.</summary>
public sealed record TakesFields;

/// <summary><c>?fields=id,state</c>: of each item only these, for lists on small screens and scripts. The tag stays the one of the whole, which is what changes are about.</summary>
public static class SparseFields
{
    public const string Parameter = "fields";
    public const int Longest = 500;

    private static readonly ConcurrentDictionary<Type, FrozenSet<string>> Known = new();

    /// <summary>Null: all of them.</summary>
    /// <exception cref="ProblemException">422: the item has no such field.</exception>
    public static IReadOnlyCollection<string>? Asked(HttpContext context, Type item)
    {
        if (!context.Request.QueryString.HasValue || !HttpMethods.IsGet(context.Request.Method)) return null;
        var text = context.Request.Query[Parameter].ToString();
        if (text.Length == 0) return null;
        var known = Known.GetOrAdd(item, static t => KernelJson.Options.GetTypeInfo(t).Properties.Select(p => p.Name).ToFrozenSet(StringComparer.Ordinal));
        var asked = text.Length <= Longest ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        if (asked.Length > 0 && asked.All(known.Contains)) return asked.ToHashSet(StringComparer.Ordinal);
        throw ProblemException.Invalid("fields.unknown", $"'{Parameter}' names something that is no field here.", $"Use some of: {string.Join(", ", known.Order(StringComparer.Ordinal))}");
    }

    public static byte[] Only(byte[] json, IReadOnlyCollection<string> fields)
    {
        using var whole = JsonDocument.Parse(json);
        if (whole.RootElement.ValueKind != JsonValueKind.Object) return json;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var property in whole.RootElement.EnumerateObject()) if (fields.Contains(property.Name)) property.WriteTo(writer);
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }
}
