using System.Collections.Immutable;

namespace ProdSprint.Infrastructure;

/// <summary>Kinds of the jobs behind it, all with an <see cref="InfrastructureRequest"/> (JSON, <c>KernelJson</c>).</summary>
public static class InfrastructureJobs
{
    /// <summary>→ <see cref="InfrastructurePlan"/></summary>
    public const string Plan = "infrastructure.plan";

    /// <summary>→ <see cref="InfrastructureApplied"/></summary>
    public const string Apply = "infrastructure.apply";

    /// <summary>→ <see cref="DriftFound"/></summary>
    public const string Check = "infrastructure.check";

    /// <summary>→ <see cref="InfrastructureApplied"/></summary>
    public const string Restore = "infrastructure.restore";
}

/// <param name="Plan">To be applied, or what is repaired; null for a plan and a look.</param>
/// <param name="Allowed">Nothing else may be changed by an apply that cannot use the plan file any more.</param>
/// <param name="ConfigurationDigest">Of the files to look with; null: made anew.</param>
/// <param name="Known">The newest state anybody knows of: an older one is refused.</param>
/// <param name="RestoreVersion">What to make the newest.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureRequest")]
public sealed record InfrastructureRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] string Environment,
    [property: Id(3)] int Number,
    [property: Id(4)] bool Destroy,
    [property: Id(5)] InfrastructurePlan? Plan,
    [property: Id(6)] ImmutableArray<InfrastructureChange> Allowed,
    [property: Id(7)] string? ConfigurationDigest,
    [property: Id(8)] KnownState? Known,
    [property: Id(9)] long? RestoreVersion);

[GenerateSerializer, Immutable, Alias("infrastructure.KnownState")]
public sealed record KnownState([property: Id(0)] long Version, [property: Id(1)] string Digest);

/// <param name="Changed">How many resources were changed.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.InfrastructureApplied")]
public sealed record InfrastructureApplied([property: Id(0)] KnownState State, [property: Id(1)] int Changed);

/// <param name="Changes">Empty: it is as it was applied.</param>
[GenerateSerializer, Immutable, Alias("infrastructure.DriftFound")]
public sealed record DriftFound([property: Id(0)] ImmutableArray<InfrastructureChange> Changes, [property: Id(1)] KnownState State);
