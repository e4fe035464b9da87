using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>pnpm-lock.yaml of lockfile versions 5 to 9: /name/1.0.0, /name@1.0.0 or name@1.0.0, with peers in brackets.</summary>
internal sealed class PnpmLock : ILockReader
{
    private static readonly string[] Needed = ["dependencies", "optionalDependencies"];

    public bool Reads(string path) => TreePaths.NameOf(path) == "pnpm-lock.yaml";

    /// <summary>From version 11 on pnpm writes what it is installed by itself as a document before the project's.</summary>
    public IEnumerable<LockedPackage> Read(string text) => YamlReader.Documents(text).SelectMany(Document);

    private static IEnumerable<LockedPackage> Document(YamlValue root)
    {
        Json.Version(root["lockfileVersion"]?.Text, 5, 9);
        var old = root["lockfileVersion"]?.Text is { } version && version.StartsWith('5');
        // one project alone stands at the top, several below "importers"
        var projects = root["importers"]?.Fields?.Select(i => i.Value).ToList() ?? [root];
        HashSet<string> Named(params string[] fields) => projects.SelectMany(i => fields.SelectMany(f => i[f]?.Fields ?? []))
            .Select(d => (d.Value["version"] ?? d.Value).Text is { Length: > 0 } v ? Refers(d.Name, v, old) : null).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var packages = root["packages"]?.Fields ?? [];
        // a package stands there once for each set of peers that it is installed with
        var snapshots = (root["snapshots"]?.Fields ?? packages).ToLookup(f => Bare(f.Name), f => f.Value, StringComparer.Ordinal);
        List<string> NeedsOf(string key) => [.. snapshots[key].SelectMany(s => Needed.SelectMany(f => s[f]?.Fields ?? [])).Select(d => d.Value.Text is { Length: > 0 } v ? Refers(d.Name, v, old) : null).OfType<string>().Distinct(StringComparer.Ordinal)];
        var direct = Named("dependencies", "devDependencies", "optionalDependencies", "configDependencies", "packageManagerDependencies");
        // from version 9 on no package says of itself that it is for development
        var development = root["snapshots"] is null ? null : Shipped.ForDevelopment(Named("dependencies", "optionalDependencies"), direct, NeedsOf);
        foreach (var package in packages)
        {
            if (Split(package.Name, old) is not var (name, number)) continue;
            // What comes from a folder, an address or git has its version inside, or none.
            if (!char.IsAsciiDigit(number[0])) { if (package.Value["name"]?.Text is not { } real || package.Value["version"]?.Text is not { } given) continue; (name, number) = (real, given); }
            var key = Bare(package.Name);
            yield return new(key, "npm", name, number, development?.Contains(key) ?? package.Value["dev"]?.Text == "true", NeedsOf(key), Direct: direct.Count == 0 ? null : direct.Contains(key));
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
