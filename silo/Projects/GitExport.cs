namespace ProdSprint.Projects;

/// <summary>
/// Writes a commit's files into a directory without git's own checkout: no filters, no hooks, no attributes. Refused before the first byte is written: a path that
/// would leave the directory, a link that ends outside of it, more bytes than allowed. Links are made last, so that no file is ever written through one.
/// </summary>
public static class GitExport
{
    public static void Write(GitTree tree, string directory, long maxBytes, CancellationToken cancellation)
    {
        directory = Path.GetFullPath(directory);
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()) throw new GitProblem("export.refused", $"{directory} is not empty.");
        Check(tree, maxBytes);
        Directory.CreateDirectory(directory);
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in tree.Entries.Where(e => e.Kind is TreeEntryKind.File or TreeEntryKind.Executable))
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(directory, entry.Path);
            var parent = Path.GetDirectoryName(path)!;
            if (made.Add(parent)) Directory.CreateDirectory(parent);
            var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            if (entry.Kind == TreeEntryKind.Executable) mode |= UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
            using var file = new FileStream(path, options);
            tree.CopyTo(entry, file);
        }
        foreach (var link in tree.Entries.Where(e => e.Kind == TreeEntryKind.SymbolicLink))
        {
            var path = Path.Combine(directory, link.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.CreateSymbolicLink(path, link.Target!);
        }
    }

    private static void Check(GitTree tree, long maxBytes)
    {
        var links = tree.Entries.Where(e => e.Kind == TreeEntryKind.SymbolicLink).ToDictionary(e => e.Path, e => e.Target ?? "", StringComparer.Ordinal);
        long bytes = 0;
        foreach (var entry in tree.Entries)
        {
            if (!TreePaths.IsSafe(entry.Path)) throw new GitProblem("export.refused", "The commit has a path that would be written outside its folder. Remove it from the repository.");
            if (entry.Kind == TreeEntryKind.SymbolicLink && !TreePaths.LinkStaysInside(entry.Path, entry.Target ?? "", links.GetValueOrDefault))
                throw new GitProblem("export.refused", $"{entry.Path} is a symbolic link out of the repository. Replace it with the file it stands for.");
            bytes += entry.Size;
        }
        if (bytes > maxBytes) throw new GitProblem("source.too-large", $"The commit has {bytes >> 20} MiB of files; at most {maxBytes >> 20} MiB are allowed.");
    }
}
