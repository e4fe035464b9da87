using System.Collections.Immutable;
using ProdSprint.Kernel;

namespace ProdSprint.Plans;

/// <summary>Writes the files of an approved plan's blueprint as a branch of the repository. Refused before the plan is approved: that is where a person decides.</summary>
/// <param name="Source">The repository's address as the project has it.</param>
/// <param name="Bundles">Digests of the files (<c>iac_ref</c>, <c>cicd_ref</c>) in the document store.</param>
/// <param name="Title">Of the commit and of the pull request.</param>
/// <param name="Text">Digest of the pull request's text, Markdown.</param>
[GenerateSerializer, Immutable, Alias("plans.WriteBranch")]
public sealed record WriteBranch(
    [property: Id(0)] string Branch, [property: Id(1)] string Source, [property: Id(2)] ImmutableArray<string> Bundles, [property: Id(3)] string Title, [property: Id(4)] string Text,
    Actor By, string? Reason) : PlanCommand(By, Reason);

/// <summary>A branch that was asked for, and what became of it.</summary>
/// <param name="Commit">Null until it is written.</param>
/// <param name="Diff">Digest of what the branch changes, as a unified diff.</param>
/// <param name="Compare">Where a pull request of it is opened, when the host is known.</param>
/// <param name="Problem">Why it could not be written.</param>
[GenerateSerializer, Immutable, Alias("plans.PlanBranch")]
public sealed record PlanBranch(
    [property: Id(0)] string Name, [property: Id(1)] BranchState State, [property: Id(2)] string By, [property: Id(3)] DateTimeOffset At, [property: Id(4)] ImmutableArray<string> Bundles,
    [property: Id(5)] string Title, [property: Id(6)] string Text, [property: Id(7)] string? Commit, [property: Id(8)] string? Diff, [property: Id(9)] string? Compare, [property: Id(10)] string? Problem);

[GenerateSerializer, Alias("plans.BranchState")]
public enum BranchState { Writing, Written, Failed }

/// <summary>The argument of the job that writes a branch.</summary>
/// <param name="At">The commit's date: written again, it is the same commit.</param>
[GenerateSerializer, Immutable, Alias("plans.BranchRequest")]
public sealed record BranchRequest(
    [property: Id(0)] string Workspace, [property: Id(1)] string Project, [property: Id(2)] string Source, [property: Id(3)] string Commit, [property: Id(4)] string Branch,
    [property: Id(5)] ImmutableArray<string> Bundles, [property: Id(6)] string Title, [property: Id(7)] string Text, [property: Id(8)] DateTimeOffset At);

[GenerateSerializer, Immutable, Alias("plans.BranchResult")]
public sealed record BranchResult([property: Id(0)] string Commit, [property: Id(1)] string Diff, [property: Id(2)] string? Compare);
