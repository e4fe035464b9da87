using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ProdSprint.Projects;

/// <param name="Parents">Full hashes; empty for the first commit.</param>
public sealed record GitCommit(string Commit, string AuthorName, string AuthorEmail, DateTimeOffset AuthoredAt, string Subject, ImmutableArray<string> Parents);

/// <param name="Name">Short: "main", "v1".</param>
public sealed record GitReference(string Name, bool IsTag, string Commit);

/// <param name="Added">Lines; -1 for a binary file.</param>
public sealed record GitFileChange(string Path, int Added, int Removed);

/// <param name="FilesChanged">All of them; <paramref name="Files"/> holds the first 500.</param>
public sealed record GitDifference(string From, string To, int FilesChanged, long Added, long Removed, ImmutableArray<GitFileChange> Files);

/// <summary>Who touched what, newest first.</summary>
public sealed record GitTouch(string AuthorEmail, DateTimeOffset At, ImmutableArray<string> Paths);

/// <summary>A bare mirror of a repository on this machine's disk. Nothing is ever checked out in it and none of its hooks run.</summary>
public sealed class GitRepository
{
    private readonly GitOptions _options;

    private GitRepository(string directory, GitOptions options) => (Directory, _options) = (Path.GetFullPath(directory), options);

    /// <summary>The git directory.</summary>
    public string Directory { get; }

    /// <summary>Opens a mirror made before, or any git directory to look at.</summary>
    public static GitRepository Open(string directory, GitOptions? options = null) => File.Exists(Path.Combine(directory, "HEAD"))
        ? new(directory, options ?? new())
        : throw new GitProblem("source.not-a-repository", $"There is no git repository at {directory}. Import the project again.");

    /// <summary>
    /// Makes or refreshes the mirror of <paramref name="from"/> at <paramref name="directory"/>. Cloned beside it and moved in place when
    /// complete: a crash leaves no half mirror.
    /// </summary>
    public static async Task<GitRepository> ImportAsync(GitSource from, string directory, GitOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        directory = Path.GetFullPath(directory);
        if (File.Exists(Path.Combine(directory, "HEAD")))
        {
            var known = new GitRepository(directory, options);
            await known.FetchAsync(from, cancellation);
            return known;
        }
        var parent = Path.GetDirectoryName(directory)!;
        System.IO.Directory.CreateDirectory(parent);
        foreach (var leftover in System.IO.Directory.EnumerateDirectories(parent, Path.GetFileName(directory) + ".import-*")) DeleteTree(leftover);
        var temporary = $"{directory}.import-{Guid.NewGuid():N}";
        try
        {
            await TransferAsync(null, ["clone", "--mirror", "--no-hardlinks", "--template=", "--quiet", "--", from.Address, temporary], from, temporary, options, cancellation);
            if (System.IO.Directory.Exists(directory)) DeleteTree(directory);
            System.IO.Directory.Move(temporary, directory);
        }
        catch
        {
            DeleteTree(temporary);
            throw;
        }
        return new(directory, options);
    }

    /// <summary>Brings the mirror up to date; branches that are gone go here too, commits stay.</summary>
    public async Task FetchAsync(GitSource from, CancellationToken cancellation = default)
    {
        await TransferAsync(Directory, ["fetch", "--quiet", "--prune", "--no-write-fetch-head", "--", from.Address, "+refs/*:refs/*"], from, Directory, _options, cancellation);
    }

