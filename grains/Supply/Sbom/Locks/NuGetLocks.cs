using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>packages.lock.json: what each target framework resolved.</summary>
internal sealed class NuGetLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "packages.lock.json";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        Json.Version(root["version"], 1, 3);
        foreach (var (_, framework) in root["dependencies"] as JsonObject ?? [])
            foreach (var (name, node) in framework as JsonObject ?? [])
                if (node?["resolved"]?.ToString() is { } version && node["type"]?.ToString() != "Project")
                    yield return new(name.ToLowerInvariant(), "NuGet", name, version, Needs: [.. (node["dependencies"] as JsonObject ?? []).Select(d => d.Key.ToLowerInvariant())], Direct: node["type"]?.ToString() == "Direct");
    }
}

/// <summary>A project without a lock file: packages with the one version that it, or Directory.Packages.props for it, names. What they need in turn is not known.</summary>
internal sealed class ProjectReferences : ILockReader
{
    public bool Reads(string path) => TreePaths.ExtensionOf(path) is ".csproj" or ".fsproj" or ".vbproj";

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file) => PackageReferences.Of(file.Path, Xml.Load(file.Text), file.Files.Xml)
        .Where(p => p.Version is not null)
        .Select(p => new LockedPackage($"{p.Name.ToLowerInvariant()} {p.Version}", "NuGet", p.Name, p.Version!, Direct: true, File: p.File));
}

/// <summary>packages.config: everything that was installed, what is needed in turn as well.</summary>
internal sealed class PackagesConfig : ILockReader
{
    public bool Reads(string path) => string.Equals(TreePaths.NameOf(path), "packages.config", StringComparison.OrdinalIgnoreCase);

    public IEnumerable<LockedPackage> Read(string text) => Xml.Load(text).Elements().Where(e => e.Name.LocalName == "package")
        .Select(e => (Name: e.Attribute("id")?.Value.Trim(), Version: e.Attribute("version")?.Value.Trim().Trim('[', ']'), Development: e.Attribute("developmentDependency")?.Value))
        .Where(p => p.Name is { Length: > 0 } && p.Version is { Length: > 0 } && p.Version.AsSpan().IndexOfAny("*$(),") < 0)
        .Select(p => new LockedPackage($"{p.Name!.ToLowerInvariant()} {p.Version}", "NuGet", p.Name, p.Version!, string.Equals(p.Development, "true", StringComparison.OrdinalIgnoreCase)));
}

/// <summary>paket.lock: four spaces before a package, six before what it needs; of the sections, NUGET alone is NuGet's.</summary>
internal sealed partial class PaketLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "paket.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var (group, section) = ("", "");
        LockedPackage? current = null;
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd()).Append("END"))
        {
            if (line.StartsWith("      ", StringComparison.Ordinal))
            {
                if (current is not null && Name().Match(line.Trim()) is { Success: true } need) ((List<string>)current.Needs!).Add($"{group} {need.Value.ToLowerInvariant()}");
                continue;
            }
            if (current is not null) yield return current;
            current = null;
            if (line.Length > 0 && line[0] != ' ') (group, section) = line.StartsWith("GROUP ", StringComparison.Ordinal) ? (line[6..].Trim(), "") : (group, line);
            else if (section == "NUGET" && Package().Match(line) is { Success: true } m) current = new($"{group} {m.Groups[1].Value.ToLowerInvariant()}", "NuGet", m.Groups[1].Value, m.Groups[2].Value, Needs: new List<string>());
        }
    }

    [GeneratedRegex(@"^ {4}([\w.-]+) \(([^\s)]+)\)")]
    private static partial Regex Package();

    [GeneratedRegex(@"^[\w.-]+")]
    private static partial Regex Name();
}

internal static class Xml
{
    public static XElement Load(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw new LockException(e.Message);
        }
    }
}
