using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>
/// build.sbt and project/Dependencies.scala: "group" %% "artifact" % "version", the version also by the name of a value beside it.
/// %% appends Scala's version, so such a line is left out where build.sbt does not say which one it is.
/// </summary>
internal sealed partial class ScalaProject : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "build.sbt" || path == "project/Dependencies.scala" || path.EndsWith("/project/Dependencies.scala", StringComparison.Ordinal);

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file)
    {
        var folder = TreePaths.DirectoryOf(file.Path);
        var build = TreePaths.NameOf(file.Path) == "build.sbt" ? file.Text : file.Files.Text(TreePaths.Join(TreePaths.DirectoryOf(folder), "build.sbt")) ?? "";
        var values = string.Concat(file.Text, "\n", build == file.Text ? file.Files.Text(TreePaths.Join(folder, "project/Dependencies.scala")) : build).Split('\n')
            .Select(l => Value().Match(l)).Where(m => m.Success).DistinctBy(m => m.Groups[1].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);
        var scala = build.Split('\n').Select(l => ScalaVersion().Match(l)).FirstOrDefault(m => m.Success) is { } said
            ? said.Groups[1].Success ? said.Groups[1].Value : values.GetValueOrDefault(Last(said.Groups[2].Value)) : null;
        var suffix = scala?.Split('.') switch { ["3", ..] => "_3", [var major, var minor, ..] => $"_{major}.{minor}", _ => null };
        foreach (var line in file.Text.Split('\n'))
        {
            if (line.TrimStart().StartsWith("//", StringComparison.Ordinal) || line.Contains("addSbtPlugin", StringComparison.Ordinal)) continue;
            foreach (Match m in Module().Matches(line.Length > 4096 ? line[..4096] : line))
            {
                var version = m.Groups[4].Success ? m.Groups[4].Value : values.GetValueOrDefault(Last(m.Groups[5].Value));
                var crossed = m.Groups[2].Value == "%%";
                if (version is null || !char.IsAsciiDigit(version[0]) && version[0] != 'v' || version.EndsWith('+') || crossed && suffix is null) continue;
                var name = $"{m.Groups[1].Value}:{m.Groups[3].Value}{(crossed ? suffix : "")}";
                yield return new($"{name}:{version}", "Maven", name, version, m.Groups[6].Value.Trim('"') is "test" or "Test" or "it,test", Direct: true);
            }
        }
    }

    private static string Last(string dotted) => dotted[(dotted.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"""([\w.-]+)""\s*(%%|%)\s*""([\w.-]+)""\s*%\s*(?:""([\w.+-]+)""|([A-Za-z_][\w.]*))(?:\s*%\s*(""[\w,>-]+""|\w+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Module();

    [GeneratedRegex(@"\bval\s+(\w+)(?:\s*:\s*String)?\s*=\s*""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex(@"\bscalaVersion\s*:=\s*(?:""([\d.]+[\w.-]*)""|([A-Za-z_][\w.]*))", RegexOptions.CultureInvariant)]
    private static partial Regex ScalaVersion();
}

/// <summary>build.sbt.lock, as the plugin sbt-dependency-lock writes it.</summary>
internal sealed class SbtLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "build.sbt.lock";

    public IEnumerable<LockedPackage> Read(string text) => (Json.Object(text)["dependencies"] as JsonArray ?? [])
        .Select(d => (Group: d?["org"]?.ToString(), Name: d?["name"]?.ToString(), Version: d?["version"]?.ToString(), In: (d?["configurations"] as JsonArray ?? []).Select(c => c?.ToString()).ToList()))
        .Where(d => d is { Group.Length: > 0, Name.Length: > 0, Version.Length: > 0 })
        .Select(d => new LockedPackage($"{d.Group}:{d.Name}", "Maven", $"{d.Group}:{d.Name}", d.Version!, d.In.Count > 0 && d.In.All(c => c is "test" or "it")));
}

/// <summary>A version catalogue of Gradle (gradle/libs.versions.toml): libraries, and plugins under the artifact that Gradle takes for them.</summary>
internal sealed class GradleCatalogue : ILockReader
{
    public bool Reads(string path) => path.EndsWith(".versions.toml", StringComparison.Ordinal);

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = TomlReader.Parse(text);
        var versions = root.Table("versions")?.Values ?? [];
        foreach (var entry in root.Table("libraries")?.Values.Values ?? Enumerable.Empty<object>())
        {
            var parts = entry is string whole ? whole.Split(':') : [];
            var table = entry as TomlTable;
            var module = table is null ? (parts.Length == 3 ? $"{parts[0]}:{parts[1]}" : null) : table.Text("module") ?? (table.Text("group") is { } group && table.Text("name") is { } name ? $"{group}:{name}" : null);
            if (module is not null && module.Contains(':') && Version(table?.Values.GetValueOrDefault("version") ?? parts.ElementAtOrDefault(2), versions) is { } version) yield return new($"{module}:{version}", "Maven", module, version, Direct: true);
        }
        foreach (var entry in root.Table("plugins")?.Values.Values ?? Enumerable.Empty<object>())
        {
            var parts = entry is string whole ? whole.Split(':') : [];
            var id = (entry as TomlTable)?.Text("id") ?? parts.FirstOrDefault();
            if (id is { Length: > 0 } && Version((entry as TomlTable)?.Values.GetValueOrDefault("version") ?? parts.ElementAtOrDefault(1), versions) is { } version)
                yield return new($"{id} {version}", "Maven", $"{id}:{id}.gradle.plugin", version, Development: true, Direct: true);
        }
    }

    /// <summary>A text, the name of one, or a table of which strictly, else require, else prefer names it.</summary>
    private static string? Version(object? written, Dictionary<string, object> versions) => written switch
    {
        string text => text.Length > 0 && text.AsSpan().IndexOfAny("+[](),") < 0 && !text.StartsWith("latest.", StringComparison.Ordinal) ? text : null,
        TomlTable table when table.Text("ref") is { } name => versions.GetValueOrDefault(name) is { } named and not TomlTable { Values.Count: 0 } && !(named is TomlTable again && again.Text("ref") is not null) ? Version(named, versions) : null,
        TomlTable table => Version(table.Text("strictly") ?? table.Text("require") ?? table.Text("prefer"), versions),
        _ => null,
    };
}
