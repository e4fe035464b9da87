using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ProdSprint.Plans.Blueprints;

/// <summary>What people choose about the infrastructure; everything else follows from plan and audit.</summary>
/// <param name="Region">Where it runs, e.g. eu-central-1. Where the price book knows none of its prices, those of another stand in their place, and a note says so.</param>
/// <param name="Domain">The name that users type; "" leaves a placeholder that <c>terraform plan</c> asks for.</param>
/// <param name="Zone">The zone in Route 53 that holds it; "" for the domain's last two labels.</param>
/// <param name="Compute">What runs the containers.</param>
/// <param name="GatewayPerZone">Whether each of production's zones has a NAT gateway of its own; null: it has.</param>
/// <param name="Repository">OWNER/NAME at GitHub, whose pipeline may push images; null: Terraform asks for it.</param>
/// <param name="DefaultBranch">What the pipeline pushes images of and releases; null: main or master, whichever there is.</param>
public sealed partial record BlueprintOptions(
    string Region = "us-east-1", string Domain = "", string Zone = "", UsageAssumptions? Usage = null, ComputePlatform Compute = ComputePlatform.Ecs, bool? GatewayPerZone = null,
    string? Repository = null, string? DefaultBranch = null)
{
    public UsageAssumptions UsageOrUsual => Usage ?? UsageAssumptions.Usual;

    /// <summary>Branches whose runs push and release.</summary>
    public ImmutableArray<string> Branches => DefaultBranch is { } own and not ("main" or "master") ? [own] : ["main", "master"];

    /// <summary>OWNER/NAME of an address at github.com; null for any other, whose runs have another issuer.</summary>
    public static string? GitHubName(string source) => GitHub().Match(source) is { Success: true } match ? match.Groups["name"].Value : null;

    [GeneratedRegex(@"^(?:https://(?:[^@/]+@)?|ssh://git@|git@)github\.com(?::[0-9]+)?[:/](?<name>[A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?\z")]
    private static partial Regex GitHub();
}

public enum ComputePlatform
{
    /// <summary>ECS on Fargate: no nodes and no control plane to look after.</summary>
    Ecs,

    /// <summary>Kubernetes: EKS with nodes of its own, workloads as manifests.</summary>
    Eks,
}

/// <summary>What the cost depends on besides what is built. Shown with the estimate, and every one can be changed.</summary>
/// <param name="RequestsPerMonth">Requests that users make, all environments' share as below.</param>
/// <param name="EgressGiB">Gibibytes that leave for users in a month.</param>
/// <param name="StorageGiB">Gibibytes in buckets.</param>
/// <param name="DatabaseGiB">Gibibytes in the database.</param>
/// <param name="LogGiB">Gibibytes of log in a month.</param>
/// <param name="StagingHours">Hours in a month for which staging runs, at most 730.</param>
/// <param name="PeakFactor">The high end of the range has this many times the copies, requests and bytes.</param>
public sealed record UsageAssumptions(
    double RequestsPerMonth, double EgressGiB, double StorageGiB, double DatabaseGiB, double LogGiB, double StagingHours, double PeakFactor)
{
    public static readonly UsageAssumptions Usual = new(10_000_000, 200, 20, 20, 10, 730, 2);

    public static readonly double HoursPerMonth = 730;
}
