using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>yarn.lock: version 1 has a form of its own, later ones are YAML.</summary>
internal sealed class YarnLock : ILockReader
{
    private static readonly string[] Fields = ["dependencies", "devDependencies", "optionalDependencies"];

    public bool Reads(string path) => TreePaths.NameOf(path) == "yarn.lock";

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file) => file.Text.Contains("__metadata:", StringComparison.Ordinal) ? Berry(file.Text) : Classic(file.Text, Asked(file));

    /// <summary>name@range of the package.json beside it; nothing where there is none or it has workspaces, which are not all of it then.</summary>
    private static HashSet<string> Asked(LockFile file)
    {
        try
        {
            if (file.Beside("package.json") is not { } text || Json.Object(text) is not { } root || root["workspaces"] is not null) return [];
            return Fields.SelectMany(f => root[f] as JsonObject ?? []).Select(d => $"{d.Key}@{d.Value}").ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or LockException)
        {
            return [];
        }
    }

    private static IEnumerable<LockedPackage> Classic(string text, HashSet<string> asked)
    {
        var found = new List<(string[] Asked, string Version, string Name, List<string> Needs)>();
        (string[] Asked, string Version, string Name, List<string> Needs) current = default;
        var needs = false;
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] != ' ')
            {
                if (current.Version is not null) found.Add(current);
                current = ([.. line.TrimEnd(':').Split(", ").Select(a => a.Trim('"'))], null!, null!, []);
                current.Name = Real(current.Asked[0]);
                needs = false;
            }
            else if (line.StartsWith("  version ", StringComparison.Ordinal)) current.Version = line[10..].Trim('"');
            else if (!line.StartsWith("    ", StringComparison.Ordinal)) needs = line.Trim() is "dependencies:" or "optionalDependencies:";
            else if (needs && line.Trim() is var entry && (entry[0] == '"' ? entry.IndexOf('"', 1) + 1 : entry.IndexOf(' ')) is > 0 and var space)
                current.Needs?.Add($"{entry[..space].Trim('"')}@{entry[(space + 1)..].Trim().Trim('"')}");
        }
        if (current.Version is not null) found.Add(current);
        var keys = found.SelectMany(f => f.Asked.Select(a => (a, Key: f.Asked[0]))).DistinctBy(x => x.a).ToDictionary(x => x.a, x => x.Key, StringComparer.Ordinal);
        return found.Where(f => !f.Version.StartsWith("0.0.0-use.local", StringComparison.Ordinal))
            .Select(f => new LockedPackage(f.Asked[0], "npm", f.Name, f.Version, Needs: [.. f.Needs.Select(keys.GetValueOrDefault).OfType<string>()], Direct: asked.Count == 0 ? null : f.Asked.Any(asked.Contains)));
    }

    private static IEnumerable<LockedPackage> Berry(string text)
    {
        var entries = YamlReader.Parse(text).Fields ?? [];
        var keys = entries.SelectMany(e => e.Name.Split(", ").Select(a => (a, e.Name))).DistinctBy(x => x.a).ToDictionary(x => x.a, x => x.Name, StringComparer.Ordinal);
        string? Find(YamlField d) => keys.GetValueOrDefault($"{d.Name}@{d.Value.Text}") ?? keys.GetValueOrDefault($"{d.Name}@npm:{d.Value.Text}");
        var direct = entries.Where(e => e.Value["resolution"]?.Text?.Contains("@workspace:", StringComparison.Ordinal) == true).SelectMany(e => e.Value["dependencies"]?.Fields ?? []).Select(Find).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Value["resolution"]?.Text is not { } resolution || entry.Value["version"]?.Text is not { } version) continue;
            var at = resolution.IndexOf('@', 1);
            if (at < 0 || !(resolution[at..].StartsWith("@npm:", StringComparison.Ordinal) || resolution[at..].StartsWith("@patch:", StringComparison.Ordinal))) continue;
            // A patched package is listed beside the one it patches.
            if (resolution[at..].StartsWith("@patch:", StringComparison.Ordinal)) continue;
            var needs = (entry.Value["dependencies"]?.Fields ?? []).Select(Find).OfType<string>();
            yield return new(entry.Name, "npm", resolution[..at], version, Needs: [.. needs], Direct: direct.Count == 0 ? null : direct.Contains(entry.Name));
        }
    }

    /// <summary>The package that is meant: an alias (a@npm:b@^1) names another.</summary>
    private static string Real(string asked)
    {
        var at = asked.IndexOf('@', 1);
        if (at < 0) return asked;
        var range = asked[(at + 1)..];
        return range.StartsWith("npm:", StringComparison.Ordinal) && range.IndexOf('@', 5) is > 0 and var version ? range[4..version] : asked[..at];
    }
}
