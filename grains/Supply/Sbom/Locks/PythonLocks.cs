using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>poetry.lock, uv.lock and pdm.lock: [[package]] with name and version.</summary>
internal sealed class TomlPackagesLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) is "poetry.lock" or "uv.lock" or "pdm.lock";

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file)
    {
        var root = TomlReader.Parse(file.Text);
        if (root.Values.GetValueOrDefault("package") is not List<object> packages) yield break;
        var own = packages.OfType<TomlTable>().Where(IsOwn).ToList();
        var direct = (own.Count > 0 ? own.SelectMany(OwnNeeds) : PythonNames.Asked(file)).Select(Key).ToHashSet(StringComparer.Ordinal);
        foreach (var package in packages.OfType<TomlTable>().Except(own))
        {
            if (package.Text("name") is not { } name || package.Text("version") is not { } version) continue;
            var development = package.Text("category") == "dev" || package.Texts("groups").Any() && package.Texts("groups").All(g => g is "dev" or "test" or "docs" or "lint");
            yield return new(Key(name), "PyPI", name, version, development, [.. Needs(package).Select(Key)], Direct: direct.Count == 0 ? null : direct.Contains(Key(name)));
        }
    }

    /// <summary>uv lists the project itself and the members of its workspace.</summary>
    private static bool IsOwn(TomlTable package) => package.Table("source") is { } source && (source.Text("editable") ?? source.Text("virtual") ?? source.Text("directory")) is not null;

    private static IEnumerable<string> OwnNeeds(TomlTable package) => Needs(package)
        .Concat(((string[])["optional-dependencies", "dev-dependencies"]).SelectMany(f => package.Table(f)?.Values.Values ?? Enumerable.Empty<object>()).OfType<List<object>>().SelectMany(l => l.OfType<TomlTable>()).Select(t => t.Text("name") ?? ""));

    private static IEnumerable<string> Needs(TomlTable package) => package.Values.GetValueOrDefault("dependencies") switch
    {
        TomlTable poetry => poetry.Values.Keys,
        List<object> list => list.Select(d => d is TomlTable uv ? uv.Text("name") ?? "" : PythonNames.Of(d.ToString()!)),
        _ => [],
    };

    private static string Key(string name) => Requirements.Normal(name);
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
                if (node?["version"]?.ToString() is { } version) yield return new(Requirements.Normal(name), "PyPI", name, version.TrimStart('='), development);
    }

    public IEnumerable<LockedPackage> Read(LockFile file)
    {
        var direct = PythonNames.Asked(file).Select(Requirements.Normal).ToHashSet(StringComparer.Ordinal);
        return Read(file.Text).Select(p => direct.Count == 0 ? p : p with { Direct = direct.Contains(p.Key) });
    }
}

/// <summary>pylock.toml and pylock.NAME.toml (PEP 751).</summary>
internal sealed class PylockFile : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path).Split('.') is ["pylock", .., "toml"] parts && parts.Length <= 3;

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = TomlReader.Parse(text);
        if (root.Values.GetValueOrDefault("lock-version")?.ToString() is not { } version || version.Split('.')[0] != "1") throw new LockException("its lock-version is not 1");
        // a package whose sources lie in the repository has no version, or one of the project's own
        return (root.Values.GetValueOrDefault("packages") as List<object> ?? []).OfType<TomlTable>().Where(p => p.Text("name") is not null && p.Text("version") is not null && p.Table("directory") is null)
            .Select(p => new LockedPackage(Requirements.Normal(p.Text("name")!), "PyPI", p.Text("name")!, p.Text("version")!,
                Needs: [.. (p.Values.GetValueOrDefault("dependencies") as List<object> ?? []).OfType<TomlTable>().Select(d => Requirements.Normal(d.Text("name") ?? ""))]));
    }
}

internal static partial class PythonNames
{
    /// <summary>What the pyproject.toml or Pipfile beside a lock file asks for; nothing when there is none or it cannot be read, which is told where it is read for itself.</summary>
    public static IEnumerable<string> Asked(LockFile file)
    {
        try
        {
            if (TreePaths.NameOf(file.Path) == "Pipfile.lock") return file.Beside("Pipfile") is { } pipfile && TomlReader.Parse(pipfile) is var pip ? [.. Keys(pip.Table("packages")), .. Keys(pip.Table("dev-packages"))] : [];
            if (file.Beside("pyproject.toml") is not { } text) return [];
            var root = TomlReader.Parse(text);
            return
            [
                .. (root.Table("project")?.Texts("dependencies") ?? []).Select(Of), .. Lists(root.Table("project", "optional-dependencies")).Select(Of), .. Lists(root.Table("dependency-groups")).Select(Of),
                .. Lists(root.Table("tool", "pdm", "dev-dependencies")).Select(Of), .. Keys(root.Table("tool", "poetry", "dependencies")), .. Keys(root.Table("tool", "poetry", "dev-dependencies")),
                .. (root.Table("tool", "poetry", "group")?.Values.Values ?? Enumerable.Empty<object>()).OfType<TomlTable>().SelectMany(g => Keys(g.Table("dependencies"))),
            ];
        }
        catch (TomlException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Keys(TomlTable? table) => table?.Values.Keys ?? Enumerable.Empty<string>();

    private static IEnumerable<string> Lists(TomlTable? groups) => (groups?.Values.Values ?? Enumerable.Empty<object>()).OfType<List<object>>().SelectMany(l => l.OfType<string>());

    /// <summary>The name at the start of a requirement (PEP 508).</summary>
    public static string Of(string requirement) => Name().Match(requirement).Value;

    [GeneratedRegex("^[A-Za-z0-9._-]+")]
    private static partial Regex Name();
}
