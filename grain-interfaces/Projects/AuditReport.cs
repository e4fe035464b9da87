using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>
/// What the auditor found in one snapshot of a repository. The same files give the same bytes (<c>AuditJson.Write</c>): no clock, no
/// absolute path, every list sorted. Schema: <see cref="CurrentSchema"/>; it changes only when a reader of the old one would break.
/// </summary>
/// <param name="Commit">The full commit hash, or "" when a plain directory was audited.</param>
/// <param name="Services">Sorted by path, then name. Empty when nothing deployable was found (then a blocking gap says so).</param>
/// <param name="Gaps">Sorted by severity (worst first), code, path, line.</param>
/// <param name="Repository">What concerns the repository as a whole; null only in reports written before it was looked for.</param>
/// <param name="Configuration">The repository's own prodsprint.yml as read, or null. Applied by the plan, not by the audit.</param>
[GenerateSerializer, Immutable, Alias("projects.AuditReport")]
public sealed record AuditReport(
    [property: Id(0)] int Schema,
    [property: Id(1)] string Commit,
    [property: Id(2)] AuditSource Source,
    [property: Id(3)] ImmutableArray<ServiceAudit> Services,
    [property: Id(4)] ImmutableArray<Gap> Gaps,
    [property: Id(5)] ProjectConfiguration? Configuration,
    [property: Id(6)] TreeFigures Tree,
    [property: Id(7)] RepositoryAudit? Repository = null)
{
    public const int CurrentSchema = 1;
}

[GenerateSerializer, Alias("projects.AuditSource")]
public enum AuditSource
{
    /// <summary>A directory as it lies on the disk; not tied to a commit.</summary>
    Directory,

    /// <summary>A commit of a git repository.</summary>
    Git,
}

/// <summary>How large the snapshot is and what of it was skipped.</summary>
/// <param name="Files">Regular files, after skipping .git, node_modules and the like.</param>
/// <param name="Bytes">Their total size.</param>
[GenerateSerializer, Immutable, Alias("projects.TreeFigures")]
public sealed record TreeFigures(
    [property: Id(0)] int Files,
    [property: Id(1)] long Bytes,
    [property: Id(2)] int SymbolicLinks,
    [property: Id(3)] int Submodules);

/// <summary>A place in the repository. <paramref name="Line"/> and <paramref name="Column"/> count from 1; 0 is "the whole file".</summary>
[GenerateSerializer, Immutable, Alias("projects.SourceLocation")]
public sealed record SourceLocation(
    [property: Id(0)] string Path,
    [property: Id(1)] int Line = 0,
    [property: Id(2)] int Column = 0)
{
    public override string ToString() => Line == 0 ? Path : Column == 0 ? $"{Path}:{Line}" : $"{Path}:{Line}:{Column}";
}

[GenerateSerializer, Alias("projects.GapSeverity")]
public enum GapSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,

    /// <summary>Works, with a risk that the text names.</summary>
    Warning,

    /// <summary>Cannot be deployed until it is resolved (or waived with a reason): the plan makes a blocker of it.</summary>
    Blocking,
}

/// <summary>Something the repository lacks or has wrong.</summary>
/// <param name="Code">Stable, dotted, lower case: <c>service.none</c>, <c>manifest.broken</c>, <c>symlink.escape</c>. See <c>GapCodes</c>.</param>
/// <param name="Why">What goes wrong if it stays.</param>
/// <param name="Remediation">The next step, naming the file to write or change.</param>
/// <param name="Service">The service it concerns, or null when it concerns the repository.</param>
[GenerateSerializer, Immutable, Alias("projects.Gap")]
public sealed record Gap(
    [property: Id(0)] string Code,
    [property: Id(1)] GapSeverity Severity,
    [property: Id(2)] string Title,
    [property: Id(3)] string Why,
    [property: Id(4)] string Remediation,
    [property: Id(5)] SourceLocation? At = null,
    [property: Id(6)] string? Service = null);
