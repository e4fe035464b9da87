using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Plans;

namespace ProdSprint.Projects;

/// <summary>What a repository's own <c>prodsprint.yml</c> says. Everything is optional; null means "as found by the audit".</summary>
/// <param name="Policy">The name of a policy profile (default, strict).</param>
/// <param name="Entry">The name of the service that gets the routed traffic.</param>
/// <param name="Canary">Replaces the profile's steps; empty means "the profile's".</param>
/// <param name="WarmAfterPromotion">Replaces the profile's warm time; the profile's approval and gates cannot be changed from the repository.</param>
[GenerateSerializer, Immutable, Alias("projects.ProjectConfiguration")]
public sealed record ProjectConfiguration(
    [property: Id(0)] string Path,
    [property: Id(1)] string? Policy,
    [property: Id(2)] string? Entry,
    [property: Id(3)] ImmutableArray<ServiceConfiguration> Services,
    [property: Id(4)] ImmutableArray<CanaryStep> Canary,
    [property: Id(5)] TimeSpan? WarmAfterPromotion);

/// <summary>Overrides for one service; commands run in the service's folder.</summary>
/// <param name="Environment">Plain values by name; they are in the repository, so they are no secrets.</param>
/// <param name="Required">Names that must be provided from outside.</param>
[GenerateSerializer, Immutable, Alias("projects.ServiceConfiguration")]
public sealed record ServiceConfiguration(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Path,
    [property: Id(2)] string? Install,
    [property: Id(3)] string? Build,
    [property: Id(4)] string? Start,
    [property: Id(5)] string? Static,
    [property: Id(6)] int? Port,
    [property: Id(7)] string? PortVariable,
    [property: Id(8)] string? Health,
    [property: Id(9)] ImmutableSortedDictionary<string, string> Environment,
    [property: Id(10)] ImmutableArray<string> Required,
    [property: Id(11)] int? MemoryMiB,
    [property: Id(12)] string? Test,
    [property: Id(13)] SourceLocation At)
{
    /// <summary>False: found by the audit, and not to be built or run.</summary>
    [Id(14), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Deploy { get; init; }

    /// <summary>Run once in each environment before the version starts there; empty: no migration, whatever the audit found.</summary>
    [Id(15), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Migrate { get; init; }

    /// <summary>Processors that a running copy may use at the same time.</summary>
    [Id(16), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Cpus { get; init; }
}
