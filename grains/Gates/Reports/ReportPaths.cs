using System.Collections.Frozen;

namespace ProdSprint.Gates;

/// <summary>
/// Makes of the paths in a report paths from the repository's root: reports name files by where they lay in the build, from the service's directory, from a source root, or with the module's
/// name before them.
/// </summary>
public sealed class ReportPaths
{
    private readonly FrozenSet<string> _files;
    private readonly string[] _roots;
    private readonly string _directory;
    private readonly ILookup<string, string> _byName;

    /// <param name="files">Of the commit, from its root.</param>
    /// <param name="roots">Where the tree lay, absolute.</param>
    /// <param name="directory">Of the service, from the root; "" or "." for the root itself.</param>
    public ReportPaths(IEnumerable<string> files, IEnumerable<string> roots, string directory)
    {
        _files = files.ToFrozenSet(StringComparer.Ordinal);
        _roots = [.. roots.Select(r => r.TrimEnd('/') + "/")];
        _directory = directory is "" or "." ? "" : directory.Trim('/') + "/";
        _byName = _files.ToLookup(f => f[(f.LastIndexOf('/') + 1)..], StringComparer.Ordinal);
    }

    public string Local(string path)
    {
        foreach (var root in _roots)
        {
            var at = path.IndexOf(root, StringComparison.Ordinal);
            // also within a suite's name that begins with a file
            if (at >= 0) path = path.Remove(at, root.Length);
        }
        if (_files.Contains(path)) return path;
        var plain = path.Replace('\\', '/');
        while (plain.StartsWith("./", StringComparison.Ordinal)) plain = plain[2..];
        if (_files.Contains(_directory + plain)) return _directory + plain;
        if (_files.Contains(plain)) return plain;
        return Longest(plain) ?? path;
    }

    /// <summary>The one file that shares the most of the path's end; null when none does, or two as much.</summary>
    private string? Longest(string path)
    {
        var (best, length, twice) = ((string?)null, 0, false);
        foreach (var file in _byName[path[(path.LastIndexOf('/') + 1)..]])
        {
            var shared = Shared(path, file);
            if (shared > length) (best, length, twice) = (file, shared, false);
            else if (shared == length) twice = true;
        }
        return twice ? null : best;
    }

    /// <summary>How many whole segments they have in common at their ends.</summary>
    private static int Shared(string a, string b)
    {
        var (x, y) = (a.Split('/'), b.Split('/'));
        var n = 0;
        while (n < x.Length && n < y.Length && x[^(n + 1)] == y[^(n + 1)]) n++;
        return n;
    }
}
