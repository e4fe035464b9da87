using System.Collections.Immutable;

namespace ProdSprint.Plans.Blueprints.Risk;

/// <summary>What a release would change against what is stable, read from the history. Made by <c>silo/Projects/ChangeReader</c>; the same two commits give the same facts.</summary>
/// <param name="Base">The stable commit, or null for a first release: then everything is new.</param>
/// <param name="Files">Every file that differs, sorted by path.</param>
/// <param name="AuthorCommits">Commits of this change's author to the files it touches, before the change.</param>
/// <param name="FileCommits">Commits of anybody to those files, before the change.</param>
/// <param name="Commits">Commits between the two.</param>
public sealed record ChangeFacts(string? Base, string Commit, ImmutableArray<ChangedFile> Files, int Commits, int AuthorCommits, int FileCommits)
{
    public int Lines => Files.Sum(f => f.Added + f.Deleted);
}

/// <param name="Added">Lines; 0 for a binary file.</param>
/// <param name="RecentCommits">Commits that touched it in the 90 days before the change.</param>
public sealed record ChangedFile(string Path, int Added, int Deleted, int RecentCommits);

/// <summary>What became of a release of this project, with what was said of it before.</summary>
/// <param name="Failed">Taken back, by the judge or by a person.</param>
/// <param name="Paths">The files it had changed.</param>
/// <param name="Predicted">The chance of being taken back that its plan had given; null for releases before that was said.</param>
public sealed record ReleaseRecord(int Number, bool Failed, ImmutableArray<string> Paths, double? Predicted, DateTimeOffset EndedAt);
