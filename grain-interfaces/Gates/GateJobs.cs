using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>Kinds of the gates' jobs, with argument and result (JSON, <c>KernelJson</c>).</summary>
public static class GateJobs
{
    /// <summary><see cref="SupplyRequest"/> → <see cref="SupplyResult"/></summary>
    public const string Supply = "gates.supply";

    /// <summary><see cref="TestsRequest"/> → <see cref="TestsResult"/></summary>
    public const string Tests = "gates.tests";

    /// <summary><see cref="PerformanceRequest"/> → <see cref="PerformanceResult"/></summary>
    public const string Performance = "gates.performance";
}

/// <summary>Reads the lock files of a commit and holds them against the workspace's advisories and the policy's licences. Runs nothing of the repository.</summary>
[GenerateSerializer, Immutable, Alias("gates.SupplyRequest")]
public sealed record SupplyRequest([property: Id(0)] string Workspace, [property: Id(1)] string Project, [property: Id(2)] string Commit, [property: Id(3)] LicencePolicy? Licences);

/// <param name="Components">Packages in the bill of materials.</param>
/// <param name="Advisories">That were looked at because they are about one of these packages.</param>
/// <param name="Findings">What needs a waiver, worst first; at most <see cref="Most"/>.</param>
/// <param name="More">Left out of <paramref name="Findings"/>: with that many a version is not to be waived through.</param>
/// <param name="Detail">One sentence for people.</param>
[GenerateSerializer, Immutable, Alias("gates.SupplyResult")]
public sealed record SupplyResult(
    [property: Id(0)] int Components, [property: Id(1)] int Advisories, [property: Id(2)] ImmutableArray<GateFinding> Findings, [property: Id(3)] int More, [property: Id(4)] string Detail)
{
    public const int Most = 500;

    /// <summary><c>sha256:…</c> of all that was found, also what needs no waiver.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Report { get; init; }
}
