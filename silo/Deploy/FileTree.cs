using System.Runtime.InteropServices;

namespace ProdSprint.Deploy;

/// <summary>Whole directories: measured, copied, deleted. Symbolic links are taken as links and never followed.</summary>
internal static partial class FileTree
{
    private static readonly EnumerationOptions Flat = new() { AttributesToSkip = 0, RecurseSubdirectories = false, IgnoreInaccessible = true };

    /// <summary>Every entry below, depth first, with its path relative to the root. Directories that vanish meanwhile are skipped.</summary>
    public static IEnumerable<(FileSystemInfo Entry, string Path)> Walk(string root)
    {
        var open = new Stack<(DirectoryInfo Directory, string Path)>();
        open.Push((new DirectoryInfo(root), ""));
        while (open.TryPop(out var d))
        {
            FileSystemInfo[] entries;
            try
            {
                entries = d.Directory.GetFileSystemInfos("*", Flat);
            }
            catch (DirectoryNotFoundException)
            {
                continue;
            }
            foreach (var e in entries)
            {
                var path = d.Path.Length == 0 ? e.Name : d.Path + "/" + e.Name;
                yield return (e, path);
                if (e is DirectoryInfo sub && e.LinkTarget is null) open.Push((sub, path));
            }
        }
    }

    public static long Bytes(string root)
    {
        long sum = 0;
        foreach (var (e, _) in Walk(root))
            try
            {
                sum += e is FileInfo { LinkTarget: null } f ? f.Length + 512 : 512; // an inode costs something as well
            }
            catch (FileNotFoundException)
            {
                // Temporary files come and go while a build runs.
            }
        return sum;
    }

    /// <summary>A copy that its owner may write to. Shares blocks where the file system can.</summary>
    public static void Copy(string from, string to, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(to);
        foreach (var (e, path) in Walk(from))
        {
            cancellation.ThrowIfCancellationRequested();
            var target = Path.Combine(to, path);
            if (e.LinkTarget is { } link) File.CreateSymbolicLink(target, link);
            else if (e is DirectoryInfo) Directory.CreateDirectory(target, e.UnixFileMode | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            else if (e is FileInfo && IsRegular(e))
            {
                File.Copy(e.FullName, target);
                File.SetUnixFileMode(target, e.UnixFileMode | UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    public static void MakeReadOnly(string root)
    {
        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        foreach (var (e, _) in Walk(root))
            if (e.LinkTarget is null) e.UnixFileMode &= ~write;
        new DirectoryInfo(root).UnixFileMode &= ~write;
    }

    /// <summary>Deletes a directory with read-only parts; nothing happens when it is not there.</summary>
    public static void Delete(string root)
    {
        if (!Directory.Exists(root)) return;
        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        new DirectoryInfo(root).UnixFileMode |= mine;
        foreach (var (e, _) in Walk(root))
            if (e is DirectoryInfo && e.LinkTarget is null && (e.UnixFileMode & mine) != mine) e.UnixFileMode |= mine;
        Directory.Delete(root, true);
    }

    /// <summary>Sockets, pipes and devices are not content, and opening a pipe to read it would wait for ever. .NET does not tell them from files.</summary>
    public static bool IsRegular(FileSystemInfo e)
    {
        Span<byte> statx = stackalloc byte[256];
        return e is FileInfo && Statx(-100, e.FullName, 0x100, 1, statx) == 0 && (BitConverter.ToUInt16(statx[28..]) & 0xF000) == 0x8000;
    }

    // statx has the same layout on every architecture, stat has not. -100 is AT_FDCWD, 0x100 AT_SYMLINK_NOFOLLOW, 1 STATX_TYPE.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> result);
}
