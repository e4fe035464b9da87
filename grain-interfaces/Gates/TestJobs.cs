using System.Collections.Immutable;
using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>Judges what the tests of a build reported: failures by the tests' history, coverage by the policy and against the stable version. Runs nothing.</summary>
/// <param name="Report"><c>sha256:…</c>; null: they wrote none.</param>
/// <param name="Stable">The commit that serves; null: there is none yet.</param>
[GenerateSerializer, Immutable, Alias("gates.TestsRequest")]
public sealed record TestsRequest(
    [property: Id(0)] string Workspace, [property: Id(1)] string Project, [property: Id(2)] string Commit, [property: Id(3)] string? Report, [property: Id(4)] string? Stable, [property: Id(5)] CoveragePolicy? Coverage);

/// <param name="Failed">Failed the second time as well, and those that no report names.</param>
/// <param name="Tolerated">Failed or wavered, and stop nothing because they are in quarantine.</param>
/// <param name="Blocking">Tests that stop the release, with why; the first <see cref="Most"/>. No waiver covers them.</param>
/// <param name="CoveragePercent">Null when none was reported.</param>
/// <param name="Findings">What needs a waiver: of kind control, by the ids of <see cref="TestControls"/>.</param>
/// <param name="Detail">One sentence for people.</param>
[GenerateSerializer, Immutable, Alias("gates.TestsResult")]
public sealed record TestsResult(
    [property: Id(0)] int Passed,
    [property: Id(1)] int Failed,
    [property: Id(2)] int Tolerated,
    [property: Id(3)] ImmutableArray<string> Blocking,
    [property: Id(4)] double? CoveragePercent,
    [property: Id(5)] ImmutableArray<GateFinding> Findings,
    [property: Id(6)] string Detail)
{
    public const int Most = 20;
}

/// <summary>What of the tests can be waived, as subjects of a waiver of kind control.</summary>
public static class TestControls
{
    /// <summary>Less is covered than the policy asks for.</summary>
    public const string Coverage = "tests.coverage";

    /// <summary>Lines that changed since the stable version are covered less than those they replace.</summary>
    public const string ChangedLines = "tests.changed-lines";

    /// <summary>The policy wants coverage to be reported, and none is.</summary>
    public const string Reported = "tests.reported";
}
