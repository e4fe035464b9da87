using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>What concerns the repository as a whole. Every list is sorted by path.</summary>
/// <param name="Ci">Pipelines that are there already: github-actions, gitlab-ci, jenkins …</param>
/// <param name="Licences">SPDX identifiers with the file that gives them; "unknown" for a licence file with another text.</param>
/// <param name="Infrastructure">Infrastructure as code: terraform, helm, kubernetes, cloudformation, pulumi, compose …; one row per tool and folder.</param>
/// <param name="Secrets">Places of credentials, never their values; at most 200.</param>
/// <param name="Containers">The services of a compose file.</param>
/// <param name="History">How much of the history was searched for secrets; null when a plain directory was audited.</param>
[GenerateSerializer, Immutable, Alias("projects.RepositoryAudit")]
public sealed record RepositoryAudit(
    [property: Id(0)] ImmutableArray<FoundFile> Ci,
    [property: Id(1)] ImmutableArray<FoundFile> Licences,
    [property: Id(2)] ImmutableArray<FoundFile> Infrastructure,
    [property: Id(3)] ImmutableArray<SecretAudit> Secrets,
    [property: Id(4)] ImmutableArray<ContainerAudit> Containers,
    [property: Id(5)] HistoryFigures? History);

/// <param name="Kind">What it is, e.g. "github-actions", "MIT", "terraform".</param>
[GenerateSerializer, Immutable, Alias("projects.FoundFile")]
public sealed record FoundFile([property: Id(0)] string Kind, [property: Id(1)] string Path);

/// <param name="Rule">Which kind of credential: aws-access-key, private-key, password-in-url …</param>
/// <param name="Line">From 1; 0 when it is only in the history.</param>
/// <param name="Commit">The newest commit that added it, when it is no longer in the files; null when it is.</param>
[GenerateSerializer, Immutable, Alias("projects.SecretAudit")]
public sealed record SecretAudit([property: Id(0)] string Rule, [property: Id(1)] string Path, [property: Id(2)] int Line, [property: Id(3)] string? Commit);

/// <summary>A service of a compose file.</summary>
/// <param name="Image">As written, without a registry's credentials; null when it is built here.</param>
/// <param name="Build">The build's context relative to the repository root, or null.</param>
/// <param name="Service">The service of this report that it is, or null (a database, a tool).</param>
/// <param name="Need">What it offers to others, when its image is a known database or queue: postgres, redis …</param>
[GenerateSerializer, Immutable, Alias("projects.ContainerAudit")]
public sealed record ContainerAudit(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Image,
    [property: Id(2)] string? Build,
    [property: Id(3)] ImmutableArray<int> Ports,
    [property: Id(4)] ImmutableArray<string> DependsOn,
    [property: Id(5)] string? Service,
    [property: Id(6)] string? Need,
    [property: Id(7)] SourceLocation At);

/// <param name="Commits">Commits whose added lines were searched.</param>
/// <param name="Complete">False when there are more commits than are searched.</param>
[GenerateSerializer, Immutable, Alias("projects.HistoryFigures")]
public sealed record HistoryFigures([property: Id(0)] int Commits, [property: Id(1)] bool Complete);

/// <summary>Another service of this repository that a service calls or waits for.</summary>
/// <param name="Service">Its name in this report.</param>
/// <param name="Source">How it is known: a compose file's depends_on, a variable that the code reads, a host in an address.</param>
[GenerateSerializer, Immutable, Alias("projects.ServiceLink")]
public sealed record ServiceLink([property: Id(0)] string Service, [property: Id(1)] string Source);
