using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>A directory as it lies on the disk. Links are listed and never followed; .git and installed packages are left out.</summary>
public sealed class CheckoutTree : IRepositoryTree
{
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal) { ".git", "node_modules", ".venv", "venv", "__pycache__" };

    private readonly string _root;

    public CheckoutTree(string root)
    {
        _root = Path.GetFullPath(root);
        var entries = ImmutableArray.CreateBuilder<TreeEntry>();
        Walk(new DirectoryInfo(_root), "", entries);
        entries.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        Entries = entries.ToImmutable();
    }

    public AuditSource Source => AuditSource.Directory;

    public string Commit => "";

    public ImmutableArray<TreeEntry> Entries { get; }

    public ReadOnlyMemory<byte> Read(TreeEntry entry, int limit)
    {
        var path = Path.Combine(_root, entry.Path);
        try
        {
            // a pipe, a socket or a device has length 0, and opening one could wait for ever; a link may lead out
            var info = new FileInfo(path);
            if (!info.Exists || info.LinkTarget is not null || info.Length == 0) return default;
            using var stream = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            var bytes = new byte[Math.Min(limit, stream.Length)];
            return bytes.AsMemory(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return default; }
    }

    private static void Walk(DirectoryInfo directory, string prefix, ImmutableArray<TreeEntry>.Builder entries)
    {
        FileSystemInfo[] children;
        try { children = directory.GetFileSystemInfos(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return; }
        // bin and obj are what .NET builds beside its project; a Rails or PHP repository keeps its programs there
        var built = children.Any(c => Path.GetExtension(c.Name) is ".csproj" or ".fsproj" or ".vbproj");
        foreach (var child in children)
        {
            if (entries.Count > RepositoryFiles.MostEntries) return;
            var path = prefix + child.Name;
            if (child.LinkTarget is { } target) entries.Add(new(path, 0, TreeEntryKind.SymbolicLink, target));
            else if (child is DirectoryInfo folder) { if (!LeftOut.Contains(child.Name) && !(built && (child.Name is "bin" or "obj"))) Walk(folder, path + "/", entries); }
            else if (child is FileInfo file)
                entries.Add(new(path, file.Length, (file.UnixFileMode & UnixFileMode.UserExecute) != 0 ? TreeEntryKind.Executable : TreeEntryKind.File));
        }
    }
}
