using System.Text.Json;

namespace ProdSprint.Bench;

/// <summary>The package URLs of somebody's bill of materials, in a form in which two can be compared.</summary>
public static class CycloneDxPurls
{
    /// <summary>Package URLs of a CycloneDX document that have a version. Left out is what was found inside of archives: no lock file names it, and a test's wheel is nothing that the repository is built from.</summary>
    public static HashSet<string> Of(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.TryGetProperty("components", out var components)
            ? components.EnumerateArray().Where(c => !InArchive(c)).Select(c => c.TryGetProperty("purl", out var p) ? p.GetString() : null).OfType<string>().Where(p => p.LastIndexOf('@') > p.LastIndexOf('/')).Select(Plain).ToHashSet(StringComparer.Ordinal) : [];
    }

    /// <summary>"pkg:npm" of "pkg:npm/name@1".</summary>
    public static string TypeOf(string purl) => purl[..purl.IndexOf('/')];

    /// <summary>Name without version: what a repository's own package is told by.</summary>
    public static string NameOf(string purl) => purl[..purl.LastIndexOf('@')];

    private static bool InArchive(JsonElement component)
    {
        if (!component.TryGetProperty("properties", out var properties)) return false;
        var sources = properties.EnumerateArray().Where(p => p.GetProperty("name").GetString() == "SrcFile").Select(p => p.GetProperty("value").GetString() ?? "").ToList();
        return sources.Count > 0 && sources.All(s => s.EndsWith(".jar", StringComparison.Ordinal) || s.EndsWith("/METADATA", StringComparison.Ordinal));
    }

    /// <summary>Without qualifiers and escapes; names that are the same in any case in small letters.</summary>
    public static string Plain(string purl)
    {
        var bare = Uri.UnescapeDataString(purl.Split('?', '#')[0]);
        // Composer's own comparison drops the v of a tag
        if (bare.StartsWith("pkg:composer/", StringComparison.Ordinal)) return bare.Replace("@v", "@", StringComparison.Ordinal);
        return bare.StartsWith("pkg:github/", StringComparison.Ordinal) || bare.StartsWith("pkg:nuget/", StringComparison.Ordinal) || bare.StartsWith("pkg:pypi/", StringComparison.Ordinal) ? bare.ToLowerInvariant() : bare;
    }
}
