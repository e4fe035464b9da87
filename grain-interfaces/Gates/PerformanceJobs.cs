using System.Collections.Immutable;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>Puts the routes of a version that runs in staging under load, keeps what was measured, and holds it against budgets and against the stable version.</summary>
/// <param name="Address"><c>127.0.0.1:port</c></param>
/// <param name="Routes"><c>sha256:…</c> of the list of routes.</param>
/// <param name="Stable">The commit that serves; null: there is none yet.</param>
[GenerateSerializer, Immutable, Alias("gates.PerformanceRequest")]
public sealed record PerformanceRequest(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Project,
    [property: Id(2)] int Release,
    [property: Id(3)] string Commit,
    [property: Id(4)] string Address,
    [property: Id(5)] string Routes,
    [property: Id(6)] string? Stable,
    [property: Id(7)] PerformancePolicy? Policy);

/// <param name="Routes">That were loaded.</param>
/// <param name="Failed">Answers of 400 and more, and requests without a whole answer in time.</param>
/// <param name="P95Ms">Of the slowest route.</param>
/// <param name="Findings">What needs a waiver: of kind control, by the ids of <see cref="PerformanceControls"/>.</param>
/// <param name="Detail">One sentence for people.</param>
[GenerateSerializer, Immutable, Alias("gates.PerformanceResult")]
public sealed record PerformanceResult(
    [property: Id(0)] int Routes,
    [property: Id(1)] int Requests,
    [property: Id(2)] int Failed,
    [property: Id(3)] double P95Ms,
    [property: Id(4)] ImmutableArray<GateFinding> Findings,
    [property: Id(5)] string Detail);

/// <summary>What of the load can be waived, as subjects of a waiver of kind control.</summary>
public static class PerformanceControls
{
    /// <param name="route">As <c>GET /items/{id}</c>.</param>
    public static string Of(string route) => $"performance.{route}";
}
