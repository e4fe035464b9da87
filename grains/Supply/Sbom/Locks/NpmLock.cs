using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>package-lock.json and npm-shrinkwrap.json: version 1 nests, versions 2 and 3 list folders.</summary>
internal sealed class NpmLock : ILockReader
{
    private const string Folder = "node_modules/";

    private static readonly string[] Asked = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

    public bool Reads(string path) => TreePaths.NameOf(path) is "package-lock.json" or "npm-shrinkwrap.json";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        Json.Version(root["lockfileVersion"], 1, 3);
        return root["packages"] is JsonObject packages ? Listed(packages) : root["dependencies"] is JsonObject nested ? Nested(nested) : [];
    }

    private static IEnumerable<LockedPackage> Listed(JsonObject packages)
    {
        var own = packages.Where(p => !p.Key.Contains(Folder, StringComparison.Ordinal) && p.Value is JsonObject).ToList();
        var direct = own.SelectMany(p => Names((JsonObject)p.Value!, Asked).Select(n => Nearest(packages, p.Key, n))).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (path, node) in packages)
        {
            var at = path.LastIndexOf(Folder, StringComparison.Ordinal);
            // Workspaces and what is linked into place are the repository's own.
            if (at < 0 || node is not JsonObject package || (bool?)package["link"] == true || package["version"] is null) continue;
            var name = package["name"]?.ToString() ?? path[(at + Folder.Length)..];
            var needs = Names(package, "dependencies", "optionalDependencies").Select(n => Nearest(packages, path, n)).OfType<string>().ToList();
            // devOptional: for development, and for an optional dependency as well, which is shipped where it installs
            yield return new(path, "npm", name, package["version"]!.ToString(), (bool?)package["dev"] == true, needs, (package["license"] as JsonValue)?.ToString(), direct.Count == 0 ? null : direct.Contains(path));
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

    private static IEnumerable<LockedPackage> Nested(JsonObject dependencies)
    {
        var all = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        Collect(dependencies, "", all);
        foreach (var (path, package) in all)
        {
            if (package["version"]?.ToString() is not { Length: > 0 } version) continue;
            // An alias names what it stands for: npm:real@1.0.0.
            var alias = version.StartsWith("npm:", StringComparison.Ordinal) && version.LastIndexOf('@') > 4 ? version[4..] : null;
            if (alias is null && !char.IsAsciiDigit(version[0])) continue;
            var needs = Names(package, "requires").Select(n => Above(all, path, n)).OfType<string>().ToList();
            yield return new(path, "npm", alias?[..alias.LastIndexOf('@')] ?? path[(path.LastIndexOf('|') + 1)..], alias?[(alias.LastIndexOf('@') + 1)..] ?? version, (bool?)package["dev"] == true, needs);
        }
    }

    private static void Collect(JsonObject dependencies, string above, Dictionary<string, JsonObject> all)
    {
        foreach (var (name, node) in dependencies)
        {
            if (node is not JsonObject package) continue;
            all[$"{above}|{name}"] = package;
            if (package["dependencies"] is JsonObject inner) Collect(inner, $"{above}|{name}", all);
        }
    }

    private static string? Above(Dictionary<string, JsonObject> all, string from, string name)
    {
        for (var at = from; ; at = at[..at.LastIndexOf('|')])
        {
            if (all.ContainsKey($"{at}|{name}")) return $"{at}|{name}";
            if (at.Length == 0) return null;
        }
    }

    private static IEnumerable<string> Names(JsonObject package, params string[] fields) => fields.SelectMany(f => package[f] is JsonObject map ? map.Select(p => p.Key) : []);
}

internal static class Json
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonObject Object(string text) => JsonNode.Parse(text, documentOptions: Options) as JsonObject ?? throw new LockException("it holds no JSON object");

    /// <summary>A file of a version that came later may say the same in other words: what is not known is not read at all.</summary>
    public static void Version(JsonNode? said, int least, int most)
    {
        if (said?.ToString().Split('.')[0] is { } text && (!int.TryParse(text, out var version) || version < least || version > most))
            throw new LockException($"its version is {(text.Length > 20 ? text[..20] : text)}; versions {least} to {most} are known");
    }
}
