using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>A commit of a repository, read straight from its objects: no checkout, nothing written, nothing run. One long-lived `git cat-file`.</summary>
public sealed class GitTree : IRepositoryTree, IDisposable
{
    /// <summary>A file larger than this is read by a process of its own, which is stopped after the part that is wanted.</summary>
    private const long WholeLimit = 4 << 20;

    /// <summary>At most so many files, none larger than this, are read ahead.</summary>
    private const int MostAhead = 64;
    private const long AheadLimit = 64 << 10;

    /// <summary>Somebody who leaves out no more files than these still reads in the tree's order.</summary>
    private const int Gap = 8;

    private readonly string _repository;
    private readonly GitOptions _options;
    private readonly Dictionary<string, (string Id, int At)> _objects = new(StringComparer.Ordinal);

    /// <summary>
    /// Files after the one that was asked for, read with it: a question of its own for each costs two changes of process. More of them the longer somebody reads on in
    /// the tree's order, none when somebody looks here and there.
    /// </summary>
    private readonly Dictionary<string, byte[]> _ahead = new(StringComparer.Ordinal);
    private int _readTo = -2, _window = 1;
    private Process? _batch;

    /// <summary>What <see cref="Batch"/> says: an answer's first line is read byte by byte, which unbuffered is a call of the kernel each.</summary>
    private Stream? _answers;

    private GitTree(string repository, string commit, GitOptions options) => (_repository, Commit, _options) = (repository, commit, options);

    public AuditSource Source => AuditSource.Git;

    public string Commit { get; }

    public ImmutableArray<TreeEntry> Entries { get; private set; } = [];

