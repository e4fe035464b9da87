using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Gates;
using ProdSprint.Plans;

namespace ProdSprint.Releases;

/// <summary>Everything a release needs to know when it begins; it does not change afterwards (a retry is a new attempt of the same spec).</summary>
/// <param name="Number">Counts releases of the project from 1; also the fencing epoch of its routes.</param>
/// <param name="Version">What people and the router call it: the tag, else the short commit.</param>
/// <param name="Commit">Full hash.</param>
/// <param name="PlanNumber">The approved plan it carries out.</param>
/// <param name="Plan">As approved.</param>
/// <param name="Stable">What production serves now; null for the first release, which goes straight to production after staging and gates.</param>
/// <param name="Kind">Why it exists.</param>
/// <param name="ArtifactDigest">Already built (rollback, retry): nothing is built again.</param>
[GenerateSerializer, Immutable, Alias("releases.ReleaseSpec")]
public sealed record ReleaseSpec(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] int Number,
    [property: Id(3)] string Version,
    [property: Id(4)] string Commit,
    [property: Id(5)] int PlanNumber,
    [property: Id(6)] PlanDocument Plan,
    [property: Id(7)] StableVersion? Stable,
    [property: Id(8)] ReleaseKind Kind,
    [property: Id(9)] string? ArtifactDigest,
    [property: Id(10)] bool SkipAnalysis)
{
    /// <summary>Null: the project has neither waivers nor advisories.</summary>
    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public GateFacts? Gate { get; init; }
}

/// <summary>A version that production can be served from.</summary>
/// <param name="Address"><c>127.0.0.1:port</c> while it runs (warm), else null.</param>
[GenerateSerializer, Immutable, Alias("releases.StableVersion")]
public sealed record StableVersion(
    [property: Id(0)] int Release,
    [property: Id(1)] string Version,
    [property: Id(2)] string Commit,
    [property: Id(3)] string ArtifactDigest,
    [property: Id(4)] string? Address)
{
    /// <summary>How its artifact is started again when its process does not run; null: as the plan of the release that needs it says.</summary>
    [Id(5)] public ServicePlan? Service { get; init; }

    /// <summary>What runs together with <see cref="Service"/>.</summary>
    [Id(7)] public ImmutableArray<ServicePlan> Companions { get; init; } = [];

    /// <summary>The release that promoted it, which is the one that keeps the version before it warm; 0 when unknown.</summary>
    [Id(6)] public int PromotedBy { get; init; }
}

[GenerateSerializer, Alias("releases.ReleaseKind")]
public enum ReleaseKind
{
    /// <summary>A new version: every stage of its plan.</summary>
    Normal = 0,

    /// <summary>Back to a pinned artifact inside the rollback window: no build, no steps, no analysis.</summary>
    FastRollback = 1,

    /// <summary>Back to an older version outside the window: no build if still pinned, all steps and analysis.</summary>
    Rollback = 2,
}
