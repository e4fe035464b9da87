using System.Collections.Immutable;
using ProdSprint.Releases;

namespace ProdSprint.Projects;

/// <summary>A project as people see it. Times are UTC.</summary>
/// <param name="State">What to say in a list: <see cref="ProjectStates"/>.</param>
/// <param name="PendingPlan">The plan a requested release waits for.</param>
/// <param name="QueuedRelease">Begins when the release it superseded has let go.</param>
/// <param name="Good">Versions that were promoted, newest first: what a rollback can go back to.</param>
[GenerateSerializer, Immutable, Alias("projects.ProjectView")]
public sealed record ProjectView(
    [property: Id(0)] string Key,
    [property: Id(1)] string Workspace,
    [property: Id(2)] string Id,
    [property: Id(3)] string Source,
    [property: Id(4)] string State,
    [property: Id(5)] string? DefaultBranch,
    [property: Id(6)] string? Head,
    [property: Id(7)] string? Problem,
    [property: Id(8)] StableVersion? Stable,
    [property: Id(9)] int? ActiveRelease,
    [property: Id(10)] int? PendingPlan,
    [property: Id(11)] int? QueuedRelease,
    [property: Id(12)] int LastPlan,
    [property: Id(13)] int LastRelease,
    [property: Id(14)] ReleaseOutcome? LastOutcome,
    [property: Id(15)] ImmutableArray<StableVersion> Good,
    [property: Id(16)] ImmutableArray<FreezeWindow> Freeze,
    [property: Id(17)] bool FrozenNow,
    [property: Id(18)] DateTimeOffset CreatedAt,
    [property: Id(19)] long StateVersion)
{
    /// <summary>Names of the variables that were set, sorted; their values are for running copies only and are not shown again.</summary>
    [Id(20)] public ImmutableArray<string> Variables { get; init; } = [];

    /// <summary>There are advisories that its releases are held against.</summary>
    [Id(21)] public bool Advisories { get; init; }

    /// <summary>The workspace's windows, which hold here as well; set at <c>/v1/freeze</c>.</summary>
    [Id(22)] public ImmutableArray<FreezeWindow> WorkspaceFreeze { get; init; } = [];
}