    /// <summary>The commit a branch, tag or (abbreviated) hash names; HEAD when <paramref name="reference"/> is null.</summary>
    public async Task<string> ResolveAsync(string? reference = null, CancellationToken cancellation = default)
    {
        reference ??= "HEAD";
        if (reference.Length is 0 or > 250 || reference[0] == '-' || reference.Any(c => c <= ' ' || c is '~' or '^' or ':' or '?' or '*' or '[' or '\\' or '\u007f') || reference.Contains("..", StringComparison.Ordinal) || reference.Contains("@{", StringComparison.Ordinal))
            throw new GitProblem("ref.unknown", "A reference is a branch, a tag or a commit hash.");
        try
        {
            var bytes = await GitCommand.RunAsync(Directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"], _options.LookTimeout, cancellation);
            return Encoding.ASCII.GetString(bytes).Trim();
        }
        catch (GitProblem e) when (e.Code == "git.failed")
        {
            var names = (await ReferencesAsync(cancellation)).Select(r => r.Name).Take(10).ToList();
            throw new GitProblem("ref.unknown", names.Count == 0 ? "The repository has no commits yet. Commit something and import it again."
                : $"There is no branch, tag or commit \"{reference}\". There are: {string.Join(", ", names)}.");
        }
    }

    public async Task<ImmutableArray<GitReference>> ReferencesAsync(CancellationToken cancellation = default)
    {
        var bytes = await GitCommand.RunAsync(Directory, ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(*objectname)", "refs/heads", "refs/tags"], _options.LookTimeout, cancellation);
        return
        [
            .. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\0'))
                .Select(f => new GitReference(f[0][(f[0].IndexOf('/', 5) + 1)..], f[0].StartsWith("refs/tags/", StringComparison.Ordinal), f[2].Length > 0 ? f[2] : f[1])),
        ];
    }

    /// <summary>The branch that HEAD names.</summary>
    public async Task<string> DefaultBranchAsync(CancellationToken cancellation = default) =>
        Encoding.UTF8.GetString(await GitCommand.RunAsync(Directory, ["symbolic-ref", "--short", "HEAD"], _options.LookTimeout, cancellation)).Trim();

    /// <summary>How many commits lead to this one, itself included.</summary>
    public async Task<int> CountAsync(string commit, CancellationToken cancellation = default) =>
        int.Parse(Encoding.ASCII.GetString(await LookAsync(["rev-list", "--count", commit], commit, cancellation)), CultureInfo.InvariantCulture);

    public async Task<GitCommit> CommitAsync(string commit, CancellationToken cancellation = default)
    {
        RequireHash(commit);
        var bytes = await LookAsync(["show", "--no-patch", "--no-show-signature", "--no-mailmap", "--format=%H%x00%an%x00%ae%x00%aI%x00%P%x00%s", commit], commit, cancellation);
        var fields = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\0');
        return new(fields[0], fields[1], fields[2], DateTimeOffset.Parse(fields[3], CultureInfo.InvariantCulture), fields[5], [.. fields[4].Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>What changed from one commit to another, by file (renames count as one).</summary>
    public async Task<GitDifference> DifferenceAsync(string from, string to, CancellationToken cancellation = default)
    {
        RequireHash(from);
        RequireHash(to);
        var bytes = await LookAsync(["diff", "--numstat", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", from, to, "--"], to, cancellation);
        var files = Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(record => record.Split('\t', 3))
            .Select(f => new GitFileChange(f[2], f[0] == "-" ? -1 : int.Parse(f[0], CultureInfo.InvariantCulture), f[1] == "-" ? -1 : int.Parse(f[1], CultureInfo.InvariantCulture))).ToList();
        return new(from, to, files.Count, files.Sum(f => (long)Math.Max(0, f.Added)), files.Sum(f => (long)Math.Max(0, f.Removed)), [.. files.Take(500)]);
    }

    /// <summary>Which lines differ, as <c>git diff</c> writes it without context. Nothing of the repository's attributes has a say.</summary>
    public async Task<string> LinesAsync(string from, string to, CancellationToken cancellation = default)
    {
        RequireHash(from);
        RequireHash(to);
        return Encoding.UTF8.GetString(await LookAsync(["diff", "-U0", "--no-color", "--no-renames", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", from, to, "--"], to, cancellation));
    }

    /// <summary>The commits that lead to this one, itself included, with the files each changed; merges count for nothing.</summary>
    public async Task<ImmutableArray<GitTouch>> TouchesAsync(string commit, int most, CancellationToken cancellation = default)
    {
        RequireHash(commit);
        var bytes = await LookAsync(["log", "-z", "--name-only", "--no-merges", "--no-renames", "--no-mailmap", "--format=%x01%ae%x00%at", $"--max-count={most}", commit, "--"], commit, cancellation);
        return
        [
            .. Encoding.UTF8.GetString(bytes).Split('\u0001', StringSplitOptions.RemoveEmptyEntries).Select(record => record.Split('\0'))
                .Select(f => new GitTouch(f[0], DateTimeOffset.FromUnixTimeSeconds(long.Parse(f[1], CultureInfo.InvariantCulture)), [.. f[2..].Select(p => p.TrimStart('\n')).Where(p => p.Length > 0)])),
        ];
    }

    public Task<GitTree> TreeAsync(string commit, CancellationToken cancellation = default)
    {
        RequireHash(commit);
        return GitTree.OpenAsync(Directory, commit, _options, cancellation);
    }

    /// <summary>Writes a commit's files to an empty or new directory; see <see cref="GitExport"/> for what is refused.</summary>
    public async Task ExportAsync(string commit, string directory, CancellationToken cancellation = default)
    {
        using var tree = await TreeAsync(commit, cancellation);
        GitExport.Write(tree, directory, _options.MaxExportBytes, cancellation);
    }

    private async Task<byte[]> LookAsync(string[] arguments, string commit, CancellationToken cancellation)
    {
        try { return await GitCommand.RunAsync(Directory, arguments, _options.LookTimeout, cancellation); }
        catch (GitProblem e) when (e.Code == "git.failed") { throw new GitProblem("commit.unknown", $"The commit {commit} is not in the repository ({e.Message}). Import the project again."); }
    }

    private static async Task TransferAsync(string? repository, string[] arguments, GitSource from, string grows, GitOptions options, CancellationToken cancellation)
    {
        string? TooLarge() => SizeOf(grows) > options.MaxMirrorBytes ? $"The repository is larger than {options.MaxMirrorBytes >> 20} MiB. Raise the limit, or import a smaller one." : null;
        try { await GitCommand.RunAsync(repository, arguments, options.TransferTimeout, cancellation, from.IsLocal, TooLarge, from.Environment); }
        catch (GitProblem e) when (e.Code == "git.failed")
        {
            throw new GitProblem("source.unreachable", from.IsRedirected(e.Message)
                ? $"{from.Address} leads to another address, and redirects are not followed. Give the one it leads to, which is often the same with .git at its end."
                : $"Cannot read {from.Address}: {e.Message}. Check the address, and that this machine may read it.");
        }
        if (TooLarge() is { } reason) throw new GitProblem("source.too-large", reason);
    }

    private static long SizeOf(string directory)
    {
        try { return new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length); }
        catch (IOException) { return 0; }
    }

    private static void RequireHash(string commit)
    {
        if (commit.Length is not (40 or 64) || !commit.All(char.IsAsciiHexDigit)) throw new GitProblem("commit.unknown", "A commit is given by its full hash.");
    }

    private static void DeleteTree(string directory)
    {
        if (!System.IO.Directory.Exists(directory)) return;
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)) file.IsReadOnly = false;
        System.IO.Directory.Delete(directory, recursive: true);
    }
}
