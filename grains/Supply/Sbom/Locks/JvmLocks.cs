using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>gradle.lockfile: group:artifact:version=configurations.</summary>
internal sealed class GradleLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) is "gradle.lockfile" or "buildscript-gradle.lockfile";

    public IEnumerable<LockedPackage> Read(string text)
    {
        foreach (var line in text.Split('\n'))
            if (line.Split('=') is [var id, var configurations] && id.Split(':') is [var group, var artifact, var version])
                yield return new(id, "Maven", $"{group}:{artifact}", version, configurations.Split(',').All(c => c.Trim().StartsWith("test", StringComparison.Ordinal)));
    }
}

/// <summary>pom.xml: Maven has no lock file, so only what it names directly with a version of its own is known.</summary>
internal sealed partial class MavenProject : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "pom.xml";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var project = Xml.Load(text);
        string? Value(XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim();
        var properties = project.Elements().Where(e => e.Name.LocalName == "properties").Elements().ToLookup(e => e.Name.LocalName, e => e.Value.Trim());
        var parent = project.Elements().FirstOrDefault(e => e.Name.LocalName == "parent");
        string Resolve(string raw) => Property().Replace(raw, m => m.Groups[1].Value switch
        {
            "project.version" or "version" => Value(project, "version") ?? (parent is null ? null : Value(parent, "version")) ?? m.Value,
            "project.groupId" => Value(project, "groupId") ?? (parent is null ? null : Value(parent, "groupId")) ?? m.Value,
            var name => properties[name].FirstOrDefault() ?? m.Value,
        });
        foreach (var dependency in project.Elements().Where(e => e.Name.LocalName == "dependencies").Elements())
        {
            if (Value(dependency, "groupId") is not { } group || Value(dependency, "artifactId") is not { } artifact || Value(dependency, "version") is not { } version) continue;
            var (g, v) = (Resolve(group), Resolve(version));
            if (!v.Contains("${", StringComparison.Ordinal) && v.Length > 0 && v[0] is not ('[' or '('))
                yield return new($"{g}:{artifact}", "Maven", $"{g}:{artifact}", v, Value(dependency, "scope") == "test");
        }
    }

    [GeneratedRegex(@"\$\{([^}]+)\}")]
    private static partial Regex Property();
}
