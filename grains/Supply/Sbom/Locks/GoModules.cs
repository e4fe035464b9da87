using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>go.mod: since Go 1.17 it names every module of the build, indirect ones too. Replacements count as what replaces.</summary>
internal sealed class GoModules : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "go.mod";

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text)
    {
        var (required, replaced) = (new List<(string Name, string Version, bool Direct)>(), new Dictionary<string, (string Name, string Version)>(StringComparer.Ordinal));
        string? block = null;
        foreach (var raw in text.Split('\n'))
        {
            var comment = raw.IndexOf("//", StringComparison.Ordinal);
            var words = (comment < 0 ? raw : raw[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is []) continue;
            if (block is not null && words[0] == ")") { block = null; continue; }
            if (block is null && (words[0].EndsWith('(') || words is [_, "(", ..])) { block = words[0].TrimEnd('('); continue; }
            var (verb, rest) = block is null ? (words[0], words[1..]) : (block, words);
            if (verb == "require" && rest is [var name, var version, ..] && version.StartsWith('v')) required.Add((name.Trim('"'), version, !raw.Contains("// indirect", StringComparison.Ordinal)));
            else if (verb == "replace" && Array.IndexOf(rest, "=>") is > 0 and var arrow && arrow + 1 < rest.Length) replaced[rest[0]] = (rest[arrow + 1], arrow + 2 < rest.Length ? rest[arrow + 2] : "");
        }
        foreach (var (name, version, direct) in required)
        {
            if (!replaced.TryGetValue(name, out var other)) yield return new(name, "Go", name, version, Direct: direct);
            else if (other.Version.Length > 0) yield return new(name, "Go", other.Name, other.Version, Direct: direct); // without a version: a folder of the repository
        }
    }
}
