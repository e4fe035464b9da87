using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Gates;

namespace ProdSprint.Releases;

public sealed record SupplyChecking(string Job, string Commit, DateTimeOffset GivesUpAt) : ReleaseEvent
{
    public override string Text() => "What the version is built from is being held against advisories and the policy's licences.";
    public override string Diff() => $"commit:{Commit}";
}

/// <param name="Findings">What needs a waiver.</param>
/// <param name="Waived">How many of them have one.</param>
public sealed record SupplyChecked(int Components, ImmutableArray<GateFinding> Findings, int More, int Waived, string Detail) : ReleaseEvent
{
    public override string Text() => Findings.IsEmpty ? Detail : $"{Detail} {Waived} of {Findings.Length + More} that need a waiver have one.";

    /// <summary><c>sha256:…</c> of all that was found, also what needs no waiver; null where it was not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Report { get; init; }
}

public sealed record GateFactsTold(GateFacts Facts) : ReleaseEvent
{
    public override string Text() => $"{(Facts.Waivers.Length == 1 ? "1 waiver holds" : $"{Facts.Waivers.Length} waivers hold")} in the project{(Facts.Advisories ? "" : "; no advisories are imported")}.";
}
