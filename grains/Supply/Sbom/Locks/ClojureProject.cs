using System.Text;
using System.Text.RegularExpressions;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>deps.edn and project.clj: packages of Maven repositories, with the one version that each names.</summary>
internal sealed partial class ClojureProject : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) is "deps.edn" or "project.clj";

    public bool Locks => false;

    public IEnumerable<LockedPackage> Read(string text) => throw new NotSupportedException();

    public IEnumerable<LockedPackage> Read(LockFile file)
    {
        var pattern = TreePaths.NameOf(file.Path) == "deps.edn" ? Edn() : Leiningen();
        foreach (Match m in pattern.Matches(WithoutComments(file.Text)))
        {
            var (symbol, version) = (m.Groups[1].Value, m.Groups[2].Value);
            if (!char.IsAsciiDigit(version[0]) && version[0] != 'v') continue; // RELEASE, LATEST, a range
            // a name without a group is its own group
            var name = symbol.Contains('/') ? symbol.Replace('/', ':') : $"{symbol}:{symbol}";
            yield return new($"{name}:{version}", "Maven", name.Split('$')[0], version, Direct: true, Registry: "Clojars");
        }
    }

    private static string WithoutComments(string text)
    {
        var kept = new StringBuilder(text.Length);
        var (quoted, comment) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n') comment = false;
            if (comment) continue;
            if (quoted && c == '\\' && i + 1 < text.Length) { kept.Append(c).Append(text[++i]); continue; }
            if (c == '"') quoted = !quoted;
            if (c == ';' && !quoted) { comment = true; continue; }
            kept.Append(c);
        }
        return kept.ToString();
    }

    [GeneratedRegex(@"([A-Za-z][\w.*+!?$-]*(?:/[\w.*+!?$-]+)?)\s*\{[^{}""]*:mvn/version\s+""([^""\s]+)""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Edn();

    [GeneratedRegex(@"\[\s*([A-Za-z][\w.*+!?$-]*(?:/[\w.*+!?$-]+)?)\s+""([^""\s]+)""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Leiningen();
}
