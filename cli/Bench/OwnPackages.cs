using System.Text.Json;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Bench;

/// <summary>The packages that a repository is itself, by their manifests: package URLs without a version.</summary>
public static partial class OwnPackages
{
    public static HashSet<string> Of(IRepositoryTree tree)
    {
        var (files, found) = (new RepositoryFiles(tree, new GapList()), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (manifest, type) in (ReadOnlySpan<(string, string)>)[("package.json", "npm"), ("Cargo.toml", "cargo"), ("pyproject.toml", "pypi")])
            foreach (var file in files.Named(manifest))
                if (files.Manifest(file.Path) is { } text && (type == "npm" ? Json(text) : Named(text)) is { } name) found.Add($"pkg:{type}/{(type == "pypi" ? name.ToLowerInvariant() : name)}");
        return found;
    }

    private static string? Json(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Named(string toml) => Name().Match(toml) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("""^\[(?:package|project|tool\.poetry)\]\s*$[^\[]*?^name\s*=\s*["']([^"']+)["']""", RegexOptions.Multiline)]
    private static partial Regex Name();
}
