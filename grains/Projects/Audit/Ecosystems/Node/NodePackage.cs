using System.Text.Json;

namespace ProdSprint.Projects;

/// <summary>A package.json with what the detector asks of it.</summary>
public sealed class NodePackage(string path, JsonElement json)
{
    public string Path { get; } = path;
    public string Directory { get; } = TreePaths.DirectoryOf(path);
    public string? Name { get; } = json.Text("name");
    public string? Main { get; } = json.Text("main");
    public string? Module { get; } = json.Text("module");

    /// <summary>"packageManager", else devEngines' in the same form (name@version).</summary>
    public string? PackageManager { get; } = json.Text("packageManager") ?? (Engine(json, "packageManager") is { } e && e.Text("name") is { } name ? e.Text("version") is { } v ? $"{name}@{v.TrimStart('^', '~', '>', '=', ' ')}" : name : null);

    /// <summary>The version of Node that devEngines asks for.</summary>
    public string? Runtime { get; } = Engine(json, "runtime") is { } r && r.Text("name") == "node" ? r.Text("version") : null;

    /// <summary>What Volta pins: exact versions of node and of package managers.</summary>
    public IReadOnlyDictionary<string, string> Volta { get; } = Strings(json, "volta");

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

    /// <summary>Says what a registry is to get of it, so it is a library even where it is run with its sources.</summary>
    public bool IsPublished { get; } = new[] { "files", "exports", "types", "typings", "publishConfig" }.Any(n => json.TryGetProperty(n, out _));

    /// <summary>Glob patterns of workspace members: "workspaces" as a list or as { packages: [] }.</summary>
    public IReadOnlyList<string> Workspaces { get; } = [.. json.Texts("workspaces"), .. json.Object("workspaces")?.Texts("packages") ?? []];

    public string? Script(string name) => Scripts.TryGetValue(name, out var script) && script.Trim().Length > 0 ? script.Trim() : null;

    public bool Needs(string dependency) => AllDependencies.Contains(dependency);

    /// <summary>An entry of devEngines, which may be one or a list of which the first counts.</summary>
    private static JsonElement? Engine(JsonElement json, string name)
    {
        if (json.Object("devEngines") is not { } engines || !engines.TryGetProperty(name, out var found)) return null;
        if (found.ValueKind == JsonValueKind.Array) found = found.EnumerateArray().FirstOrDefault();
        return found.ValueKind == JsonValueKind.Object ? found : null;
    }

    private static Dictionary<string, string> Strings(JsonElement json, string name) =>
        json.Object(name) is { } found
            ? found.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).GroupBy(p => p.Name).ToDictionary(p => p.Key, p => p.Last().Value.GetString()!)
            : [];
}
