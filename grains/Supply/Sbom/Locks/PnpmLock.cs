using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>pnpm-lock.yaml of lockfile versions 5 to 9: /name/1.0.0, /name@1.0.0 or name@1.0.0, with peers in brackets.</summary>
internal sealed class PnpmLock : ILockReader
{
    private static readonly string[] Asked = ["dependencies", "devDependencies", "optionalDependencies"];

    public bool Reads(string path) => TreePaths.NameOf(path) == "pnpm-lock.yaml";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = YamlReader.Parse(text);
        Json.Version(root["lockfileVersion"]?.Text, 5, 9);
        var old = root["lockfileVersion"]?.Text is { } version && version.StartsWith('5');
        // one project alone stands at the top, several below "importers"
        var direct = (root["importers"]?.Fields?.Select(i => i.Value) ?? [root]).SelectMany(i => Asked.SelectMany(f => i[f]?.Fields ?? []))
            .Select(d => (d.Value["version"] ?? d.Value).Text is { Length: > 0 } v ? Refers(d.Name, v, old) : null).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var snapshots = (root["snapshots"]?.Fields ?? []).DistinctBy(f => Bare(f.Name)).ToDictionary(f => Bare(f.Name), f => f.Value, StringComparer.Ordinal);
        foreach (var package in root["packages"]?.Fields ?? [])
        {
            if (Split(package.Name, old) is not var (name, number)) continue;
            // What comes from a folder, an address or git has its version inside, or none.
            if (!char.IsAsciiDigit(number[0])) { if (package.Value["name"]?.Text is not { } real || package.Value["version"]?.Text is not { } given) continue; (name, number) = (real, given); }
            var needs = ((snapshots.GetValueOrDefault(Bare(package.Name)) ?? package.Value)["dependencies"]?.Fields ?? [])
                .Select(d => d.Value.Text is { Length: > 0 } v ? Refers(d.Name, v, old) : null);
            yield return new(Bare(package.Name), "npm", name, number, package.Value["dev"]?.Text == "true", [.. needs.OfType<string>()], Direct: direct.Count == 0 ? null : direct.Contains(Bare(package.Name)));
        }
    }

    private static (string Name, string Version)? Split(string key, bool old)
    {
        key = Bare(key);
        var at = old ? key.LastIndexOf('/') : key.IndexOf('@', 1);
        if (at <= 0 || at == key.Length - 1) return null;
        var version = key[(at + 1)..];
        return (key[..at], old && version.IndexOf('_') is > 0 and var peers ? version[..peers] : version);
    }

    /// <summary>The key of what a project or package names by its version: an alias and what is not from the registry stand there whole.</summary>
    private static string Refers(string name, string version, bool old) => Bare(old ? (version.StartsWith('/') ? version : $"/{name}/{version}") : char.IsAsciiDigit(version[0]) ? $"{name}@{version}" : version);

    private static string Bare(string key) => (key.IndexOf('(') is > 0 and var peers ? key[..peers] : key).TrimStart('/');
}
