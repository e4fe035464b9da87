using System.Collections.Immutable;
using System.Text;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>What the rules of a plan's own profile say of it, and what of that stands against its approval.</summary>
public static class PlanPolicies
{
    /// <summary>Before the rule's name in a blocker's code.</summary>
    public const string Prefix = "policy.";

    private const int MostEvidence = 10;

    /// <summary>What the rules look at: the plan as it is so far, and the infrastructure it would have with the usual options. Other options are looked at when a blueprint is made with them.</summary>
    public static PolicyFacts Facts(string project, PlanDocument draft, AuditReport audit) =>
        new(draft, audit, AwsRoot.Build(project, draft, AwsNeeds.Of(draft, audit), new BlueprintOptions()));

    /// <summary>The built-in rules of the plan's own profile; none for a profile that the catalogue does not know.</summary>
    public static ImmutableArray<PolicyResult> Check(PolicyFacts facts) =>
        PolicyCatalogue.Current.Profiles.ContainsKey(facts.Plan.Policy.Name) ? PolicyRules.Check(facts.Plan.Policy.Name, facts) : [];

    /// <summary>One for each rule that blocks and does not hold.</summary>
    public static IEnumerable<PlanBlocker> Blockers(ImmutableArray<PolicyResult> results) =>
        results.Where(r => !r.Passed && r.Level == PolicyLevel.Block).Select(r => new PlanBlocker(
            Id(r), $"{Prefix}{r.Rule}", $"\"{r.Title}\" does not hold", Why(r), r.Remediation ?? "", null, null, r.At, true));

    /// <summary>What another engine says otherwise, or that it says nothing, where the profile lets that pass. What the audit found is told by the audit.</summary>
    public static IEnumerable<Gap> Notes(ImmutableArray<PolicyResult> results) =>
        results.Where(r => !r.Passed && r.Level == PolicyLevel.Warn && (r.Rule == RegoRules.Unanswered || r.Opa is { Passed: var passed } && passed != r.BuiltIn))
            .Select(r => new Gap($"{Prefix}{r.Rule}", GapSeverity.Warning, $"\"{r.Title}\" does not hold", Why(r), r.Remediation ?? "", r.At));

    private static string Why(PolicyResult result)
    {
        var seen = result.Opa is { Passed: false } opa && result.BuiltIn ? opa.Evidence.Select(e => $"opa: {e}").ToList() : [.. result.Evidence];
        var more = seen.Count > MostEvidence ? $"; and {seen.Count - MostEvidence} more" : "";
        return $"{result.Profile} asks for it{(result.Controls.IsEmpty ? "" : $" ({string.Join(", ", result.Controls)})")}: {string.Join("; ", seen.Take(MostEvidence))}{more}";
    }

    /// <summary>Made of the rule and of what breaks it, not of lines and counts: a waiver goes on holding while the cause stays, and no longer.</summary>
    private static string Id(PolicyResult result)
    {
        var digest = CanonicalJson.Digest(Encoding.UTF8.GetBytes(string.Join('\n', [result.Rule, .. result.Causes.Order(StringComparer.Ordinal)])));
        return $"{Prefix}{result.Rule}:{digest[7..19]}";
    }
}
