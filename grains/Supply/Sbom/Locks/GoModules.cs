using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>go.mod: since Go 1.17 it names every module of the build, indirect ones too. Replacements count as what replaces.</summary>
internal sealed partial class GoModules : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "go.mod";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var replaced = Replace().Matches(text).ToDictionary(m => m.Groups[1].Value, m => (Name: m.Groups[2].Value, Version: m.Groups[3].Value), StringComparer.Ordinal);
        foreach (Match require in Require().Matches(Blocks().Replace(text, b => string.Join('\n', b.Groups[1].Value.Split('\n').Select(l => "require " + l.Trim())))))
        {
            var (name, version) = (require.Groups[1].Value, require.Groups[2].Value);
            if (replaced.TryGetValue(name, out var other))
            {
                if (other.Version.Length == 0) continue; // a folder of the repository
                (name, version) = other;
            }
            yield return new(name, "Go", name, version);
        }
    }

    [GeneratedRegex(@"^require\s*\(([^)]*)\)", RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^require\s+(\S+)\s+(v\S+)", RegexOptions.Multiline)]
    private static partial Regex Require();

    [GeneratedRegex(@"^(?:replace)?\s+(\S+)(?:\s+v\S+)?\s+=>\s+(\S+)[ \t]*(v\S+)?", RegexOptions.Multiline)]
    private static partial Regex Replace();
}
