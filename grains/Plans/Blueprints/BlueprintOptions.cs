namespace ProdSprint.Plans.Blueprints;

/// <summary>What people choose about the infrastructure; everything else follows from plan and audit.</summary>
/// <param name="Region">Where it runs, e.g. eu-central-1. Prices are of <c>PriceBook</c>'s region, whatever it is.</param>
/// <param name="Domain">The name that users type; "" leaves a placeholder that <c>terraform plan</c> asks for.</param>
/// <param name="Zone">The zone in Route 53 that holds it; "" for the domain's last two labels.</param>
/// <param name="Compute">What runs the containers.</param>
/// <param name="GatewayPerZone">Whether each of production's zones has a NAT gateway of its own; null: it has.</param>
public sealed record BlueprintOptions(
    string Region = "us-east-1", string Domain = "", string Zone = "", UsageAssumptions? Usage = null, ComputePlatform Compute = ComputePlatform.Ecs, bool? GatewayPerZone = null)
{
    public UsageAssumptions UsageOrUsual => Usage ?? UsageAssumptions.Usual;
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
