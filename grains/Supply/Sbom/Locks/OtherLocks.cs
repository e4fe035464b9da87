using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>Gemfile.lock: four spaces before a gem, six before what it needs.</summary>
internal sealed partial class GemfileLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) is "Gemfile.lock" or "gems.locked";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var (section, name, version) = ("", "", "");
        var direct = Asked(text);
        var needs = new List<string>();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')).Append("END"))
        {
            var gem = Gem().Match(line);
            if (name.Length > 0 && !line.StartsWith("      ", StringComparison.Ordinal))
            {
                yield return new(name, "RubyGems", name, version, Needs: [.. needs], Direct: direct.Count == 0 ? null : direct.Contains(name));
                name = "";
                needs.Clear();
            }
            if (line.Length > 0 && line[0] != ' ') section = line;
            // PATH and GIT are not from the gem server.
            if (section == "GEM" && gem.Success) (name, version) = (gem.Groups[1].Value, gem.Groups[2].Value);
            else if (name.Length > 0 && Need().Match(line) is { Success: true } need) needs.Add(need.Groups[1].Value);
        }
    }

    /// <summary>The section DEPENDENCIES: what the Gemfile asks for, two spaces before each.</summary>
    private static HashSet<string> Asked(string text) =>
        text.Split('\n').Select(l => l.TrimEnd('\r')).SkipWhile(l => l != "DEPENDENCIES").Skip(1).TakeWhile(l => l.StartsWith("  ", StringComparison.Ordinal)).Select(l => l.Trim().Split(' ')[0].TrimEnd('!')).ToHashSet(StringComparer.Ordinal);

    // The platform behind a version (1.2.3-x86_64-linux) is not part of it.
    [GeneratedRegex(@"^ {4}(\S+) \(([^)\s-]+)(?:-[^)]*)?\)$")]
    private static partial Regex Gem();

    [GeneratedRegex(@"^ {6}([^\s(]+)")]
    private static partial Regex Need();
}

internal sealed class ComposerLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "composer.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        foreach (var (section, development) in ((string, bool)[])[("packages", false), ("packages-dev", true)])
            foreach (var package in root[section] as JsonArray ?? [])
                if (package?["name"]?.ToString() is { } name && package["version"]?.ToString() is { Length: > 0 } version)
                    yield return new(name.ToLowerInvariant(), "Packagist", name, version.TrimStart('v'), development, [.. (package["require"] as JsonObject ?? []).Select(r => r.Key.ToLowerInvariant())],
                        package["license"] is JsonArray { Count: > 0 } licences ? string.Join(" OR ", licences) : null);
    }

    public IEnumerable<LockedPackage> Read(LockFile file)
    {
        var direct = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            if (file.Beside("composer.json") is { } text && Json.Object(text) is var root)
                direct.UnionWith(((string[])["require", "require-dev"]).SelectMany(f => root[f] as JsonObject ?? []).Select(r => r.Key));
        }
        catch (Exception e) when (e is JsonException or LockException) { } // told where it is read for itself
        return Read(file.Text).Select(p => direct.Count == 0 ? p : p with { Direct = direct.Contains(p.Name) });
    }
}

/// <summary>Cargo.lock: what has a source is somebody else's.</summary>
internal sealed class CargoLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "Cargo.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var packages = (TomlReader.Parse(text).Values.GetValueOrDefault("package") as List<object> ?? []).OfType<TomlTable>().Where(p => p.Text("name") is not null && p.Text("version") is not null).ToList();
        var direct = packages.Where(p => p.Text("source") is null).SelectMany(p => p.Texts("dependencies")).ToHashSet(StringComparer.Ordinal);
        var single = packages.GroupBy(p => p.Text("name")!).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => $"{g.Key} {g.Single().Text("version")}", StringComparer.Ordinal);
        return packages.Where(p => p.Text("source") is not null).Select(p => new LockedPackage($"{p.Text("name")} {p.Text("version")}", "crates.io", p.Text("name")!, p.Text("version")!,
            Needs: [.. p.Texts("dependencies").Select(d => d.Split(' ') is [var name, var version, ..] ? $"{name} {version}" : single.GetValueOrDefault(d) ?? d)],
            Direct: direct.Count == 0 ? null : direct.Contains(p.Text("name")!) && single.ContainsKey(p.Text("name")!) || direct.Contains($"{p.Text("name")} {p.Text("version")}") || direct.Contains($"{p.Text("name")} {p.Text("version")} ({p.Text("source")})")));
    }
}

internal sealed partial class MixLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "mix.lock";

    public IEnumerable<LockedPackage> Read(string text) => Entry().Matches(text).Select(m => new LockedPackage(m.Groups[1].Value, "Hex", m.Groups[1].Value, m.Groups[2].Value));

    [GeneratedRegex("""\{:hex,\s*:"?([a-z0-9_]+)"?,\s*"([^"]+)",""")]
    private static partial Regex Entry();
}

internal sealed class PubspecLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "pubspec.lock";

    public IEnumerable<LockedPackage> Read(string text) => (YamlReader.Parse(text)["packages"]?.Fields ?? []).Where(p => p.Value["source"]?.Text == "hosted" && p.Value["version"]?.Text is not null)
        .Select(p => new LockedPackage(p.Name, "Pub", p.Name, p.Value["version"]!.Text!, p.Value["dependency"]?.Text == "direct dev", Direct: p.Value["dependency"]?.Text is { } said ? said.StartsWith("direct", StringComparison.Ordinal) : null));
}

/// <summary>Package.resolved of Swift, versions 1 to 3: the name is the repository's address without its scheme.</summary>
internal sealed class SwiftLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "Package.resolved";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        Json.Version(root["version"], 1, 3);
        foreach (var pin in root["pins"] as JsonArray ?? root["object"]?["pins"] as JsonArray ?? [])
            if ((pin?["location"] ?? pin?["repositoryURL"])?.ToString() is { } address && pin!["state"]?["version"]?.ToString() is { } version)
            {
                var name = address[(address.IndexOf("://", StringComparison.Ordinal) is > 0 and var at ? at + 3 : 0)..].Replace(".git", "", StringComparison.Ordinal).TrimEnd('/');
                yield return new(name, "SwiftURL", name, version);
            }
    }
}
