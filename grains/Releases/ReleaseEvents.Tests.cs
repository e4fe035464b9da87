using System.Collections.Immutable;
using ProdSprint.Gates;

namespace ProdSprint.Releases;

public sealed record TestsChecking(string Job, string? Report, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => "What the tests reported is being held against their history and the policy.";
    public override string Diff() => Report is null ? "" : $"tests:{Report}";
}

/// <param name="Tolerated">Failed or wavered, and in quarantine.</param>
/// <param name="Blocking">Tests that stop the release.</param>
/// <param name="Findings">What needs a waiver.</param>
/// <param name="Waived">How many of them have one.</param>
public sealed record TestsChecked(int Passed, int Failed, int Tolerated, ImmutableArray<string> Blocking, double? CoveragePercent, ImmutableArray<GateFinding> Findings, int Waived, string Detail) : ReleaseEvent
{
    public override string Text() => Findings.IsEmpty ? Detail : $"{Detail} {Waived} of {Findings.Length} that need a waiver have one.";
}
