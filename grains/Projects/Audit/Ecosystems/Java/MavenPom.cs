using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ProdSprint.Projects;

/// <summary>A dependency of a pom with what the poms of the repository say about its version.</summary>
/// <param name="Version">Properties resolved; null when no pom of the repository names one.</param>
/// <param name="Scope">compile when none is given.</param>
/// <param name="File">The pom that names the version.</param>
public sealed record MavenDependency(string Group, string Artifact, string? Version, string Scope, string File)
{
    /// <summary>A range, the newest, or a snapshot: what a build takes changes with what is published.</summary>
    public bool Open => Version is { } v && (v[0] is '[' or '(' && !(v[^1] == ']' && !v.Contains(',')) || v is "LATEST" or "RELEASE" || v.EndsWith("-SNAPSHOT", StringComparison.Ordinal));

    /// <summary>The one version that is meant.</summary>
    public string? Exact => Version is null || Open ? null : Version.Trim('[', ']');
}

/// <summary>Poms as far as the repository goes: parents by their relative path, properties, managed versions, and bills of materials (scope import) that lie here. Profiles are left out.</summary>
public static partial class MavenPom
{
    private const int MostParents = 20, Longest = 300;

    /// <param name="own">group:artifact of the repository's poms, each with its path: a bill of materials may be one of them.</param>
    /// <param name="read">A pom of the repository, or null when there is none or it is broken.</param>
    public static ImmutableArray<MavenDependency> Of(string path, XElement pom, Func<string, XElement?> read, Func<string, string?>? own = null)
    {
        var chain = Chain(path, pom, read);
        var properties = Properties(chain);
        var managed = new Dictionary<string, MavenDependency>(StringComparer.Ordinal);
        Manage(chain, properties, managed, read, own, []);
        var found = new Dictionary<string, MavenDependency>(StringComparer.Ordinal);
        foreach (var (file, xml) in chain)
            foreach (var dependency in Child(xml, "dependencies")?.Elements() ?? [])
            {
                if (Read(dependency, file, properties) is not { } asked) continue;
                var rule = managed.GetValueOrDefault(Key(asked, dependency)) ?? managed.GetValueOrDefault($"{asked.Group}:{asked.Artifact}:");
                var scope = Text(dependency, "scope") ?? rule?.Scope ?? "compile";
                found.TryAdd($"{asked.Group}:{asked.Artifact}", (asked.Version is null && rule is not null ? rule : asked) with { Scope = scope });
            }
        return [.. found.Values];
    }

    /// <summary>group:artifact of a pom itself; the group may be its parent's.</summary>
    public static string? Name(XElement pom) =>
        Text(pom, "artifactId") is { } artifact && (Text(pom, "groupId") ?? (Child(pom, "parent") is { } parent ? Text(parent, "groupId") : null)) is { } group ? $"{group}:{artifact}" : null;

    private static List<(string Path, XElement Xml)> Chain(string path, XElement pom, Func<string, XElement?> read)
    {
        var chain = new List<(string Path, XElement Xml)> { (path, pom) };
        while (chain.Count < MostParents && Child(chain[^1].Xml, "parent") is { } parent)
        {
            // an empty relativePath says: not in the repository
            var relative = Child(parent, "relativePath")?.Value.Trim() ?? "../pom.xml";
            if (relative.Length == 0 || TreePaths.Resolve(TreePaths.DirectoryOf(chain[^1].Path), relative) is not { } at) break;
            if (!at.EndsWith(".xml", StringComparison.Ordinal)) at = TreePaths.Join(at, "pom.xml");
            if (chain.Any(c => c.Path == at) || read(at) is not { } above || Text(above, "artifactId") != Text(parent, "artifactId")) break;
            chain.Add((at, above));
        }
        return chain;
    }

    private static Dictionary<string, string> Properties(List<(string Path, XElement Xml)> chain)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, xml) in Enumerable.Reverse(chain))
            foreach (var property in Child(xml, "properties")?.Elements() ?? []) found[property.Name.LocalName] = property.Value.Trim();
        string? Own(string name) => Text(chain[0].Xml, name) ?? (Child(chain[0].Xml, "parent") is { } parent ? Text(parent, name) : null);
        foreach (var prefix in (ReadOnlySpan<string>)["project.", "pom.", ""])
        {
            if (Own("version") is { } version) found.TryAdd(prefix + "version", version);
            if (Own("groupId") is { } group) found.TryAdd(prefix + "groupId", group);
        }
        if (Child(chain[0].Xml, "parent") is { } above && Text(above, "version") is { } parents) found.TryAdd("project.parent.version", parents);
        return found;
    }

    /// <summary>What is managed nearer wins; a bill of materials counts after what its importer says itself.</summary>
    private static void Manage(List<(string Path, XElement Xml)> chain, Dictionary<string, string> properties, Dictionary<string, MavenDependency> managed, Func<string, XElement?> read, Func<string, string?>? own, HashSet<string> seen)
    {
        var imports = new List<string>();
        foreach (var (file, xml) in chain)
            foreach (var dependency in Child(xml, "dependencyManagement") is { } management ? Child(management, "dependencies")?.Elements() ?? [] : [])
            {
                if (Read(dependency, file, properties) is not { } rule) continue;
                if (Text(dependency, "scope") == "import") { if (own?.Invoke($"{rule.Group}:{rule.Artifact}") is { } bill) imports.Add(bill); }
                else managed.TryAdd(Key(rule, dependency), rule);
            }
        foreach (var import in imports)
            if (seen.Count < MostParents && seen.Add(import) && read(import) is { } bill && Chain(import, bill, read) is var its) Manage(its, Properties(its), managed, read, own, seen);
    }

    private static MavenDependency? Read(XElement dependency, string file, Dictionary<string, string> properties)
    {
        if (Text(dependency, "groupId") is not { } group || Text(dependency, "artifactId") is not { } artifact) return null;
        (group, artifact) = (Resolve(group, properties), Resolve(artifact, properties));
        var version = Text(dependency, "version") is { } written ? Resolve(written, properties) : null;
        return group.Contains("${", StringComparison.Ordinal) || artifact.Contains("${", StringComparison.Ordinal) ? null
            : new(group, artifact, version is null || version.Length == 0 || version.Contains("${", StringComparison.Ordinal) ? null : version, Text(dependency, "scope") ?? "compile", file);
    }

    private static string Resolve(string raw, Dictionary<string, string> properties)
    {
        for (var depth = 0; depth < 8 && raw.Length < Longest && raw.Contains("${", StringComparison.Ordinal); depth++)
            raw = Property().Replace(raw, m => properties.GetValueOrDefault(m.Groups[1].Value) is { Length: < Longest } value ? value : m.Value);
        return raw;
    }

    /// <summary>Maven manages by type and classifier too: a test jar has a rule of its own.</summary>
    private static string Key(MavenDependency d, XElement written) =>
        $"{d.Group}:{d.Artifact}:{(Text(written, "type") is { } type and not "jar" ? type : "")}{Text(written, "classifier")}";

    private static XElement? Child(XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => Child(parent, name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"\$\{([^{}]+)\}")]
    private static partial Regex Property();
}
