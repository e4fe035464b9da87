using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Plans.Blueprints.Risk;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>What a plan means beyond this machine: infrastructure and pipelines as files by digest, what rules say, what it costs, how risky it is.</summary>
public static partial class BlueprintsApi
{
    /// <param name="Plan">The plan's number; the newest when left out.</param>
    /// <param name="Profile">Of the rules; the plan's own when left out.</param>
    /// <param name="Compute">What runs the containers: ecs (when left out) or eks.</param>
    /// <param name="GatewayPerZone">Whether each of production's zones has a NAT gateway of its own; it has when left out.</param>
    /// <param name="Apply">Codes of savings to carry out: then plan_diff and the cost's change are against the same plan without them.</param>
    public sealed record BlueprintBody(
        string Project, int? Plan = null, string? Profile = null, string? Region = null, string? Domain = null, string? Zone = null, UsageBody? Usage = null, string? Compute = null,
        bool? GatewayPerZone = null, [property: MaxLength(MostApplied)] IReadOnlyList<string>? Apply = null);

    internal const int MostApplied = 100;

    /// <summary>What the cost depends on; what is left out is as usual.</summary>
    public sealed record UsageBody(
        double? RequestsPerMonth = null, double? EgressGiB = null, double? StorageGiB = null, double? DatabaseGiB = null, double? LogGiB = null, double? StagingHours = null, double? PeakFactor = null);

    public static void MapBlueprintsApi(this IEndpointRouteBuilder routes)
    {
        var blueprints = routes.MapGroup("/v1/blueprints").WithTags("Plans");
        blueprints.MapPost("generate", Generate).WithName("GenerateBlueprint").WithSummary("Infrastructure, pipelines, policies, cost and risk of a plan; the same plan and options give the same bytes")
            .Refuses(404, "project.not-found", "plan.not-found").Refuses(409, "plan.not-ready").Refuses(422, "plan.no-such-profile", "blueprint.bad-option", "blueprint.no-such-saving");
        blueprints.MapGet("{digest}", Files).WithName("GetBlueprint").WithSummary("The files behind a reference of a blueprint").Refuses(404, "blueprint.not-found");
    }

    private static async Task<BlueprintView> Generate(BlueprintBody body, Caller caller, BlueprintReads reads, DocumentStore documents, TimeProvider time, CancellationToken cancellation)
    {
        var (made, view, plan, before, risk, chosen) = await MakeAsync(body, caller, reads, time, cancellation);
        var iac = await documents.PutAsync(caller.Workspace, "infrastructure", made.Infrastructure.Json(), cancellation);
        var cicd = await documents.PutAsync(caller.Workspace, "pipelines", made.Pipelines.Json(), cancellation);
        return new(
            body.Project, view.Number, plan.Commit, Reference(iac), Reference(cicd), made.Policies, made.Cost,
            [.. chosen.IsEmpty ? plan.Changes : PlanDifference.Between(plan, SavingChanges.Apply(plan, chosen)), .. FileChanges.Between(before, made)], risk, made.Notes, chosen);
    }

    /// <param name="Before">Of the plan approved before, with the same options; where savings are carried out, of this plan without them.</param>
    /// <param name="Chosen">The savings that are carried out.</param>
    internal sealed record Made(Blueprint Blueprint, PlanView View, PlanDocument Plan, Blueprint? Before, RiskAssessment? Risk, ImmutableArray<Saving> Chosen);

    internal static async Task<Made> MakeAsync(BlueprintBody body, Caller caller, BlueprintReads reads, TimeProvider time, CancellationToken cancellation)
    {
        var options = Options(body);
        var (view, plan, audit, its) = await reads.PlanAsync(caller.Workspace, body.Project, body.Plan, cancellation);
        options = options with { Repository = BlueprintOptions.GitHubName(its.Source), DefaultBranch = its.DefaultBranch };
        var profile = body.Profile ?? plan.Policy.Name;
        if (!PolicyCatalogue.Current.Profiles.ContainsKey(profile))
            throw ProblemException.Invalid("plan.no-such-profile", $"There is no profile '{profile}'.", $"Use one of: {string.Join(", ", PolicyCatalogue.Current.Profiles.Keys)}");
        var approved = await reads.ApprovedAsync(caller.Workspace, body.Project, view.Number, cancellation);
        var use = await reads.UseAsync(caller.Workspace, body.Project, time.GetUtcNow(), cancellation);
        var risk = await reads.RiskAsync(caller.Workspace, view, cancellation);
        var plain = BlueprintBuilder.Build(body.Project, plan, audit, options, profile, approved, use, reads.Sizing);
        if (Chosen(body.Apply.Whole("apply"), plain.Cost.Savings) is { IsEmpty: false } chosen)
        {
            var changed = SavingChanges.Apply(plan, chosen);
            var sized = BlueprintBuilder.Build(body.Project, changed, audit, SavingChanges.Apply(options, chosen), profile, null, use, reads.Sizing);
            sized = sized with { Cost = sized.Cost with { Change = Math.Round(sized.Cost.Low - plain.Cost.Low, 2) } };
            return new(await reads.CheckedAsync(sized, profile, changed, audit, cancellation), view, plan, plain, risk, chosen);
        }
        var before = approved is { } a ? BlueprintBuilder.Build(body.Project, a.Plan, a.Audit, options, profile) : null;
        return new(await reads.CheckedAsync(plain, profile, plan, audit, cancellation), view, plan, before, risk, []);
    }

