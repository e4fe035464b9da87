namespace ProdSprint.Projects;

/// <param name="Note">What the reader should know about what was audited, or null.</param>
public sealed record AuditOutcome(AuditReport Report, string? Note);

/// <summary>The auditor without a server: what `prodsprint audit PATH` runs.</summary>
public static class AuditRun
{
    /// <exception cref="GitProblem">The path is not there, or the reference is unknown.</exception>
    public static async Task<AuditOutcome> RunAsync(string path, string? reference = null, GitOptions? options = null, CancellationToken cancellation = default)
    {
        using var local = await LocalTree.OpenAsync(path, reference, options, cancellation);
        return new(Auditor.Run(local.Tree), local.Note);
    }
}
