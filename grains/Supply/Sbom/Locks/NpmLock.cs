using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>package-lock.json and npm-shrinkwrap.json: version 1 nests, versions 2 and 3 list folders.</summary>
internal sealed class NpmLock : ILockReader
{
    private const string Folder = "node_modules/";

    public bool Reads(string path) => TreePaths.NameOf(path) is "package-lock.json" or "npm-shrinkwrap.json";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        return root["packages"] is JsonObject packages ? Listed(packages) : root["dependencies"] is JsonObject nested ? Nested(nested, "") : [];
    }

    private static IEnumerable<LockedPackage> Listed(JsonObject packages)
    {
        foreach (var (path, node) in packages)
        {
            var at = path.LastIndexOf(Folder, StringComparison.Ordinal);
            // Workspaces and what is linked into place are the repository's own.
            if (at < 0 || node is not JsonObject package || (bool?)package["link"] == true || package["version"] is null) continue;
            var name = package["name"]?.ToString() ?? path[(at + Folder.Length)..];
            var needs = Names(package, "dependencies", "optionalDependencies").Select(n => Nearest(packages, path, n)).OfType<string>().ToList();
            yield return new(path, "npm", name, package["version"]!.ToString(), (bool?)package["dev"] == true || (bool?)package["devOptional"] == true, needs, (package["license"] as JsonValue)?.ToString());
        }
    }

    /// <summary>As Node looks: in its own folder, then in each one above.</summary>
    private static string? Nearest(JsonObject packages, string from, string name)
    {
        for (var at = from; ; at = at[..at.LastIndexOf(Folder, StringComparison.Ordinal)].TrimEnd('/'))
        {
            var path = at.Length == 0 ? Folder + name : $"{at}/{Folder}{name}";
            if (packages.ContainsKey(path)) return path;
            if (!at.Contains(Folder, StringComparison.Ordinal)) return packages.ContainsKey(Folder + name) ? Folder + name : null;
        }
    }

    private static IEnumerable<LockedPackage> Nested(JsonObject dependencies, string above)
    {
        foreach (var (name, node) in dependencies)
        {
            if (node is not JsonObject package || package["version"]?.ToString() is not { } version) continue;
            var path = $"{above}/{name}";
            // An alias names what it stands for: npm:real@1.0.0.
            var alias = version.StartsWith("npm:", StringComparison.Ordinal) ? version[4..] : null;
            if (alias is not null || char.IsAsciiDigit(version[0]))
                yield return new(path, "npm", alias?[..alias.LastIndexOf('@')] ?? name, alias?[(alias.LastIndexOf('@') + 1)..] ?? version, (bool?)package["dev"] == true);
            if (package["dependencies"] is JsonObject inner)
                foreach (var found in Nested(inner, path)) yield return found;
        }
    }

    private static IEnumerable<string> Names(JsonObject package, params string[] fields) => fields.SelectMany(f => package[f] is JsonObject map ? map.Select(p => p.Key) : []);
}

internal static class Json
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonObject Object(string text) => JsonNode.Parse(text, documentOptions: Options) as JsonObject ?? throw new LockException("it holds no JSON object");
}
