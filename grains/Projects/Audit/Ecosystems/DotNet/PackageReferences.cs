using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ProdSprint.Projects;

/// <summary>A package that a project asks for.</summary>
/// <param name="Version">As NuGet takes it when it is one version; null when it floats, is a range, or is not known here.</param>
/// <param name="Open">It floats or is a range: what a restore takes changes with what is published.</param>
/// <param name="File">Which file names the version.</param>
public sealed record PackageReference(string Name, string? Version, bool Open, string File);

/// <summary>
/// What a project file asks for: its own versions, the central ones of Directory.Packages.props with their overrides, and what Directory.Build.props adds.
/// Properties are resolved where one of these files sets them without a condition; nothing is evaluated.
/// </summary>
public static partial class PackageReferences
{
    private const int MostFiles = 32, Longest = 200;

    /// <param name="read">An XML file of the repository, or null when there is none or it is broken.</param>
    public static ImmutableArray<PackageReference> Of(string project, XElement root, Func<string, XElement?> read)
    {
        var folder = TreePaths.DirectoryOf(project);
        var shared = Above(folder, "Directory.Build.props", read).Concat(Above(folder, "Directory.Build.targets", read)).ToList();
        var central = Above(folder, "Directory.Packages.props", read).ToList();
        List<(string Path, XElement Xml)> all = [.. shared, .. central, (project, root)];
        var properties = Properties(all.Select(f => f.Xml));
        var managed = Value(properties, "ManagePackageVersionsCentrally").Equals("true", StringComparison.OrdinalIgnoreCase);
        var versions = central.SelectMany(f => Items(f.Xml, "PackageVersion").Select(v => (v.Name, Version: Field(v.Item, "Version"), f.Path))).Where(v => v.Version is not null)
            .ToLookup(v => v.Name, StringComparer.OrdinalIgnoreCase);
        var found = ImmutableArray.CreateBuilder<PackageReference>();
        foreach (var (path, xml) in all)
        {
            foreach (var (name, item) in Items(xml, "PackageReference").Concat(Items(xml, "GlobalPackageReference")))
            {
                var own = Field(item, "VersionOverride") ?? Field(item, "Version");
                if (own is not null || !managed) found.Add(Make(name, own, path, properties));
                else found.AddRange(versions[name].Select(v => Make(name, v.Version, v.Path, properties)));
            }
        }
        return found.ToImmutable();
    }

    /// <summary>The nearest file of that name in a folder or above, and the next one as long as each imports another of its name.</summary>
    private static IEnumerable<(string Path, XElement Xml)> Above(string folder, string name, Func<string, XElement?> read)
    {
        for (var (at, seen) = (folder, 0); seen < MostFiles; at = TreePaths.DirectoryOf(at), seen++)
        {
            if (read(TreePaths.Join(at, name)) is { } xml)
            {
                yield return (TreePaths.Join(at, name), xml);
                if (!xml.Descendants().Any(e => e.Name.LocalName == "Import" && e.Attribute("Project")?.Value is { } other && other.Contains(name, StringComparison.OrdinalIgnoreCase))) yield break;
            }
            if (at == ".") yield break;
        }
    }

    /// <summary>The last one set without a condition, as MSBuild has it.</summary>
    private static Dictionary<string, string> Properties(IEnumerable<XElement> files)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in files.SelectMany(f => f.Elements()).Where(e => e.Name.LocalName == "PropertyGroup" && e.Attribute("Condition") is null).Elements().Where(e => e.Attribute("Condition") is null))
            found[property.Name.LocalName] = property.Value.Trim();
        return found;
    }

    private static PackageReference Make(string name, string? written, string file, Dictionary<string, string> properties)
    {
        // NuGet takes the lowest version it finds when none is named
        if (written is null) return new(name, null, Open: false, file);
        for (var depth = 0; depth < 5 && written.Length < Longest && written.Contains("$(", StringComparison.Ordinal); depth++)
            written = Property().Replace(written, m => properties.GetValueOrDefault(m.Groups[1].Value) is { Length: < Longest } value ? value : m.Value);
        if (written.Contains("$(", StringComparison.Ordinal) || written.Length is 0 or >= Longest) return new(name, null, Open: false, file);
        if (Exactly().Match(written) is { Success: true } exact) return new(name, exact.Groups[1].Value.Trim(), Open: false, file);
        return written.AsSpan().IndexOfAny("*[](),") >= 0 ? new(name, null, Open: true, file) : new(name, written, Open: false, file);
    }

    private static IEnumerable<(string Name, XElement Item)> Items(XElement root, string kind) => root.Descendants().Where(e => e.Name.LocalName == kind)
        .SelectMany(e => (e.Attribute("Include")?.Value ?? (kind == "PackageVersion" ? e.Attribute("Update")?.Value : null) ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => (n, e)))
        .Where(p => !p.n.Contains('$'));

    private static string? Field(XElement item, string name) =>
        (item.Attribute(name)?.Value ?? item.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value)?.Trim() is { Length: > 0 } value ? value : null;

    private static string Value(Dictionary<string, string> properties, string name) => properties.GetValueOrDefault(name, "");

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Property();

    [GeneratedRegex(@"^\[\s*([^,*\[\]()]+)\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Exactly();
}
