using System.Collections.Immutable;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>
/// One snapshot of a repository, read only. The implementations touch the outside (a directory, a git object store); the auditor sees only this,
/// so it is a pure function of the snapshot. Nothing in it follows a symbolic link.
/// </summary>
public interface IRepositoryTree
{
    AuditSource Source { get; }

    /// <summary>The full commit hash, or "" for a directory.</summary>
    string Commit { get; }

    /// <summary>Every entry below the root, in any order; paths relative with forward slashes. .git is not in it.</summary>
    ImmutableArray<TreeEntry> Entries { get; }

    /// <summary>At most the first <paramref name="limit"/> bytes of a regular file of <see cref="Entries"/>; empty when it cannot be read.</summary>
    ReadOnlyMemory<byte> Read(TreeEntry entry, int limit);

    /// <summary>What earlier commits added, newest first, within the bounds; null when there is no history. The same commit gives the same lines.</summary>
    /// <param name="searched">What of the tree is searched whole: a commit that left such a file as it is need not be searched for it.</param>
    RepositoryHistory? History(int commits, long bytes, Func<TreeEntry, bool> searched) => null;
}

/// <param name="Added">Read as it is asked for; may be enumerated once.</param>
public sealed record RepositoryHistory(HistoryFigures Figures, IEnumerable<HistoryText> Added);

/// <summary>Lines that one commit added next to each other.</summary>
public readonly record struct HistoryText(string Commit, string Path, string Text);

/// <param name="Size">Bytes; 0 for links and submodules.</param>
/// <param name="Target">A symbolic link's target as written; null otherwise.</param>
public sealed record TreeEntry(string Path, long Size, TreeEntryKind Kind, string? Target = null);

public enum TreeEntryKind
{
    File,
    Executable,
    SymbolicLink,
    Submodule,
}

/// <summary>A tree held in memory, for tests and for composing.</summary>
public sealed class MemoryTree(IEnumerable<TreeEntry> entries, IReadOnlyDictionary<string, byte[]> files, string commit = "") : IRepositoryTree
{
    public AuditSource Source => commit.Length == 0 ? AuditSource.Directory : AuditSource.Git;

    public string Commit => commit;

    public ImmutableArray<TreeEntry> Entries { get; } = [.. entries];

    /// <summary>What earlier commits added, each text its own commit's.</summary>
    public ImmutableArray<HistoryText> Past { get; init; } = [];

    public RepositoryHistory? History(int commits, long bytes, Func<TreeEntry, bool> searched) => Past.IsEmpty ? null : new(new(Past.Select(p => p.Commit).Distinct().Count(), true), Past);

    /// <summary>How often a file was read: the work an audit does.</summary>
    public int Reads { get; private set; }

    public static MemoryTree Of(params (string Path, string Text)[] files) => new(
        files.Select(f => new TreeEntry(f.Path, Encoding.UTF8.GetByteCount(f.Text), TreeEntryKind.File)),
        files.ToDictionary(f => f.Path, f => Encoding.UTF8.GetBytes(f.Text)));

    public ReadOnlyMemory<byte> Read(TreeEntry entry, int limit)
    {
        Reads++;
        return files.TryGetValue(entry.Path, out var bytes) ? bytes.AsMemory(0, Math.Min(limit, bytes.Length)) : default;
    }
}
