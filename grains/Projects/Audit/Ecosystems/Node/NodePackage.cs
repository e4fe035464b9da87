using System.Text.Json;

namespace ProdSprint.Projects;

/// <summary>A package.json with what the detector asks of it.</summary>
public sealed class NodePackage(string path, JsonElement json)
{
    public string Path { get; } = path;
    public string Directory { get; } = TreePaths.DirectoryOf(path);
    public string? Name { get; } = json.Text("name");
    public string? Main { get; } = json.Text("main");
    public string? PackageManager { get; } = json.Text("packageManager");
    public string? Homepage { get; } = json.Text("homepage");
    public IReadOnlyDictionary<string, string> Scripts { get; } = Strings(json, "scripts");
    public IReadOnlyDictionary<string, string> Engines { get; } = Strings(json, "engines");
    /// <summary>Every dependency with the version it asks for.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } =
        new[] { "devDependencies", "optionalDependencies", "dependencies" }.SelectMany(n => Strings(json, n)).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);

    public IReadOnlySet<string> Dependencies { get; } = json.Object("dependencies").Keys().ToHashSet(StringComparer.Ordinal);

    public IReadOnlySet<string> AllDependencies { get; } =
        json.Object("dependencies").Keys().Concat(json.Object("devDependencies").Keys()).Concat(json.Object("optionalDependencies").Keys()).ToHashSet(StringComparer.Ordinal);

    /// <summary>Made to be imported by others, not to be run.</summary>
    public bool IsLibrary { get; } = !(json.TryGetProperty("private", out var p) && p.ValueKind == JsonValueKind.True)
        && new[] { "files", "exports", "types", "typings", "module", "bin", "publishConfig" }.Any(n => json.TryGetProperty(n, out _));

    /// <summary>Glob patterns of workspace members: "workspaces" as a list or as { packages: [] }.</summary>
    public IReadOnlyList<string> Workspaces { get; } = [.. json.Texts("workspaces"), .. json.Object("workspaces")?.Texts("packages") ?? []];

    public string? Script(string name) => Scripts.TryGetValue(name, out var script) && script.Trim().Length > 0 ? script.Trim() : null;

    public bool Needs(string dependency) => AllDependencies.Contains(dependency);

    private static Dictionary<string, string> Strings(JsonElement json, string name) =>
        json.Object(name) is { } found
            ? found.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).GroupBy(p => p.Name).ToDictionary(p => p.Key, p => p.Last().Value.GetString()!)
            : [];
}
