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
        var needs = new List<string>();
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')).Append("END"))
        {
            var gem = Gem().Match(line);
            if (name.Length > 0 && !line.StartsWith("      ", StringComparison.Ordinal))
            {
                yield return new(name, "RubyGems", name, version, Needs: [.. needs]);
                name = "";
                needs.Clear();
            }
            if (line.Length > 0 && line[0] != ' ') section = line;
            // PATH and GIT are not from the gem server.
            if (section == "GEM" && gem.Success) (name, version) = (gem.Groups[1].Value, gem.Groups[2].Value);
            else if (name.Length > 0 && Need().Match(line) is { Success: true } need) needs.Add(need.Groups[1].Value);
        }
    }

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
                if (package?["name"]?.ToString() is { } name && package["version"]?.ToString() is { } version)
                    yield return new(name.ToLowerInvariant(), "Packagist", name, version.TrimStart('v'), development, [.. (package["require"] as JsonObject ?? []).Select(r => r.Key.ToLowerInvariant())],
                        package["license"] is JsonArray { Count: > 0 } licences ? string.Join(" OR ", licences) : null);
    }
}

/// <summary>Cargo.lock: what has a source is somebody else's.</summary>
internal sealed class CargoLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "Cargo.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var packages = (TomlReader.Parse(text).Values.GetValueOrDefault("package") as List<object> ?? []).OfType<TomlTable>().Where(p => p.Text("name") is not null && p.Text("version") is not null).ToList();
        var single = packages.GroupBy(p => p.Text("name")!).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => $"{g.Key} {g.Single().Text("version")}", StringComparer.Ordinal);
        return packages.Where(p => p.Text("source") is not null).Select(p => new LockedPackage($"{p.Text("name")} {p.Text("version")}", "crates.io", p.Text("name")!, p.Text("version")!,
            Needs: [.. p.Texts("dependencies").Select(d => d.Split(' ') is [var name, var version, ..] ? $"{name} {version}" : single.GetValueOrDefault(d) ?? d)]));
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
        .Select(p => new LockedPackage(p.Name, "Pub", p.Name, p.Value["version"]!.Text!, p.Value["dependency"]?.Text == "direct dev"));
}

/// <summary>Package.resolved of Swift, versions 1 to 3: the name is the repository's address without its scheme.</summary>
internal sealed class SwiftLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "Package.resolved";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        foreach (var pin in root["pins"] as JsonArray ?? root["object"]?["pins"] as JsonArray ?? [])
            if ((pin?["location"] ?? pin?["repositoryURL"])?.ToString() is { } address && pin!["state"]?["version"]?.ToString() is { } version)
            {
                var name = address[(address.IndexOf("://", StringComparison.Ordinal) is > 0 and var at ? at + 3 : 0)..].Replace(".git", "", StringComparison.Ordinal).TrimEnd('/');
                yield return new(name, "SwiftURL", name, version);
            }
    }
}
