using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ProdSprint.Deploy;

/// <summary>
/// Writes the files of a commit into a fresh directory, read from git's object store blob by blob: no work tree, no filter, no hook, no attribute of
/// the repository has a say. Whatever could lead out of the directory is refused before anything is written.
/// </summary>
internal static class Checkout
{
    /// <param name="Submodules">Left out; paths.</param>
    public sealed record Result(int Files, long Bytes, IReadOnlyList<string> Submodules);

    private sealed record Entry(string Mode, string Object, string Path);

    /// <param name="gitDirectory">A bare repository or a <c>.git</c> directory.</param>
    /// <param name="commit">A full object name.</param>
    /// <param name="limitBytes">Refused when the files come to more.</param>
    public static async Task<Result> ExportAsync(string gitDirectory, string commit, string directory, long limitBytes, CancellationToken cancellation)
    {
        if (commit.Length is not (40 or 64) || !commit.All(char.IsAsciiHexDigit))
            throw new DeployException($"'{commit}' is not a full commit hash. Release a branch, tag or commit that the project has: prodsprint release --ref REF.");
        var entries = await ListAsync(gitDirectory, commit, cancellation);
        CheckPaths(entries);
        Directory.CreateDirectory(directory);
        using var git = Git(gitDirectory, ["cat-file", "--batch"], input: true);
        long bytes = 0;
        var files = 0;
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var e in entries)
            {
                if (e.Mode == "160000") continue;
                await git.StandardInput.WriteAsync($"{e.Object}\n".AsMemory(), cancellation);
                await git.StandardInput.FlushAsync(cancellation);
                var size = await HeaderAsync(git.StandardOutput.BaseStream, e, cancellation);
                bytes += size;
                if (bytes > limitBytes)
                    throw new DeployException($"The files of commit {commit[..12]} come to more than {limitBytes >> 20} MiB (at {e.Path}). Raise the build's disk limit, or take large files out of the repository.");
                if (e.Mode == "120000")
                {
                    links[e.Path] = await TextAsync(git.StandardOutput.BaseStream, (int)Math.Min(size, 65536), cancellation);
                    continue;
                }
                var target = Path.Combine(directory, e.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
                    await CopyAsync(git.StandardOutput.BaseStream, file, size, cancellation);
                if (e.Mode == "100755")
                    File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
                files++;
            }
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            throw new DeployException("The disk is full: the checkout was taken away again. Free some space, then retry.", retry: true, e);
        }
        finally
        {
            try { git.Kill(); } catch (InvalidOperationException) { /* it has ended */ }
        }
        // Last, when no file can be written through them any more.
        SymbolicLinks.Check(links);
        foreach (var (path, link) in links)
        {
            var target = Path.Combine(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, link);
        }
        return new(files, bytes, [.. entries.Where(e => e.Mode == "160000").Select(e => e.Path)]);
    }

    public static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is 28 or 122; // ENOSPC, EDQUOT

    private static async Task<List<Entry>> ListAsync(string gitDirectory, string commit, CancellationToken cancellation)
    {
        using var git = Git(gitDirectory, ["ls-tree", "-r", "-z", "--full-tree", commit], input: false);
        var listing = git.StandardOutput.ReadToEndAsync(cancellation);
        var errors = git.StandardError.ReadToEndAsync(cancellation);
        var text = await listing;
        await git.WaitForExitAsync(cancellation);
        if (git.ExitCode != 0)
            throw new DeployException($"The commit {commit[..12]} cannot be read from the project's repository: {(await errors).Trim()}. Import the project again.");
        var entries = new List<Entry>();
        foreach (var line in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t');
            var f = line[..tab].Split(' ');
            entries.Add(new(f[0], f[2], line[(tab + 1)..]));
        }
        return entries;
    }

    /// <summary>git itself refuses such trees when it checks them out; a repository made by hand can hold them all the same.</summary>
    private static void CheckPaths(List<Entry> entries)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in entries)
        {
            var bad = e.Path.Length == 0 || e.Path[0] == '/' || e.Path.Contains('\0') || e.Path.Contains('\uFFFD')
                || e.Path.Split('/').Any(s => s is "" or "." or ".." || s.Equals(".git", StringComparison.OrdinalIgnoreCase));
            if (bad) throw new DeployException($"The repository holds the path '{e.Path}', which would not stay inside the checkout. Remove it from the repository.");
            if (!files.Add(e.Path)) throw new DeployException($"The repository holds '{e.Path}' twice. Repair it: git fsck.");
        }
        foreach (var e in entries)
            for (var slash = e.Path.LastIndexOf('/'); slash > 0; slash = e.Path.LastIndexOf('/', slash - 1))
                if (files.Contains(e.Path[..slash]))
                    throw new DeployException($"The repository holds '{e.Path[..slash]}' as a file and as a directory. Repair it: git fsck.");
    }

    private static async Task<long> HeaderAsync(Stream from, Entry e, CancellationToken cancellation)
    {
        var header = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            if (await from.ReadAsync(one, cancellation) == 0) throw new DeployException($"git ended while it read {e.Path}. Retry; if it happens again: git fsck.", retry: true);
            if (one[0] == '\n') break;
            header.Append((char)one[0]);
        }
        if (header.Length == 0) return await HeaderAsync(from, e, cancellation); // the line end after the last blob
        var f = header.ToString().Split(' ');
        if (f.Length != 3 || f[1] != "blob") throw new DeployException($"The repository lacks the content of {e.Path} ({header}). Import the project again.");
        return long.Parse(f[2], CultureInfo.InvariantCulture);
    }

    private static async Task<string> TextAsync(Stream from, int size, CancellationToken cancellation)
    {
        var bytes = new byte[size];
        await from.ReadExactlyAsync(bytes, cancellation);
        return Encoding.UTF8.GetString(bytes);
    }

    private static async Task CopyAsync(Stream from, Stream to, long size, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            while (size > 0)
            {
                var n = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(size, buffer.Length)), cancellation);
                if (n == 0) throw new DeployException("git ended in the middle of a file. Retry; if it happens again: git fsck.", retry: true);
                await to.WriteAsync(buffer.AsMemory(0, n), cancellation);
                size -= n;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Process Git(string gitDirectory, string[] arguments, bool input)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardInput = input, RedirectStandardOutput = true, RedirectStandardError = !input };
        start.StandardOutputEncoding = Encoding.UTF8;
        if (input) start.StandardInputEncoding = new UTF8Encoding(false);
        start.ArgumentList.Add($"--git-dir={gitDirectory}");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("safe.directory=*");
        foreach (var a in arguments) start.ArgumentList.Add(a);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        return Process.Start(start) ?? throw new DeployException("git cannot be started. Install it: apt-get install git.");
    }
}
