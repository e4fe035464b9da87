using System.Text.Json;

namespace ProdSprint.Bench;

/// <summary>The package URLs of somebody's bill of materials, in a form in which two can be compared.</summary>
public static class CycloneDxPurls
{
    /// <summary>Package URLs of a CycloneDX document that have a version.</summary>
    public static HashSet<string> Of(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.TryGetProperty("components", out var components)
            ? components.EnumerateArray().Select(c => c.TryGetProperty("purl", out var p) ? p.GetString() : null).OfType<string>().Where(p => p.LastIndexOf('@') > p.LastIndexOf('/')).Select(Plain).ToHashSet(StringComparer.Ordinal) : [];
    }

    /// <summary>Without qualifiers and escapes; names that are the same in any case in small letters.</summary>
    public static string Plain(string purl)
    {
        var bare = Uri.UnescapeDataString(purl.Split('?', '#')[0]);
        return bare.StartsWith("pkg:github/", StringComparison.Ordinal) || bare.StartsWith("pkg:nuget/", StringComparison.Ordinal) || bare.StartsWith("pkg:pypi/", StringComparison.Ordinal) ? bare.ToLowerInvariant() : bare;
    }
}
