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
    public static Blueprint Build(string project, PlanDocument plan, AuditReport audit, BlueprintOptions options, string profile, (PlanDocument Plan, AuditReport Audit)? approved = null)
    {
        var needs = AwsNeeds.Of(plan, audit);
        var infrastructure = AwsRoot.Build(project, plan, needs, options);
        double? now = approved is { } a ? CostEstimator.Estimate(a.Plan, AwsNeeds.Of(a.Plan, a.Audit), options.UsageOrUsual, null, compute: options.Compute).Low : null;
        return new(new(infrastructure.Files.AddRange(RegoRules.Files.Files)), PipelineFiles.Build(project, plan, audit), PolicyRules.Check(profile, new(plan, audit, infrastructure)),
            CostEstimator.Estimate(plan, needs, options.UsageOrUsual, now, compute: options.Compute), [.. Notes(needs, options), .. TestScaffolds.Notes(plan, audit)]);
    }

    private static ImmutableArray<string> Notes(AwsNeeds needs, BlueprintOptions options)
    {
        var notes = new List<string>();
        foreach (var need in needs.Elsewhere)
            notes.Add(need == AwsNeeds.File
                ? "SQLite keeps its data in the task's own file system, which is gone with the task: move to PostgreSQL before it runs there."
                : $"There is no module for {need}: provide it, and give its address as a secret.");
        if (options.Domain.Length == 0) notes.Add("No domain is given: example.com stands in its place in environments/*.tfvars.");
        if (options.Compute == ComputePlatform.Eks)
            notes.Add("Name in operators (environments/*.tfvars) the roles that administer the cluster, and run infrastructure/kubernetes/deploy.sh inside the network: nothing else reaches its control plane.");
        return [.. notes];
    }
}
