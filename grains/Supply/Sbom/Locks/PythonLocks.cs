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
        var others = packages.OfType<TomlTable>().Except(own).ToList();
        var direct = (own.Count > 0 ? own.SelectMany(OwnNeeds) : PythonNames.Asked(file)).Select(Key).ToHashSet(StringComparer.Ordinal);
        var unmarked = own.Count > 0 ? UvDevelopment(packages) : others.All(p => p.Text("category") is null && !p.Texts("groups").Any()) ? AskedDevelopment(file, others) : null;
        var forDevelopment = TreePaths.NameOf(file.Path) == "pdm.lock" ? PythonNames.DevelopmentGroups(file) : null;
        foreach (var package in others)
        {
            if (package.Text("name") is not { } name || package.Text("version") is not { } version) continue;
            // Poetry installs its other groups for whoever develops; PDM's are optional parts of the program as well
            var groups = package.Texts("groups").ToList();
            var development = unmarked?.Contains(Key(name)) ?? (package.Text("category") == "dev" || groups.Count > 0 && groups.All(g => forDevelopment is null ? g != "main" : forDevelopment.Contains(g)));
            yield return new(Key(name), "PyPI", name, version, development, [.. Needs(package).Select(Key)], Direct: direct.Count == 0 ? null : direct.Contains(Key(name)));
        }
    }

    /// <summary>uv lists the project itself and the members of its workspace.</summary>
    private static bool IsOwn(TomlTable package) => package.Table("source") is { } source && (source.Text("editable") ?? source.Text("virtual") ?? source.Text("directory")) is not null;

    private static IEnumerable<string> OwnNeeds(TomlTable package) => Needs(package)
        .Concat(((string[])["optional-dependencies", "dev-dependencies"]).SelectMany(f => package.Table(f)?.Values.Values ?? Enumerable.Empty<object>()).OfType<List<object>>().SelectMany(l => l.OfType<TomlTable>()).Select(t => t.Text("name") ?? ""));

    /// <summary>What only the projects' dependency groups need. An extra counts where it is asked for: "name[extra]" stands for what it adds.</summary>
    private static HashSet<string> UvDevelopment(List<object> packages)
    {
        var needs = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var (projects, groups) = (new List<string>(), new List<string>());
        void Add(string from, object? list)
        {
            if (!needs.TryGetValue(from, out var to)) needs[from] = to = [];
            to.AddRange(Named(list));
        }
        foreach (var package in packages.OfType<TomlTable>())
        {
            var name = Key(package.Text("name") ?? "");
            Add(name, package.Values.GetValueOrDefault("dependencies"));
            foreach (var (extra, list) in package.Table("optional-dependencies")?.Values ?? []) Add(IsOwn(package) ? name : $"{name}[{extra}]", list);
            if (!IsOwn(package)) continue;
            projects.Add(name);
            groups.AddRange((package.Table("dev-dependencies")?.Values.Values ?? Enumerable.Empty<object>()).SelectMany(Named));
        }
        return Shipped.ForDevelopment(projects, groups, n => needs.GetValueOrDefault(n) ?? []);
    }

    private static IEnumerable<string> Named(object? list) =>
        (list as List<object> ?? []).OfType<TomlTable>().SelectMany(need => need.Texts("extra").Select(e => $"{Key(need.Text("name") ?? "")}[{e}]").Prepend(Key(need.Text("name") ?? "")));

    /// <summary>Poetry 1.5 to 1.8 wrote neither category nor group; pyproject.toml beside says what is asked for. Null where it does not.</summary>
    private static HashSet<string>? AskedDevelopment(LockFile file, List<TomlTable> packages)
    {
        if (PythonNames.AskedToShip(file).Select(Key).ToList() is not { Count: > 0 } asked) return null;
        var needs = packages.ToLookup(p => Key(p.Text("name") ?? ""), StringComparer.Ordinal);
        return Shipped.ForDevelopment(asked, PythonNames.Asked(file).Select(Key), n => needs[n].SelectMany(Needs).Select(Key));
    }

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

    /// <summary>Of these what is not for development; an empty list where nothing says so.</summary>
    public static IEnumerable<string> AskedToShip(LockFile file) => Pyproject(file) is not { } root ? [] :
        [.. (root.Table("project")?.Texts("dependencies") ?? []).Select(Of), .. Lists(root.Table("project", "optional-dependencies")).Select(Of), .. Keys(root.Table("tool", "poetry", "dependencies"))];

    /// <summary>The groups of pyproject.toml that are for development, by name.</summary>
    public static HashSet<string> DevelopmentGroups(LockFile file) =>
        Pyproject(file) is { } root ? [.. Keys(root.Table("dependency-groups")), .. Keys(root.Table("tool", "pdm", "dev-dependencies"))] : ["dev", "test", "docs", "lint"];

    private static TomlTable? Pyproject(LockFile file)
    {
        try { return file.Beside("pyproject.toml") is { } text ? TomlReader.Parse(text) : null; }
        catch (TomlException) { return null; }
    }

    private static IEnumerable<string> Keys(TomlTable? table) => table?.Values.Keys ?? Enumerable.Empty<string>();

    private static IEnumerable<string> Lists(TomlTable? groups) => (groups?.Values.Values ?? Enumerable.Empty<object>()).OfType<List<object>>().SelectMany(l => l.OfType<string>());

    /// <summary>The name at the start of a requirement (PEP 508).</summary>
    public static string Of(string requirement) => Name().Match(requirement).Value;

    [GeneratedRegex("^[A-Za-z0-9._-]+")]
    private static partial Regex Name();
}
