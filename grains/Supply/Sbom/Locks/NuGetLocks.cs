using System.Text.Json.Nodes;
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
        foreach (var (_, framework) in Json.Object(text)["dependencies"] as JsonObject ?? [])
            foreach (var (name, node) in framework as JsonObject ?? [])
                if (node?["resolved"]?.ToString() is { } version && node["type"]?.ToString() != "Project")
                    yield return new(name.ToLowerInvariant(), "NuGet", name, version, Needs: [.. (node["dependencies"] as JsonObject ?? []).Select(d => d.Key.ToLowerInvariant())]);
    }
}

/// <summary>A project without a lock file: packages that it names with an exact version. What they need in turn is not known.</summary>
internal sealed class ProjectReferences : ILockReader
{
    public bool Reads(string path) => TreePaths.ExtensionOf(path) is ".csproj" or ".fsproj" or ".vbproj";

    public IEnumerable<LockedPackage> Read(string text) => Xml.Load(text).Descendants().Where(e => e.Name.LocalName == "PackageReference")
        .Select(e => (Name: e.Attribute("Include")?.Value, Version: e.Attribute("Version")?.Value ?? e.Elements().FirstOrDefault(v => v.Name.LocalName == "Version")?.Value.Trim()))
        .Where(p => p.Name is { Length: > 0 } && p.Version is { Length: > 0 } && p.Version.AsSpan().IndexOfAny("*$[(,") < 0)
        .Select(p => new LockedPackage(p.Name!.ToLowerInvariant(), "NuGet", p.Name, p.Version!));
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
