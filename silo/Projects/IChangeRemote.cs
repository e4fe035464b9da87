using ProdSprint.Plans.Blueprints;

namespace ProdSprint.Projects;

/// <summary>Where a change is proposed: as a branch of any git remote (<see cref="GitRemote"/>), or by a provider that opens a pull request as well.</summary>
public interface IChangeRemote
{
    /// <summary>Writes the files on top of the commit as a branch. Doing it again gives the same commit and changes nothing; another branch of that name is never overwritten.</summary>
    /// <exception cref="GitProblem">With a next step.</exception>
    Task<ProposedChange> ProposeAsync(GitRepository mirror, ChangeProposal proposal, CancellationToken cancellation);
}

/// <param name="Source">The remote's address.</param>
/// <param name="Base">The full hash of the commit it is laid on.</param>
/// <param name="At">Author's and committer's date.</param>
public sealed record ChangeProposal(string Source, string Base, string Branch, FileBundle Files, string Title, string Text, DateTimeOffset At);

/// <param name="Diff">Unified, against the base; cut after <see cref="GitRemote.LongestDiff"/> characters, and says so.</param>
/// <param name="Compare">Where a pull request is opened; null when the host is not known.</param>
public sealed record ProposedChange(string Commit, string Diff, string? Compare);
