using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ProdSprint.Kernel;

/// <summary>
/// <c>"{state version}.{hash of the bytes}"</c>: the hash makes 304 right whatever changed the bytes, the version is what <c>If-Match</c> is about, because a
/// command changes the state and not the bytes (a running step's figures move every second).
/// </summary>
public static class EntityTags
{
    private const int HashBytes = 12;

    public static string Of(byte[] body) => VersionOf(body) is { } version ? $"\"{version.ToString(CultureInfo.InvariantCulture)}.{Hash(body)}\"" : OfBytes(body);

    public static string OfBytes(byte[] body) => $"\"{Hash(body)}\"";

    /// <summary>Whether the caller has what <paramref name="tag"/> is of. Most send the one tag they were given, byte by byte.</summary>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        var given = request.Headers.IfNoneMatch;
        if (given.Count == 0) return false;
        if (given.Count == 1 && string.Equals(given[0], tag, StringComparison.Ordinal)) return true;
        var own = new EntityTagHeaderValue(tag);
        return request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(own, useStrongComparison: false) || t.Equals(EntityTagHeaderValue.Any));
    }

    /// <summary>Null for a tag that names no version: nothing can match it.</summary>
    public static long? Version(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        var dot = text.IndexOf('.');
        return dot > 0 && long.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private static string Hash(byte[] body) => Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, HashBytes));

    /// <summary>The view's own field, without reading the rest into objects.</summary>
    private static long? VersionOf(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var here = reader.ValueTextEquals("stateVersion"u8);
            reader.Read();
            if (here) return reader.TryGetInt64(out var version) ? version : null;
            reader.Skip();
        }
        return null;
    }
}
