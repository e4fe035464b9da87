using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ProdSprint.Infrastructure;

/// <param name="Module">Its module's address; "" for the root.</param>
/// <param name="Values">As planned, null on the side on which it is not there.</param>
internal sealed record PricedResource(string Address, string Type, string Module, JsonObject? Values)
{
    /// <summary>Null: not said, or known only once it is there.</summary>
    public double? Number(string name) => Values![name] is JsonValue value ? value.TryGetValue<double>(out var number) ? number : double.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var read) ? read : null : null;

    public string? Text(string name) => (Values![name] as JsonValue)?.ToString();

    public bool Is(string name) => Values![name] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    public IEnumerable<JsonObject> Blocks(string name) => (Values![name] as JsonArray ?? []).OfType<JsonObject>();
}

/// <summary>It costs something, and how much is not in the plan.</summary>
internal sealed class UnpricedException(string message) : Exception(message);

/// <summary>How many units of the price book's items a resource is in a month. What is of no kind known here has no price: never zero by silence.</summary>
internal static class ResourcePrices
{
    private const double Hours = 730;

    private const string ByUse = "billed by what is used";

    /// <summary>Billed by use alone; a plan does not know how much that is.</summary>
    private static readonly ImmutableHashSet<string> Metered =
    [
        "aws_cloudfront_distribution", "aws_cloudwatch_log_group", "aws_ecr_repository", "aws_flow_log", "aws_s3_bucket", "aws_service_discovery_private_dns_namespace", "aws_sqs_queue", "aws_sns_topic", "aws_lambda_function", "aws_dynamodb_table",
    ];

    /// <summary>Not billed. Beginnings of kinds, each with what comes after it.</summary>
    private static readonly ImmutableArray<string> Free =
    [
        "terraform_data", "null_", "random_", "local_", "time_", "tls_", "aws_acm_", "aws_appautoscaling_", "aws_autoscaling_attachment", "aws_autoscaling_policy", "aws_cloudwatch_log_stream", "aws_db_parameter_group", "aws_db_subnet_group", "aws_default_",
        "aws_ecr_lifecycle_policy", "aws_ecr_repository_policy", "aws_ecs_cluster", "aws_ecs_task_definition", "aws_eks_access_", "aws_eks_addon", "aws_eks_pod_identity_association", "aws_elasticache_subnet_group", "aws_elasticache_parameter_group", "aws_iam_", "aws_internet_gateway",
        "aws_kms_alias", "aws_launch_template", "aws_lb_listener", "aws_lb_target_group", "aws_network_acl", "aws_route53_record", "aws_route_table", "aws_s3_bucket_", "aws_secretsmanager_secret_", "aws_security_group", "aws_service_discovery_service", "aws_subnet",
        "aws_vpc_security_group_", "aws_vpc_dhcp_options", "aws_vpc_endpoint_route_table_association",
    ];

    /// <summary>Not billed, and others that begin so are.</summary>
    private static readonly ImmutableHashSet<string> FreeExactly = ["aws_vpc", "aws_security_group", "aws_route"];

    /// <exception cref="UnpricedException">It costs something that cannot be told.</exception>
    public static IEnumerable<(string Item, double Quantity)> Of(PricedResource r, IReadOnlyCollection<PricedResource> all) => r.Type switch
    {
        "aws_db_instance" => Database(r),
        "aws_elasticache_replication_group" => [($"cache-hour:{Said(r, "node_type")}", Needed(r, "num_cache_clusters") * Hours)],
        "aws_nat_gateway" => [("gateway-hour", Hours)],
        "aws_eip" => [("address-hour", Hours)],
        "aws_lb" when r.Text("load_balancer_type") is null or "application" => [("balancer-hour", Hours)],
        "aws_ecs_service" => Tasks(r, all),
        "aws_eks_cluster" => [("cluster-hour", Hours)],
        "aws_eks_node_group" => Nodes(r, all),
        "aws_ebs_volume" when r.Text("type") is "gp3" => [("volume-gib-month", Needed(r, "size"))],
        "aws_kms_key" => [("key-month", 1)],
        "aws_secretsmanager_secret" => [("secret-month", 1)],
        "aws_wafv2_web_acl" => [("firewall-month", 1)],
        "aws_vpc_endpoint" when r.Text("vpc_endpoint_type") is null or "Gateway" => [],
        _ when Metered.Contains(r.Type) => throw new UnpricedException(ByUse),
        _ when FreeExactly.Contains(r.Type) || Free.Any(f => r.Type.StartsWith(f, StringComparison.Ordinal)) => [],
        _ => throw new UnpricedException($"no price is known for {r.Type}"),
    };

    private static IEnumerable<(string, double)> Database(PricedResource r)
    {
        var copies = r.Is("multi_az") ? 2 : 1;
        yield return ($"database-hour:{Said(r, "instance_class")}", copies * Hours);
        yield return ("database-gib-month", copies * Needed(r, "allocated_storage"));
    }

    /// <summary>The service says how many, the task definition beside it how large.</summary>
    private static IEnumerable<(string, double)> Tasks(PricedResource r, IReadOnlyCollection<PricedResource> all)
    {
        if (r.Text("launch_type") is not (null or "FARGATE")) throw new UnpricedException("runs on instances, which are billed");
        var tasks = all.Where(t => t.Type == "aws_ecs_task_definition" && t.Module == r.Module).ToList();
        if (tasks.Count != 1) throw new UnpricedException("which task it runs is not in the plan");
        var count = Needed(r, "desired_count");
        yield return ("cpu-hour", count * Hours * Needed(tasks[0], "cpu") / 1024);
        yield return ("memory-gib-hour", count * Hours * Needed(tasks[0], "memory") / 1024);
    }

    /// <summary>How many there are at least, by the group's own figures; their disks by the template beside it.</summary>
    private static IEnumerable<(string, double)> Nodes(PricedResource r, IReadOnlyCollection<PricedResource> all)
    {
        if (r.Text("capacity_type") is "SPOT") throw new UnpricedException("the price of spot instances changes by the hour");
        var count = r.Blocks("scaling_config").Select(s => (s["desired_size"] as JsonValue)?.GetValue<double>()).FirstOrDefault() ?? throw new UnpricedException("how many nodes there are is not in the plan");
        var type = (r.Values!["instance_types"] as JsonArray)?.FirstOrDefault()?.ToString() ?? throw new UnpricedException("the kind of its nodes is not in the plan");
        yield return ($"node-hour:{type}", count * Hours);
        var disks = all.Where(t => t.Type == "aws_launch_template" && t.Module == r.Module).SelectMany(t => t.Blocks("block_device_mappings")).SelectMany(b => (b["ebs"] as JsonArray ?? []).OfType<JsonObject>());
        var gib = disks.Sum(d => d["volume_size"] is JsonValue v ? v.GetValue<double>() : 0);
        if (gib > 0) yield return ("volume-gib-month", count * gib);
    }

    private static double Needed(PricedResource r, string name) => r.Number(name) ?? throw new UnpricedException($"{name} is known only once it is there");

    private static string Said(PricedResource r, string name) => r.Text(name) is { Length: > 0 } text ? text : throw new UnpricedException($"{name} is known only once it is there");
}
