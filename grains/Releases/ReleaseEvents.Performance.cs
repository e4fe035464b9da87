using System.Collections.Immutable;
using ProdSprint.Deploy;
using ProdSprint.Gates;

namespace ProdSprint.Releases;

/// <param name="Routes"><c>sha256:…</c> of the list of routes.</param>
/// <param name="Smoke">Passed, and told again when the gates are.</param>
public sealed record PerformanceChecking(string Job, string Routes, SmokeResult Smoke, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => "The version in staging is being put under load.";
    public override string Diff() => $"routes:{Routes}";
}

/// <param name="Failed">Answers of 400 and more, and requests without a whole answer in time.</param>
/// <param name="P95Ms">Of the slowest route.</param>
/// <param name="Findings">What needs a waiver.</param>
/// <param name="Waived">How many of them have one.</param>
public sealed record PerformanceChecked(int Routes, int Requests, int Failed, double P95Ms, ImmutableArray<GateFinding> Findings, int Waived, string Detail) : ReleaseEvent
{
    public override string Text() => Findings.IsEmpty ? Detail : $"{Detail} {Waived} of {Findings.Length} that need a waiver have one.";
}