    /// <param name="repository">The git directory (a bare mirror, or a checkout's .git).</param>
    /// <param name="commit">A full commit hash.</param>
    public static async Task<GitTree> OpenAsync(string repository, string commit, GitOptions options, CancellationToken cancellation)
    {
        var listing = await GitCommand.RunAsync(repository, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit], options.LookTimeout, cancellation);
        var tree = new GitTree(repository, commit, options);
        try { tree.Read(listing); }
        catch { tree.Dispose(); throw; }
        return tree;
    }

    public ReadOnlyMemory<byte> Read(TreeEntry entry, int limit)
    {
        if (entry.Kind is not (TreeEntryKind.File or TreeEntryKind.Executable) || !_objects.TryGetValue(entry.Path, out var known)) return default;
        if (entry.Size > WholeLimit) return ReadBeginning(known.Id, limit);
        if (entry.Size > AheadLimit) return ReadWhole(known.Id, limit);
        if (!_ahead.ContainsKey(entry.Path)) ReadAhead(known.At);
        return _ahead.Remove(entry.Path, out var bytes) ? bytes.AsMemory(0, Math.Min(limit, bytes.Length)) : ReadWhole(known.Id, limit);
    }

    public RepositoryHistory History(int commits, long bytes, Func<TreeEntry, bool> searched) =>
        GitHistory.Read(_repository, Commit, commits, bytes, (path, id) => _objects.TryGetValue(path, out var here) && here.Id == id && searched(Entries[here.At]), _options);

    /// <summary>Copies a file whole. Only one at a time: they share a process.</summary>
    public void CopyTo(TreeEntry entry, Stream target)
    {
        var size = Ask(_objects[entry.Path].Id);
        var buffer = new byte[64 << 10];
        var source = Answers;
        for (var left = size; left > 0;)
        {
            var read = source.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0) throw new GitProblem("git.failed", "git cat-file ended early");
            target.Write(buffer, 0, read);
            left -= read;
        }
        source.ReadByte();
    }

    public void Dispose()
    {
        if (_batch is null) return;
        GitCommand.Kill(_batch);
        _batch.Dispose();
        _batch = null;
    }

    private void Read(byte[] listing)
    {
        var entries = ImmutableArray.CreateBuilder<TreeEntry>();
        foreach (var range in Split(listing))
        {
            // "100644 blob <id>    <size>\t<path>"
            var record = Encoding.UTF8.GetString(listing.AsSpan(range));
            var tab = record.IndexOf('\t');
            var head = record[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var path = record[(tab + 1)..];
            var size = long.TryParse(head[3], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
            var kind = head[0] switch { "120000" => TreeEntryKind.SymbolicLink, "160000" => TreeEntryKind.Submodule, "100755" => TreeEntryKind.Executable, _ => TreeEntryKind.File };
            var target = kind == TreeEntryKind.SymbolicLink ? size > 4096 ? "" : Encoding.UTF8.GetString(ReadWhole(head[2], 4096).Span) : null;
            if (kind is TreeEntryKind.File or TreeEntryKind.Executable) _objects[path] = (head[2], entries.Count);
            entries.Add(new(path, kind is TreeEntryKind.File or TreeEntryKind.Executable ? size : 0, kind, target));
        }
        Entries = entries.ToImmutable();
    }

    private static IEnumerable<Range> Split(byte[] listing)
    {
        for (var start = 0; start < listing.Length;)
        {
            var end = Array.IndexOf(listing, (byte)0, start);
            if (end < 0) end = listing.Length;
            if (end > start) yield return start..end;
            start = end + 1;
        }
    }

    private ReadOnlyMemory<byte> ReadWhole(string id, int limit)
    {
        var size = Ask(id);
        var bytes = new byte[size + 1];
        Answers.ReadExactly(bytes);
        return bytes.AsMemory(0, (int)Math.Min(limit, size));
    }

    private void ReadAhead(int from)
    {
        _window = from >= _readTo && from - _readTo <= Gap ? Math.Min(_window * 2, MostAhead) : 1;
        _ahead.Clear();
        var wanted = new List<TreeEntry>();
        var questions = new StringBuilder();
        for (_readTo = from; _readTo < Entries.Length && wanted.Count < _window; _readTo++)
        {
            var entry = Entries[_readTo];
            if (entry.Size > AheadLimit || !_objects.TryGetValue(entry.Path, out var known)) continue;
            wanted.Add(entry);
            questions.Append(known.Id).Append('\n');
        }
        // A few kilobytes: git takes them whole before it has answered anything.
        Tell(questions.ToString());
        foreach (var entry in wanted)
        {
            var bytes = new byte[Size()];
            Answers.ReadExactly(bytes);
            Answers.ReadByte();
            _ahead[entry.Path] = bytes;
        }
    }

    private ReadOnlyMemory<byte> ReadBeginning(string id, int limit)
    {
        using var process = GitCommand.Start(GitCommand.StartInfo(_repository, ["cat-file", "blob", id]));
        try
        {
            var bytes = new byte[limit];
            return bytes.AsMemory(0, process.StandardOutput.BaseStream.ReadAtLeast(bytes, limit, throwOnEndOfStream: false));
        }
        finally { GitCommand.Kill(process); }
    }

    private Stream Answers => _answers ??= new BufferedStream(Batch.StandardOutput.BaseStream, 64 << 10);

    private Process Batch => _batch ??= GitCommand.Start(GitCommand.StartInfo(_repository, ["cat-file", "--batch"]));

    /// <summary>Asks for an object; the answer's first line is "id type size".</summary>
    private long Ask(string id)
    {
        Tell(id + "\n");
        return Size();
    }

    private void Tell(string questions)
    {
        var input = Batch.StandardInput.BaseStream;
        input.Write(Encoding.ASCII.GetBytes(questions));
        input.Flush();
    }

    private long Size()
    {
        var line = new StringBuilder();
        for (int c; (c = Answers.ReadByte()) != '\n';)
        {
            if (c < 0) throw new GitProblem("git.failed", "git cat-file ended early");
            line.Append((char)c);
        }
        var words = line.ToString().Split(' ');
        return words is [_, "blob", var size] ? long.Parse(size, CultureInfo.InvariantCulture) : throw new GitProblem("git.failed", $"git cat-file says \"{line}\"");
    }
}