    private static ImmutableArray<Saving> Chosen(IReadOnlyList<string> codes, ImmutableArray<Saving> savings)
    {
        var chosen = SavingChanges.Choose(savings, codes, out var refused);
        if (refused is null) return chosen;
        var possible = savings.Where(s => s.Change is not null).Select(s => s.Code).ToList();
        throw ProblemException.Invalid("blueprint.no-such-saving", savings.Any(s => s.Code == refused) ? $"'{refused}' is advice that no plan can carry out." : $"This plan has no saving '{refused}'.",
            possible.Count > 0 ? $"Choose of: {string.Join(", ", possible)}" : "Leave 'apply' out: nothing here can be carried out by a plan");
    }

    private static async Task<JsonBody<FileBundle>> Files([Description("sha256:… as a blueprint names it")] string digest, Caller caller, DocumentStore documents, CancellationToken cancellation) =>
        (Digest().IsMatch(digest) ? JsonBody<FileBundle>.Of(await documents.GetAsync(caller.Workspace, digest, cancellation)) : null)
        ?? throw ProblemException.NotFound("blueprint", digest, "Generate it: prodsprint blueprint");

    private static string Reference(string digest) => $"/v1/blueprints/{digest}";

    private static BlueprintOptions Options(BlueprintBody body)
    {
        string Name(string? value, string field, string usual, Regex pattern) => value is null or "" ? usual : pattern.IsMatch(value) ? value
            : throw ProblemException.Invalid("blueprint.bad-option", $"'{field}' is '{value}'.", $"Give {field} as in eu-central-1 or shop.example.com");
        var (usual, asked) = (UsageAssumptions.Usual, body.Usage ?? new());
        double Amount(double? value, string field, double usually, double least, double most) => (value ?? usually) is var amount && amount >= least && amount <= most ? amount
            : throw ProblemException.Invalid("blueprint.bad-option", $"usage.{field} is {amount}.", $"{least} to {most}");
        var compute = body.Compute switch
        {
            null or "" or "ecs" => ComputePlatform.Ecs,
            "eks" => ComputePlatform.Eks,
            var other => throw ProblemException.Invalid("blueprint.bad-option", $"'compute' is '{other}'.", "Give ecs or eks"),
        };
        return new(Name(body.Region, "region", "us-east-1", Region()), Name(body.Domain, "domain", "", Domain()), Name(body.Zone, "zone", "", Domain()), new(
            Amount(asked.RequestsPerMonth, "requestsPerMonth", usual.RequestsPerMonth, 0, 1e13), Amount(asked.EgressGiB, "egressGiB", usual.EgressGiB, 0, 1e9), Amount(asked.StorageGiB, "storageGiB", usual.StorageGiB, 0, 1e9),
            Amount(asked.DatabaseGiB, "databaseGiB", usual.DatabaseGiB, 0, 65536), Amount(asked.LogGiB, "logGiB", usual.LogGiB, 0, 1e6), Amount(asked.StagingHours, "stagingHours", usual.StagingHours, 0, UsageAssumptions.HoursPerMonth),
            Amount(asked.PeakFactor, "peakFactor", usual.PeakFactor, 1, 100)), compute, body.GatewayPerZone);
    }

    [GeneratedRegex("^[a-z]{2}(-[a-z]+)+-[0-9]$")]
    private static partial Regex Region();

    [GeneratedRegex("^(?=.{3,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$")]
    private static partial Regex Domain();

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();
}

/// <summary>A blueprint as people and pipelines read it.</summary>
/// <param name="IacRef">Where the Terraform files are; the digest in it is of the very bytes.</param>
/// <param name="CicdRef">Where the pipelines are.</param>
/// <param name="PlanDiff">Against the plan approved before (where savings are carried out: this plan without them): what runs, and which files; empty for a first plan.</param>
/// <param name="Applied">The savings that are carried out in it.</param>
public sealed record BlueprintView(
    string Project, int Plan, string Commit, [property: JsonPropertyName("iac_ref")] string IacRef, [property: JsonPropertyName("cicd_ref")] string CicdRef, ImmutableArray<PolicyResult> Policies,
    [property: JsonPropertyName("cost_estimate")] CostEstimate CostEstimate, [property: JsonPropertyName("plan_diff")] ImmutableArray<PlanChange> PlanDiff, RiskAssessment? Risk, ImmutableArray<string> Notes,
    ImmutableArray<Saving> Applied);
