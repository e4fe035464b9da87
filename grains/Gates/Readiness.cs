using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>Whether a project may go to production, as a list that anybody can go through. The same facts give the same bytes.</summary>
/// <param name="Plan">The plan that was looked at; null when there is none.</param>
/// <param name="State">blocked: an item blocks; attention: one warns; ready: none does.</param>
public sealed record Readiness(string Project, int? Plan, string? Commit, ReadinessState State, ReadinessBadge Badge, ImmutableArray<ReadinessItem> Items)
{
    public ImmutableArray<ReadinessItem> Blockers => [.. Items.Where(i => i.State == ItemState.Block)];
}

/// <param name="Commit">Whose tests wrote the last report.</param>
/// <param name="Quarantined">Tests whose quarantine holds.</param>
public sealed record TestFacts(string Commit, double? CoveragePercent, int Quarantined);

/// <param name="Source">Where the newest list of routes was found; empty: there is none that can be read.</param>
/// <param name="Routes">That can be put under load.</param>
/// <param name="Commit">Of the last version that was put under load; null: none was yet.</param>
/// <param name="Measured">How many routes it was measured by.</param>
/// <param name="Compared">How many of them have a budget or a baseline.</param>
public sealed record PerformanceFacts(string Source, int Routes, string? Commit, int Measured, int Compared, ImmutableArray<string> Breaches);

public enum ReadinessState { Ready, Attention, Blocked }

public enum ItemState { Pass, Warn, Block }

/// <summary>What a badge shows, in the form that shields.io's endpoint badges read.</summary>
public sealed record ReadinessBadge(int SchemaVersion, string Label, string Message, string Color);

/// <param name="Seen">What was looked at and what it was.</param>
/// <param name="Remediation">What to do; null when it passes.</param>
/// <param name="Link">Where in the dashboard to do it; null when it is done in the repository or passes.</param>
public sealed record ReadinessItem(string Id, string Title, ItemState State, string Seen, string? Remediation, string? Link);

/// <summary>What of the newest gate's findings nobody answers for.</summary>
/// <param name="Compared">Advisories were there to hold the packages against.</param>
/// <param name="Weaknesses">That stop a release and are not waived.</param>
/// <param name="Licences">The same of licences.</param>
public sealed record FindingFacts(string Commit, bool Compared, int Weaknesses, int Licences)
{
    internal string ShortCommit => Commit[..Math.Min(10, Commit.Length)];
}
