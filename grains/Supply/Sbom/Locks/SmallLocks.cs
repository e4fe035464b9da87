using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>manifest.toml of Gleam, whose packages are Hex'.</summary>
internal sealed class GleamManifest : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "manifest.toml";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = TomlReader.Parse(text);
        var asked = root.Table("requirements")?.Values.Keys.ToHashSet(StringComparer.Ordinal);
        return (root.Values.GetValueOrDefault("packages") as List<object> ?? []).OfType<TomlTable>().Where(p => p.Text("source") == "hex" && p.Text("name") is not null && p.Text("version") is not null)
            .Select(p => new LockedPackage(p.Text("name")!, "Hex", p.Text("name")!, p.Text("version")!, Needs: [.. p.Texts("requirements")], Direct: asked?.Contains(p.Text("name")!)));
    }

    /// <summary>Others have a file of this name, too.</summary>
    public IEnumerable<LockedPackage> Read(LockFile file) => file.Beside("gleam.toml") is null ? [] : Read(file.Text);
}

/// <summary>shard.lock of Crystal: there is no registry, each shard is a repository.</summary>
internal sealed class ShardLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "shard.lock";

    public IEnumerable<LockedPackage> Read(string text) => (YamlReader.Parse(text)["shards"]?.Fields ?? [])
        .Select(s => (s.Name, Version: s.Value["version"]?.Text?.Split("+git.")[0], Address: s.Value["git"]?.Text ?? (s.Value["github"]?.Text is { } hub ? $"https://github.com/{hub}" : s.Value["gitlab"]?.Text is { } lab ? $"https://gitlab.com/{lab}" : null)))
        .Where(s => s.Version is { Length: > 0 } && s.Address is not null)
        .Select(s => Repositories.At(s.Address!) is { } github ? new LockedPackage(s.Name, "GitHub", github, s.Version!) : new LockedPackage(s.Name, "generic", s.Name, s.Version!));
}

internal static partial class Repositories
{
    /// <summary>owner/repository of an address at GitHub, in small letters as package URLs have it; null for another place.</summary>
    public static string? At(string address) => GitHub().Match(address) is { Success: true } m ? $"{m.Groups[1].Value}/{m.Groups[2].Value}".ToLowerInvariant() : null;

    [GeneratedRegex(@"github\.com[/:]([\w.-]+)/([\w-]+(?:\.[\w-]+)*?)(?:\.git)?(?:[/?#]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex GitHub();
}

/// <summary>stack.yaml.lock: what the project takes besides its snapshot. What the snapshot holds is in a file of Stackage's.</summary>
internal sealed partial class StackLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "stack.yaml.lock";

    public IEnumerable<LockedPackage> Read(string text) => (YamlReader.Parse(text)["packages"]?.Items ?? [])
        .Select(p => Hackage().Match(p["completed"]?["hackage"]?.Text ?? "")).Where(m => m.Success)
        .Select(m => new LockedPackage(m.Groups[1].Value, "Hackage", m.Groups[1].Value, m.Groups[2].Value, Direct: true));

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9-]*)-([0-9]+(?:\.[0-9]+)*)(?:@|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Hackage();
}

/// <summary>cabal.project.freeze: any.name ==version, with flags between.</summary>
internal sealed partial class CabalFreeze : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "cabal.project.freeze";

    public IEnumerable<LockedPackage> Read(string text) => text.Split('\n', ',').Select(l => Constraint().Match(l)).Where(m => m.Success)
        .Select(m => new LockedPackage(m.Groups[1].Value, "Hackage", m.Groups[1].Value, m.Groups[2].Value));

    [GeneratedRegex(@"^\s*(?:constraints:)?\s*(?:any\.|setup\.)?([A-Za-z0-9][A-Za-z0-9-]*)\s*==\s*([0-9]+(?:\.[0-9]+)*)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Constraint();
}

/// <summary>build.zig.zon: each dependency has an address and the hash of what lies there.</summary>
internal sealed partial class ZigPackage : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "build.zig.zon";

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text)
    {
        foreach (Match entry in Entry().Matches(string.Join('\n', text.Split('\n').Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)))))
        {
            if (Address().Match(entry.Groups[2].Value) is not { Success: true } address) continue;
            var (name, url) = (entry.Groups[1].Value.Trim('@', '"'), address.Groups[1].Value);
            var at = Archive().Match(url) is { Success: true } archive ? archive.Groups[1].Value : url.IndexOf('#') is > 0 and var hash && hash + 1 < url.Length ? url[(hash + 1)..] : null;
            if (Repositories.At(url) is { } github && at is not null) yield return new(name, "GitHub", github, at, Direct: true);
            else if (Hash().Match(entry.Groups[2].Value) is { Success: true } sum) yield return new(name, "generic", name, sum.Groups[1].Value, Direct: true);
        }
    }

    [GeneratedRegex(@"\.(@""[^""\n]+""|\w+)\s*=\s*\.\{([^{}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.url\s*=\s*""([^""\n]+)""")]
    private static partial Regex Address();

    [GeneratedRegex(@"\.hash\s*=\s*""([^""\n]+)""")]
    private static partial Regex Hash();

    [GeneratedRegex(@"/archive/(?:refs/tags/|refs/heads/)?([^/?#]+?)\.(?:tar\.gz|tar\.xz|zip)$")]
    private static partial Regex Archive();
}

/// <summary>conan.lock: a graph before Conan 2, lists of name/version@user/channel#revision since.</summary>
internal sealed class ConanLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "conan.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        if ((root["graph_lock"] as JsonObject)?["nodes"] is JsonObject nodes)
        {
            // node 0 is the project itself
            var own = nodes.Where(n => Reference(n.Value?["ref"]?.ToString()) is null || n.Key == "0" && n.Value?["path"] is not null).ToList();
            var direct = own.SelectMany(n => Keys(n.Value, "requires", "build_requires")).ToHashSet(StringComparer.Ordinal);
            foreach (var (key, node) in nodes.Except(own))
                yield return new(key, "ConanCenter", Reference(node?["ref"]?.ToString())!.Value.Name, Reference(node?["ref"]?.ToString())!.Value.Version, Needs: [.. Keys(node, "requires", "build_requires")], Direct: direct.Count == 0 ? null : direct.Contains(key));
            yield break;
        }
        if (root["requires"] is null && root["build_requires"] is null) throw new LockException("it has neither a graph nor requires");
        foreach (var (section, development) in ((string, bool)[])[("requires", false), ("build_requires", true)])
            foreach (var reference in Keys(root, section))
                if (Reference(reference) is var (name, version)) yield return new(reference, "ConanCenter", name, version, development);
    }

    private static (string Name, string Version)? Reference(string? reference) =>
        reference?.Split('#', '%', '@')[0].Split('/') is [{ Length: > 0 } name, { Length: > 0 } version] ? (name, version) : null;

    private static IEnumerable<string> Keys(JsonNode? node, params string[] fields) => fields.SelectMany(f => (node?[f] as JsonArray ?? []).Select(n => n?.ToString() ?? ""));
}
