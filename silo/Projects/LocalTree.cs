namespace ProdSprint.Projects;

/// <summary>The files of a path on this machine, to be read without a server: a commit when the path is the top of a git repository, else the folder as it lies on the disk.</summary>
/// <param name="Commit">Null for a plain folder.</param>
/// <param name="Note">What the reader should know about what is read.</param>
public sealed record LocalTree(IRepositoryTree Tree, GitCommit? Commit, string Note) : IDisposable
{
    /// <param name="reference">Branch, tag or commit; null for HEAD.</param>
    /// <exception cref="GitProblem">The path is not there, or the reference is unknown.</exception>
    public static async Task<LocalTree> OpenAsync(string path, string? reference, GitOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        if (File.Exists(path)) throw new GitProblem("source.invalid", $"{path} is a file. Give the folder of the project.");
        if (!Directory.Exists(path)) throw new GitProblem("source.invalid", $"There is no folder {path}. Give the path of the project.");
        path = Path.GetFullPath(path);
        if (GitDirectoryOf(path) is not { } git)
        {
            if (reference is not null) throw new GitProblem("source.not-a-repository", $"{path} is not a git repository, so it has no \"{reference}\". Leave the reference out.");
            return new(new CheckoutTree(path), null, "This is not a git repository: the folder was audited as it is, and the report is tied to no commit.");
        }
        var repository = GitRepository.Open(git, options);
        string commit;
        try { commit = await repository.ResolveAsync(reference, cancellation); }
        catch (GitProblem e) when (e.Code == "ref.unknown" && reference is null)
        {
            return new(new CheckoutTree(path), null, "The repository has no commit yet: the folder was audited as it is.");
        }
        // whether something is uncommitted is not asked: `git status` may run filters that the repository's own .git/config names
        return new(await repository.TreeAsync(commit, cancellation), await repository.CommitAsync(commit, cancellation), $"Audited is commit {commit[..12]}; what is not committed is not in it.");
    }

    public void Dispose() => (Tree as IDisposable)?.Dispose();

    private static string? GitDirectoryOf(string path)
    {
        var inside = Path.Combine(path, ".git");
        if (File.Exists(Path.Combine(inside, "HEAD"))) return inside;
        // a worktree's .git is a file that says where the real one is
        if (File.Exists(inside) && File.ReadLines(inside).FirstOrDefault() is { } line && line.StartsWith("gitdir: ", StringComparison.Ordinal))
            return Path.GetFullPath(line[8..].Trim(), path) is var real && File.Exists(Path.Combine(real, "HEAD")) ? real : null;
        return File.Exists(Path.Combine(path, "HEAD")) && Directory.Exists(Path.Combine(path, "objects")) ? path : null;
    }
}
