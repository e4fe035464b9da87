using System.Collections.Immutable;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Plans.Blueprints.Pipelines;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Plans.Blueprints.Scaffolds;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints;

/// <summary>Everything a plan means beyond what runs here: the infrastructure and pipelines it would have elsewhere, what rules say of it and what it would cost.</summary>
public sealed record Blueprint(FileBundle Infrastructure, FileBundle Pipelines, ImmutableArray<PolicyResult> Policies, CostEstimate Cost, ImmutableArray<string> Notes);

/// <summary>Pure: the same plan, audit and options give the same bytes.</summary>
public static class BlueprintBuilder
{
    /// <param name="profile">Of <see cref="PolicyCatalogue"/>; the plan's own profile by name.</param>
    /// <param name="approved">Plan and audit that are approved now, to compare the cost with.</param>
    /// <param name="use">What was seen of it here: it changes no file, only what is said of cost.</param>
    public static Blueprint Build(
        string project, PlanDocument plan, AuditReport audit, BlueprintOptions options, string profile, (PlanDocument Plan, AuditReport Audit)? approved = null, ObservedUse? use = null, RightsizingOptions? sizing = null)
    {
        var needs = AwsNeeds.Of(plan, audit);
        var infrastructure = AwsRoot.Build(project, plan, needs, options);
        var cost = Cost(CostEstimator.Estimate(plan, needs, options, approved is { } a ? CostEstimator.Low(a.Plan, AwsNeeds.Of(a.Plan, a.Audit), options) : null, use, sizing), audit);
        return new(new(infrastructure.Files.AddRange(RegoRules.Files.Files)), PipelineFiles.Build(project, plan, audit, options), PolicyRules.Check(profile, new(plan, audit, infrastructure)),
            cost, [.. Notes(needs, options, cost), .. Unpinned(plan, audit), .. TestScaffolds.Notes(plan, audit)]);
    }

    /// <summary>A service that neither the audit nor prodsprint.yml has by that name (a further process of a Procfile) has no place where its limits could be written: what to do is said, and left to people.</summary>
    private static CostEstimate Cost(CostEstimate cost, AuditReport audit)
    {
        bool Named(string service) => audit.Services.Any(s => s.Name == service) || audit.Configuration?.Services.Any(s => s.Name == service) == true;
        return cost with { Savings = [.. cost.Savings.Select(s => s.Change?.Limits is { } limits && !limits.All(l => Named(l.Service)) ? s with { Change = null } : s)] };
    }

    private static IEnumerable<string> Unpinned(PlanDocument plan, AuditReport audit)
    {
        var images = plan.Environments[^1].Services.Where(s => Dockerfiles.IsWritten(s, audit)).SelectMany(s => Dockerfiles.BaseImages(s)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (images.Count > 0)
            yield return $"The Dockerfiles that are written name their images by tag ({string.Join(", ", images)}): a digest is looked up at a registry, which is not asked here. Pin each with what docker buildx imagetools inspect prints; a file that is pinned is yours and is not written again.";
    }

    private static ImmutableArray<string> Notes(AwsNeeds needs, BlueprintOptions options, CostEstimate cost)
    {
        var notes = new List<string>();
        foreach (var need in needs.Elsewhere)
            notes.Add(need == AwsNeeds.File
                ? "SQLite keeps its data in the task's own file system, which is gone with the task: move to PostgreSQL before it runs there."
                : $"There is no module for {need}: provide it, and give its address as a secret.");
        if (options.Domain.Length == 0) notes.Add("No domain is given: example.com stands in its place in environments/*.tfvars.");
        if (cost.Items.Where(i => i.PriceOf is not null).Select(i => i.Item).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } foreign && cost.Region == options.Region)
            notes.Add($"The price book has no price of {options.Region} for {string.Join(", ", foreign)}: those are of {cost.Items.First(i => i.PriceOf is not null).PriceOf}.");
        if (cost.Region is var priced && priced != options.Region) notes.Add($"It is to run in {options.Region}, and the prices are those of {priced}: expect the estimate to differ by what the region does.");
        if (options.Compute == ComputePlatform.Eks)
            notes.Add("Name in operators (environments/*.tfvars) the roles that administer the cluster, and run infrastructure/kubernetes/deploy.sh inside the network: nothing else reaches its control plane.");
        return [.. notes];
    }
}
