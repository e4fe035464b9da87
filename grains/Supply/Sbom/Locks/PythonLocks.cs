using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>poetry.lock, uv.lock and pdm.lock: [[package]] with name and version.</summary>
internal sealed class TomlPackagesLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) is "poetry.lock" or "uv.lock" or "pdm.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        if (TomlReader.Parse(text).Values.GetValueOrDefault("package") is not List<object> packages) yield break;
        foreach (var package in packages.OfType<TomlTable>())
        {
            // uv lists the project itself, as editable or virtual.
            if (package.Text("name") is not { } name || package.Text("version") is not { } version || package.Table("source") is { } source && (source.Text("editable") ?? source.Text("virtual") ?? source.Text("directory")) is not null) continue;
            var development = package.Text("category") == "dev" || package.Texts("groups").Any() && package.Texts("groups").All(g => g is "dev" or "test" or "docs" or "lint");
            yield return new(Key(name), "PyPI", name, version, development, [.. Needs(package).Select(Key)]);
        }
    }

    private static IEnumerable<string> Needs(TomlTable package) => package.Values.GetValueOrDefault("dependencies") switch
    {
        TomlTable poetry => poetry.Values.Keys,
        List<object> list => list.Select(d => d is TomlTable uv ? uv.Text("name") ?? "" : PythonNames.Of(d.ToString()!)),
        _ => [],
    };

    private static string Key(string name) => PythonNames.Normal(name);
}

/// <summary>Pipfile.lock: default and develop.</summary>
internal sealed class PipfileLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "Pipfile.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        foreach (var (section, development) in ((string, bool)[])[("default", false), ("develop", true)])
            foreach (var (name, node) in root[section] as JsonObject ?? [])
                if (node?["version"]?.ToString() is { } version) yield return new(PythonNames.Normal(name), "PyPI", name, version.TrimStart('='), development);
    }
}

/// <summary>requirements*.txt: only what is pinned with == is a component; the rest is a wish.</summary>
internal sealed partial class RequirementsFile : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path).StartsWith("requirements", StringComparison.Ordinal) && path.EndsWith(".txt", StringComparison.Ordinal);

    public IEnumerable<LockedPackage> Read(string text)
    {
        foreach (Match pin in Pin().Matches(text))
            yield return new(PythonNames.Normal(pin.Groups[1].Value), "PyPI", pin.Groups[1].Value, pin.Groups[2].Value);
    }

    [GeneratedRegex(@"^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*===?[ \t]*([A-Za-z0-9][A-Za-z0-9.!+_-]*)(?=[ \t]*(?:[;#\\]|\r?$|--))", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pin();
}

internal static partial class PythonNames
{
    /// <summary>PEP 503.</summary>
    public static string Normal(string name) => Separators().Replace(name.ToLowerInvariant(), "-");

    /// <summary>The name at the start of a requirement (PEP 508).</summary>
    public static string Of(string requirement) => Name().Match(requirement).Value;

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();

    [GeneratedRegex("^[A-Za-z0-9._-]+")]
    private static partial Regex Name();
}
