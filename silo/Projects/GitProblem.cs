namespace ProdSprint.Projects;

/// <summary>Git refused, or what was asked of it is not allowed. The message says what to do next; <see cref="Code"/> is stable.</summary>
public sealed class GitProblem(string code, string message) : Exception(message)
{
    /// <summary>source.invalid, source.refused, source.unreachable, source.not-a-repository, source.too-large, ref.unknown, commit.unknown, export.refused, git.failed, git.timeout, git.missing.</summary>
    public string Code { get; } = code;
}
