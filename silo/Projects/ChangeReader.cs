using ProdSprint.Plans.Blueprints.Risk;

namespace ProdSprint.Projects;

/// <summary>Reads from the history what a commit changes against the one that is stable, and what was known about those files before. The same two commits give the same facts.</summary>
public static class ChangeReader
{
    /// <summary>How far back is looked; a file's last years say nothing about its next day.</summary>
    private const int Commits = 5000;

    private static readonly TimeSpan Recent = TimeSpan.FromDays(90);

    public static async Task<ChangeFacts> ReadAsync(GitRepository repository, string? stable, GitCommit commit, CancellationToken cancellation)
    {
        if (stable == commit.Commit) return new(stable, commit.Commit, [], 0, 0, 0);
        if (stable is null || await DifferenceAsync(repository, stable, commit.Commit, cancellation) is not { } difference) return new(null, commit.Commit, [], 0, 0, 0);
        var touches = await repository.TouchesAsync(commit.Commit, Commits, cancellation);
        var before = (await repository.TouchesAsync(stable, Commits, cancellation)).ToList();
        var since = (await repository.CommitAsync(stable, cancellation)).AuthoredAt - Recent;
        var changed = difference.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var related = before.Where(t => t.Paths.Any(changed.Contains)).ToList();
        var recent = before.Where(t => t.At >= since).SelectMany(t => t.Paths).CountBy(p => p).ToDictionary(StringComparer.Ordinal);
        return new(
            stable, commit.Commit,
            [.. difference.Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new ChangedFile(f.Path, Math.Max(0, f.Added), Math.Max(0, f.Removed), recent.GetValueOrDefault(f.Path)))],
            Math.Max(0, touches.Length - before.Count), related.Count(t => t.AuthorEmail == commit.AuthorEmail), related.Count);
    }

    /// <summary>Null when the history was rewritten and the stable commit is gone.</summary>
    private static async Task<GitDifference?> DifferenceAsync(GitRepository repository, string from, string to, CancellationToken cancellation)
    {
        try
        {
            return await repository.DifferenceAsync(from, to, cancellation);
        }
        catch (GitProblem e) when (e.Code == "commit.unknown")
        {
            return null;
        }
    }
}
