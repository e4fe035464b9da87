using System.Collections.Immutable;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>
/// The files of one snapshot as the detectors see them: checked paths, vendored folders left out, looked up by directory and by name,
/// every read bounded. A hostile entry becomes a gap and is otherwise not there.
/// </summary>
public sealed class RepositoryFiles
{
    /// <summary>A manifest larger than this is not read: no hand writes one, and parsing it is what an attacker wants.</summary>
    public const int ManifestLimit = 1 << 20;

    /// <summary>Of a source file only the beginning is searched.</summary>
    public const int SourceLimit = 256 << 10;

    /// <summary>All source text one audit searches; what is beyond is left out and said.</summary>
    public const long SourceBudget = 96L << 20;

    /// <summary>What a repository has at most whose files are kept for a second look.</summary>
    private const long MostKept = 64L << 20;

    public const int MostEntries = 200_000;

    private static readonly HashSet<string> Vendored = new(StringComparer.Ordinal)
    {
        ".git", "node_modules", "bower_components", "vendor", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache", ".pytest_cache", "site-packages",
        ".next", ".nuxt", ".svelte-kit", ".turbo", ".cache", ".idea", ".vs", ".vscode", ".yarn", ".pnpm-store", "target", "coverage", ".terraform", ".prodsprint",
    };

    private readonly IRepositoryTree _tree;
    private readonly GapList _gaps;
    private readonly Dictionary<string, TreeEntry> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TreeEntry>> _byDirectory = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TreeEntry>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly HashSet<string> _built;
    private long _budget = SourceBudget;
    private long _textBudget = SourceBudget;

    /// <summary>What was read once and is kept, because sources are searched for what they use and for credentials; a second look at a commit costs as much as the first. Null: there is too much of it.</summary>
    private readonly Dictionary<string, ReadOnlyMemory<byte>>? _beginnings;

    public RepositoryFiles(IRepositoryTree tree, GapList gaps)
    {
        (_tree, _gaps) = (tree, gaps);
        long bytes = 0;
        int links = 0, submodules = 0;
        var all = tree.Entries.OrderBy(e => e.Path, StringComparer.Ordinal).ToList();
        if (all.Count > MostEntries)
        {
            gaps.Add(GapCodes.TreeTooLarge, GapSeverity.Warning, $"The repository has {all.Count} entries; the first {MostEntries} were audited",
                "Services in the part that was not read are not found.", "Import the service's own repository, or remove generated files from this one");
            all.RemoveRange(MostEntries, all.Count - MostEntries);
        }
        foreach (var link in all.Where(e => e.Kind == TreeEntryKind.SymbolicLink)) _links[link.Path] = link.Target ?? "";
        // bin and obj hold what .NET built; in Rails, Dart or a workspace they are sources
        _built = all.Where(e => TreePaths.ExtensionOf(e.Path) is ".csproj" or ".fsproj" or ".vbproj").SelectMany(e => new[] { TreePaths.Join(TreePaths.DirectoryOf(e.Path), "bin"), TreePaths.Join(TreePaths.DirectoryOf(e.Path), "obj") }).ToHashSet(StringComparer.Ordinal);
        var files = new List<TreeEntry>();
        foreach (var entry in all)
        {
            if (!TreePaths.IsSafe(entry.Path)) { PathGap(entry); continue; }
            if (entry.Kind == TreeEntryKind.SymbolicLink) { links++; CheckLink(entry); continue; }
            if (entry.Kind == TreeEntryKind.Submodule) { submodules++; SubmoduleGap(entry); continue; }
            if (IsVendored(entry.Path) || !_byPath.TryAdd(entry.Path, entry)) continue;
            files.Add(entry);
            bytes += entry.Size;
            Bucket(_byDirectory, TreePaths.DirectoryOf(entry.Path)).Add(entry);
            Bucket(_byName, TreePaths.NameOf(entry.Path)).Add(entry);
        }
        All = [.. files];
        if (tree.Source == AuditSource.Git && bytes <= MostKept) _beginnings = new(files.Count, StringComparer.Ordinal);
        Figures = new(files.Count, bytes, links, submodules);
        Directories = [.. _byDirectory.Keys.Order(StringComparer.Ordinal)];
    }

    public ImmutableArray<TreeEntry> All { get; }

    /// <summary>Directories that hold files, sorted; "." is the root.</summary>
    public ImmutableArray<string> Directories { get; }

    public TreeFigures Figures { get; }

    public bool Has(string directory, string name) => _byPath.ContainsKey(TreePaths.Join(directory, name));

    public bool HasFile(string path) => _byPath.ContainsKey(path);

    public bool IsExecutable(string path) => _byPath.TryGetValue(path, out var entry) && entry.Kind == TreeEntryKind.Executable;

    public bool HasDirectory(string path) => Below(path).Any();

    public IReadOnlyList<TreeEntry> In(string directory) => _byDirectory.GetValueOrDefault(directory) ?? [];

    public IReadOnlyList<TreeEntry> Named(string name) => _byName.GetValueOrDefault(name) ?? [];

