using System.Collections.Immutable;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Plans.Blueprints.Risk;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>
/// Makes the plan: what would be built and run, where, how carefully, and what stands against it. Pure: the same audit, policy and provided variables give the
/// same bytes. Nothing of a repository is executed before a plan is approved, and then exactly what its <see cref="PlanDocument.ExecutionDigest"/> covers.
/// </summary>
public static class PlanBuilder
{
    public static readonly ImmutableArray<string> Environments = ["staging", "production"];

    /// <summary>With the rules that are built in.</summary>
    /// <param name="policy">The project's profile; null takes the one that prodsprint.yml names, else default.</param>
    /// <param name="provided">Per environment, the names of the variables that secrets and settings provide. Values never enter a plan.</param>
    /// <param name="previous">The plan approved last, to compare with and to carry its approval over.</param>
    public static PlanDocument Build(AuditReport audit, PolicyProfile? policy = null, IReadOnlyDictionary<string, ImmutableHashSet<string>>? provided = null, PlanDocument? previous = null)
    {
        var draft = Draft(audit, policy, provided);
        return Complete(draft, PlanPolicies.Check(PlanPolicies.Facts("project", draft, audit)), previous);
    }

    /// <summary>The plan before the rules of its profile have looked at it; no digest yet.</summary>
    /// <param name="care">A level of <see cref="RiskCare"/> that it is to be as careful for; null: as its profile has it.</param>
    public static PlanDocument Draft(AuditReport audit, PolicyProfile? policy, IReadOnlyDictionary<string, ImmutableHashSet<string>>? provided, string? care = null)
    {
        var configuration = audit.Configuration;
        policy ??= configuration?.Policy is { } name ? PolicyProfiles.Find(name) ?? PolicyProfiles.Default : PolicyProfiles.Default;
        if (configuration is { Canary.IsEmpty: false }) policy = policy with { Steps = configuration.Canary };
        if (configuration?.WarmAfterPromotion is { } warm) policy = policy with { WarmAfterPromotion = warm };

        if (care is not null) policy = RiskCare.Apply(policy, care);

        var sources = ServiceSources.Merge(audit);
        var (entry, assumed) = ServiceSources.Entry(sources, configuration);
        // Nothing to run at all is told by a blocker; else what cannot run is left out, and a blocker says so.
        var deployed = sources.Where(s => s.IsWanted && (s.IsRunnable || !sources.Any(o => o.IsWanted && o.IsRunnable))).ToList();
        var environments = Environments.Select(e => new EnvironmentPlan(e, [.. deployed.Select(s => ServicePlanner.Plan(s, e, provided?.GetValueOrDefault(e) ?? []))])).ToImmutableArray();
        var blockers = PlanBlockers.Find(audit, sources, environments, entry);
        var notes = audit.Gaps.Where(g => g.Severity != GapSeverity.Blocking).ToList();
        if (assumed)
            notes.Add(new("entry.assumed", GapSeverity.Warning, $"\"{entry}\" gets the routed traffic", "Several services listen; which one users reach was chosen by its name and place.",
                "Write entry: <service> in prodsprint.yml", null, entry));

        if (care is not null)
            notes.Add(new("care.followed", GapSeverity.Info, $"It is as careful as for a {care} risk", "It was asked for so: the canary's steps, their evidence and the approval are the profile's with the advice for that risk.", "Plan again without it to have the profile's own", null));
        foreach (var source in sources.Where(s => !s.IsWanted))
            notes.Add(new("service.left-out", GapSeverity.Info, $"\"{source.Name}\" is not deployed", "The repository says so.", "Remove deploy: false to run it with the others", source.Configuration!.At, source.Name));
        foreach (var service in environments[0].Services.Where(s => s.Name != entry && s.Port is not null))
            notes.Add(new("service.inside", GapSeverity.Info, $"\"{service.Name}\" is reached from inside only", $"The router leads to \"{entry}\"; the other services find this one at {VariableNames.ServiceUrl(service.Name)}.",
                "Let the entry pass on what users need of it", null, service.Name));

        return new PlanDocument(PlanDocument.CurrentSchema, audit.Commit, AuditJson.Digest(audit), "", PlanDigest.Execution(environments, entry), policy, entry, environments,
            PlanSteps.List(environments, policy, entry), blockers, [.. notes], [], false);
    }

    /// <param name="results">What the rules of its profile say of the draft; what blocks there stands against the plan.</param>
    public static PlanDocument Complete(PlanDocument draft, ImmutableArray<PolicyResult> results, PlanDocument? previous)
    {
        var plan = draft with { Blockers = PlanBlockers.Sort(draft.Blockers.Concat(PlanPolicies.Blockers(results))), Notes = [.. draft.Notes, .. PlanPolicies.Notes(results)] };
        plan = plan with { Digest = PlanDigest.Document(plan) };
        return previous is null ? plan : plan with { Changes = PlanDifference.Between(previous, plan), CarriesApproval = Carries(previous, plan) };
    }

    /// <summary>An approval is carried over when nothing that runs, no rule it runs under and no objection is new.</summary>
    private static bool Carries(PlanDocument previous, PlanDocument next) =>
        next.Policy.Approval == ApprovalMode.OncePerExecution
        && (previous.Schema == next.Schema || next.Environments.All(e => e.Services is [{ Migrate: null }])) // before schema 2 only the entry ran, and no migration
        && previous.ExecutionDigest == next.ExecutionDigest
        && CanonicalJson.Digest(previous.Policy) == CanonicalJson.Digest(next.Policy)
        && next.Blockers.All(b => previous.Blockers.Any(p => p.Id == b.Id));
}

/// <summary>The plan as text: what is stored, digested and shown.</summary>
public static class PlanJson
{
    public static string Write(PlanDocument plan) => CanonicalJson.Write(plan);

    public static PlanDocument Read(string json) => CanonicalJson.Read<PlanDocument>(json);
}
