using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>One requirement as pip reads it.</summary>
/// <param name="Name">As it is written; "" for a path or an address that names none.</param>
/// <param name="Version">The one version that fits (==, ===, or a constraint's); null when several do.</param>
/// <param name="Fixed">Every install takes the same: one version, an address of a file or of a commit, a folder of the repository.</param>
/// <param name="File">The file that holds it, which an include may have led to.</param>
public sealed record Requirement(string Name, string? Version, bool Fixed, string File);

/// <summary>Requirements files: what is pinned and what is not, with the files that they include (-r) and the constraints (-c) that pin for them.</summary>
public static partial class Requirements
{
    /// <summary>Files of one chain of includes, and characters of one line, that are looked at.</summary>
    private const int MostFiles = 50, LongestLine = 4096;

    /// <param name="read">The text of a file of the repository, or null when there is none.</param>
    public static ImmutableArray<Requirement> Read(string path, Func<string, string?> read)
    {
        var (found, constraints) = (new List<Requirement>(), new Dictionary<string, Requirement>(StringComparer.Ordinal));
        Read(path, constraint: false, read, found, constraints, []);
        return [.. found.Select(r => !r.Fixed && constraints.TryGetValue(Normal(r.Name), out var pin) ? r with { Version = pin.Version, Fixed = true } : r)];
    }

    /// <summary>One requirement (PEP 508), as pyproject.toml has them.</summary>
    public static Requirement One(string written, string file)
    {
        var bare = written.Split(';')[0].Trim();
        if (Direct().Match(bare) is { Success: true } direct) return new(direct.Groups[1].Value, null, IsFixed(direct.Groups[2].Value), file);
        if (Named().Match(bare) is not { Success: true } named) return new("", null, IsFixed(bare), file);
        var version = named.Groups[2].Value.Split(',').Select(c => Exact().Match(c.Trim())).FirstOrDefault(m => m.Success)?.Groups[1].Value;
        return new(named.Groups[1].Value, version, version is not null, file);
    }

    /// <summary>PEP 503.</summary>
    public static string Normal(string name) => Separators().Replace(name.ToLowerInvariant(), "-");

    private static void Read(string path, bool constraint, Func<string, string?> read, List<Requirement> found, Dictionary<string, Requirement> constraints, HashSet<string> seen)
    {
        if (!seen.Add((constraint ? "-c " : "") + path) || seen.Count > MostFiles || read(path) is not { } text) return;
        foreach (var line in Lines(text))
        {
            if (Include().Match(line) is { Success: true } include)
            {
                var other = TreePaths.Resolve(TreePaths.DirectoryOf(path), include.Groups[2].Value.Trim('"', '\''));
                var pins = constraint || include.Groups[1].Value is "-c" or "--constraint";
                if (other is not null && read(other) is not null) Read(other, pins, read, found, constraints, seen);
                else if (!pins) found.Add(new("", null, false, path)); // what is not in the repository is not known
                continue;
            }
            var written = Editable().Replace(line, "");
            if (written.Length == 0 || written[0] == '-') continue;
            var requirement = One(Options().Replace(written, ""), path);
            // a hash names one file, whatever the address
            if (written.Contains("--hash", StringComparison.Ordinal)) requirement = requirement with { Fixed = true };
            if (!constraint) found.Add(requirement);
            else if (requirement.Fixed && requirement.Name.Length > 0) constraints.TryAdd(Normal(requirement.Name), requirement);
        }
    }

    /// <summary>Lines without comments, those that end with a backslash put together with the next.</summary>
    private static IEnumerable<string> Lines(string text)
    {
        var open = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (line.TrimStart().StartsWith('#')) line = "";
            else if (line.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var comment) line = line[..comment];
            if (line.EndsWith('\\') && open.Length < LongestLine) { open += line[..^1] + " "; continue; }
            line = (open + line).Trim();
            open = "";
            if (line.Length is > 0) yield return line.Length <= LongestLine ? line : line[..LongestLine];
        }
        if (open.Trim() is { Length: > 0 } rest) yield return rest;
    }

    /// <summary>A commit of a version-control address, a file, a folder of the repository.</summary>
    private static bool IsFixed(string address) => Versioned().IsMatch(address) ? Commit().IsMatch(address) : address.Length > 0;

    [GeneratedRegex(@"^(-r|--requirement|-c|--constraint)[\s=]*(\S+)$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Include();

    [GeneratedRegex(@"^(?:-e|--editable)[ \t=]+")]
    private static partial Regex Editable();

    [GeneratedRegex(@"\s--?[a-z].*$", RegexOptions.NonBacktracking)]
    private static partial Regex Options();

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*@\s*(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Direct();

    [GeneratedRegex(@"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:[<>=!~][^)]*)?)\)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"^===?\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Exact();

    [GeneratedRegex("^(?:git|hg|svn|bzr)[+:]")]
    private static partial Regex Versioned();

    [GeneratedRegex("@[0-9a-fA-F]{40}(?:$|[#?&])")]
    private static partial Regex Commit();

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();
}