    /// <summary>All files below a directory: one run of the sorted list, found by bisection.</summary>
    public IEnumerable<TreeEntry> Below(string directory)
    {
        if (directory == ".") { foreach (var file in All) yield return file; yield break; }
        var prefix = directory + "/";
        int low = 0, high = All.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(All[middle].Path, prefix) < 0) low = middle + 1; else high = middle;
        }
        for (; low < All.Length && All[low].Path.StartsWith(prefix, StringComparison.Ordinal); low++) yield return All[low];
    }

    /// <summary>A manifest's text, or null: not there, binary or too large (the latter two leave a gap).</summary>
    public string? Manifest(string path)
    {
        if (_texts.TryGetValue(path, out var known)) return known;
        if (!_byPath.TryGetValue(path, out var entry)) return null;
        string? text = null;
        if (entry.Size > ManifestLimit)
        {
            _gaps.Add(GapCodes.ManifestTooLarge, GapSeverity.Warning, $"{path} has {entry.Size} bytes",
                $"A manifest of more than {ManifestLimit} bytes is not read.", $"Shorten {path}, or remove it", new(path));
        }
        else if (Decode(_tree.Read(entry, ManifestLimit).Span) is { } decoded) text = decoded;
        else
        {
            _gaps.Add(GapCodes.ManifestBinary, GapSeverity.Blocking, $"{path} is not text",
                "It has bytes that no text file has, so what it says is unknown.", $"Write {path} as UTF-8 text, or remove it", new(path));
        }
        return _texts[path] = text;
    }

    /// <summary>The beginning of a source file, or null when it is binary or the audit has read enough.</summary>
    public string? Source(TreeEntry entry)
    {
        if (_budget <= 0) return null;
        var bytes = Beginning(entry).Span;
        _budget -= bytes.Length;
        return Decode(bytes);
    }

    /// <summary>The beginning of any text file, from a budget of its own; null when it is binary, so large that it is data, or the audit has read enough.</summary>
    public string? Text(TreeEntry entry)
    {
        if (_textBudget <= 0 || entry.Size > ManifestLimit) return null;
        var bytes = Beginning(entry).Span;
        _textBudget -= bytes.Length;
        return Decode(bytes);
    }

    /// <summary>Lock files are large and only looked at in part.</summary>
    public string? Beginning(string path, int limit) => _byPath.TryGetValue(path, out var entry) ? Decode(_tree.Read(entry, limit).Span) : null;

    private ReadOnlyMemory<byte> Beginning(TreeEntry entry)
    {
        if (_beginnings is null) return _tree.Read(entry, SourceLimit);
        return _beginnings.TryGetValue(entry.Path, out var kept) ? kept : _beginnings[entry.Path] = _tree.Read(entry, SourceLimit);
    }

    /// <summary>Which files <see cref="Text"/> is sure to give whole. Others it may give as well.</summary>
    internal static Func<TreeEntry, bool> SearchedWhole(IRepositoryTree tree)
    {
        var (all, bytes) = (0, 0L);
        foreach (var entry in tree.Entries) (all, bytes) = (all + 1, bytes + Math.Min(entry.Size, SourceLimit));
        return all > MostEntries || bytes > SourceBudget ? static _ => false
            : static entry => entry.Size <= SourceLimit && TreePaths.IsSafe(entry.Path) && !entry.Path.Split('/').Any(p => p is "bin" or "obj" || Vendored.Contains(p));
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(bytes[2..]);
        return bytes.IndexOf((byte)0) >= 0 ? null : Encoding.UTF8.GetString(bytes);
    }

    private bool IsVendored(string path)
    {
        if (_built.Count > 0)
            for (var at = path.IndexOf('/'); at > 0; at = path.IndexOf('/', at + 1))
                if (_built.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path.AsSpan(0, at))) return true;
        foreach (var part in path.AsSpan().Split('/'))
            if (Vendored.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path.AsSpan()[part]) && part.End.Value < path.Length) return true;
        return false;
    }

    private void CheckLink(TreeEntry entry)
    {
        if (TreePaths.LinkStaysInside(entry.Path, entry.Target ?? "", _links.GetValueOrDefault)) return;
        _gaps.Add(GapCodes.SymlinkEscape, GapSeverity.Blocking, $"{entry.Path} is a symbolic link out of the repository",
            $"It points to \"{Printable(entry.Target ?? "")}\": a build could read or write files of the machine it runs on.",
            $"Remove the link {entry.Path}, or replace it with the file it stands for", new(entry.Path));
    }

    private void PathGap(TreeEntry entry) => _gaps.Add(GapCodes.PathInvalid, GapSeverity.Blocking, $"\"{Printable(entry.Path)}\" is not a usable path",
        "A path that is absolute, climbs with .., enters .git or has control characters would be written outside the checkout.",
        "Rename or remove this entry in the repository");

    private void SubmoduleGap(TreeEntry entry) => _gaps.Add(GapCodes.SubmoduleIgnored, GapSeverity.Warning, $"{entry.Path} is a git submodule",
        "Submodules are not fetched, so what is in it is neither audited nor built.", $"Copy what the build needs from {entry.Path} into the repository, or import it as a project of its own",
        new(entry.Path));

    private static string Printable(string text) => string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '?' : c));

    private static List<TreeEntry> Bucket(Dictionary<string, List<TreeEntry>> map, string key)
    {
        if (!map.TryGetValue(key, out var list)) map[key] = list = [];
        return list;
    }
}
