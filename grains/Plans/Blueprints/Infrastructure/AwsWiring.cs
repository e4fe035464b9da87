using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>The root's <c>main.tf</c>: which module gets what from which.</summary>
internal static partial class AwsWiring
{
    private sealed record Engine(string Name, string Version, string Family, string Encryption, int Port);

    private static readonly ImmutableDictionary<string, Engine> Engines = new Dictionary<string, Engine>
    {
        ["mysql"] = new("mysql", "8.4", "mysql8.4", "require_secure_transport", 3306),
        ["postgres"] = new("postgres", "17", "postgres17", "rds.force_ssl", 5432),
    }.ToImmutableDictionary();

    /// <summary>Addresses of the network.</summary>
    internal const string Network = "10.40.0.0/16";

    private static readonly (string, string)[] Facts = [("HOST", "address"), ("NAME", "database"), ("PORT", "port")];

    public static string Main(string project, string entry, AwsNeeds needs, ComputePlatform compute)
    {
        var writer = new HclWriter();
        var kubernetes = compute == ComputePlatform.Eks;
        writer.Block("locals", locals =>
        {
            locals.Comment("At most 24 characters, so that what is made of it fits everywhere.").Set("name", "trimsuffix(substr(\"${var.project}-${var.environment}\", 0, 24), \"-\")").SetText("entry", entry);
            if (kubernetes) Labels(locals, project, needs);
            Connections(locals, needs, kubernetes);
            if (kubernetes) Manifests(locals);
        });
        writer.Block("module \"network\"", m => m.SetText("source", "./modules/network").Gap()
            .Set("name", "local.name").Set("region", "var.region").SetText("cidr", Network).Set("zones", "var.sizes.zones").Set("gateway_per_zone", "var.sizes.gateway_per_zone").Set("log_days", "var.sizes.log_days"));
        if (!kubernetes) SecurityGroups(writer);
        foreach (var (kind, users) in needs.Databases) Database(writer, Engines[kind], users, kubernetes);
        if (!needs.Cache.IsEmpty)
            writer.Block("module \"cache\"", m => Reach(m.SetText("source", "./modules/cache").Gap().Set("name", "local.name"), needs.Cache, kubernetes)
                .Set("node_type", "var.sizes.cache_node").Set("nodes", "var.sizes.cache_nodes").Set("snapshot_days", "var.sizes.protect ? 7 : 0"));
        if (!needs.Buckets.IsEmpty)
            writer.Block("data \"aws_caller_identity\" \"this\"", _ => { })
                .Block("module \"storage\"", m => m.SetText("source", "./modules/storage").Gap()
                    .Set("name", "\"${local.name}-${data.aws_caller_identity.this.account_id}\"").Set("protect", "var.sizes.protect").Set("version_days", "30"));
        writer.Comment("The name under which CloudFront asks the load balancer.")
            .Block("module \"certificate\"", m => m.SetText("source", "./modules/certificate").Gap().Set("domain", "\"origin.${var.domain}\"").Set("zone", "var.zone"));
        if (kubernetes) Cluster(writer, needs);
        else Services(writer, needs);
        writer.Block("module \"edge\"", m => m.SetText("source", "./modules/edge").Set("providers", "{ aws = aws, aws.global = aws.global }").Gap().Set("name", "local.name").Set("domain", "var.domain").Set("zone", "var.zone")
            .Set("origin", "aws_route53_record.origin.fqdn").Set("cached_paths", "[\"/assets/*\", \"/static/*\"]").Set("requests_per_address", "2000"));
        return writer.ToString();
    }

    private static void SecurityGroups(HclWriter writer)
    {
        writer.Block("resource \"aws_security_group\" \"service\"", g => g
            .Set("for_each", "var.services").Set("name", "\"${local.name}-${each.key}\"").SetText("description", "One service").Set("vpc_id", "module.network.vpc_id"));
        writer.Block("resource \"aws_vpc_security_group_egress_rule\" \"service\"", r => r
            .Set("for_each", "aws_security_group.service").Set("security_group_id", "each.value.id").SetText("cidr_ipv4", "0.0.0.0/0").SetText("ip_protocol", "-1").SetText("description", "Out"));
        writer.Comment("The services of one project reach each other on their own ports.")
            .Block("resource \"aws_vpc_security_group_ingress_rule\" \"neighbour\"", r => r
                .Set("for_each", "{ for pair in setproduct(keys(var.services), keys(var.services)) : \"${pair[0]}-${pair[1]}\" => pair if pair[0] != pair[1] && var.services[pair[1]].port > 0 }").Gap()
                .Set("security_group_id", "aws_security_group.service[each.value[1]].id").Set("referenced_security_group_id", "aws_security_group.service[each.value[0]].id").SetText("ip_protocol", "tcp")
                .Set("from_port", "var.services[each.value[1]].port").Set("to_port", "var.services[each.value[1]].port").Set("description", "each.value[0]"));
    }

    /// <summary>What a service is told about its databases and neighbours, by service.</summary>
    private static void Connections(HclWriter locals, AwsNeeds needs, bool kubernetes)
    {
        IEnumerable<(string, string)> Of(ServicePlan service)
        {
            foreach (var (kind, users) in needs.Databases)
                if (users.Contains(service.Name))
                    foreach (var (name, output) in Facts) yield return ($"DATABASE_{name}", $"tostring(module.{kind}.{output})");
            if (needs.Cache.Contains(service.Name)) yield return ("REDIS_URL", "module.cache.url");
            if (needs.Buckets.Contains(service.Name)) yield return ("S3_BUCKET", "module.storage.bucket");
            foreach (var other in needs.Services.Where(s => s.Name != service.Name && s.Port is not null))
                yield return (VariableNames.ServiceUrl(other.Name), $"\"http://{(kubernetes ? KubernetesNames.Label(other.Name) : $"{other.Name}.${{module.cluster.namespace}}")}:${{var.services[{HclWriter.Text(other.Name)}].port}}\"");
        }
        locals.Gap().Set("connections", locals.Map([.. needs.Services.Select(s => (s.Name, Inline(Of(s).DistinctBy(v => v.Item1).ToList())))]));
        locals.Gap().Set("credentials", locals.Map([.. needs.Services.Select(s => (s.Name, Inline([.. needs.Databases.Where(d => d.Value.Contains(s.Name)).Take(1).Select(d => ("DATABASE_SECRET", $"module.{d.Key}.secret_arn"))])))]));
    }

    private static string Inline(IReadOnlyCollection<(string Name, string Expression)> entries) =>
        entries.Count == 0 ? "{}" : $"{{ {string.Join(", ", entries.Select(e => $"{e.Name} = {e.Expression}"))} }}";

    private static void Database(HclWriter writer, Engine engine, ImmutableArray<string> users, bool kubernetes) => writer.Block($"module \"{engine.Name}\"", m =>
        Reach(m.SetText("source", "./modules/database").Gap().Set("name", $"\"${{local.name}}-{engine.Name}\""), users, kubernetes)
            .SetText("engine", engine.Name).SetText("engine_version", engine.Version).SetText("family", engine.Family).SetText("encryption_parameter", engine.Encryption).Set("port", engine.Port)
            .SetText("database", "app").Set("instance_class", "var.sizes.database_class").Set("storage_gib", "var.sizes.database_gib").Set("multi_az", "var.sizes.multi_zone")
            .Set("backup_days", "var.sizes.backup_days").Set("protect", "var.sizes.protect"));

    /// <remarks>Pods share the security group of their nodes; which of them may reach a database is said by the cluster's network policies.</remarks>
    private static HclWriter Reach(HclWriter module, ImmutableArray<string> users, bool kubernetes) => module
        .Set("vpc_id", "module.network.vpc_id").Set("subnets", "module.network.private_subnets")
        .Set("clients", kubernetes ? "{ nodes = module.kubernetes.security_group }" : $"{{ for name in {HclWriter.List(users.Select(HclWriter.Text))} : name => aws_security_group.service[name].id }}");

    private static void Services(HclWriter writer, AwsNeeds needs)
    {
        writer.Block("module \"cluster\"", m => m.SetText("source", "./modules/cluster").Gap().Set("name", "local.name").Set("vpc_id", "module.network.vpc_id").Set("subnets", "module.network.public_subnets")
            .Set("services", "{ (local.entry) = aws_security_group.service[local.entry].id }").Set("certificate_arn", "module.certificate.arn").Set("protect", "var.sizes.protect"));
        writer.Block("resource \"aws_route53_record\" \"origin\"", r => r.Set("zone_id", "module.certificate.zone_id").Set("name", "\"origin.${var.domain}\"").SetText("type", "A")
            .Block("alias", a => a.Set("name", "module.cluster.balancer_name").Set("zone_id", "module.cluster.balancer_zone").Set("evaluate_target_health", false)));
        writer.Block("module \"service\"", m => m.SetText("source", "./modules/service").Set("for_each", "var.services").Gap()
            .Set("name", "each.key").Set("cluster_arn", "module.cluster.arn").Set("cluster_name", "module.cluster.name").Set("region", "var.region").Set("vpc_id", "module.network.vpc_id")
            .Set("subnets", "module.network.private_subnets").Set("security_group", "aws_security_group.service[each.key].id").Set("namespace_id", "module.cluster.namespace_id")
            .Set("balancer_security_group", "module.cluster.balancer_security_group").Set("listener_arn", "each.key == local.entry ? module.cluster.listener_arn : null")
            .Set("hosts", "[var.domain, \"origin.${var.domain}\"]").Set("port", "each.value.port").Set("health_path", "each.value.health_path").Set("image_digest", "var.image_digests[each.key]")
            .Set("cpu", "each.value.cpu").Set("memory_mib", "each.value.memory_mib").Set("copies", "var.sizes.copies").Set("most_copies", "var.sizes.most_copies").Set("stop_seconds", "each.value.stop_seconds")
            .Set("variables", "merge(each.value.variables, local.connections[each.key])").Set("secret_names", "each.value.secrets").Set("secrets", "local.credentials[each.key]")
            .Set("key_arns", Listed(needs.Databases.Select(d => (d.Value, $"module.{d.Key}.key_arn"))))
            .Set("bucket_arns", Listed(needs.Buckets.IsEmpty ? [] : [(needs.Buckets, "module.storage.arn")])).Set("log_days", "var.sizes.log_days"));
    }

    /// <summary>What one module gives, to those services that use it.</summary>
    private static string Listed(IEnumerable<(ImmutableArray<string> Users, string Value)> given)
    {
        var parts = given.Select(g => $"contains({HclWriter.List(g.Users.Select(HclWriter.Text))}, each.key) ? [{g.Value}] : []").ToList();
        return parts.Count switch { 0 => "[]", 1 => parts[0], _ => $"concat({string.Join(", ", parts)})" };
    }
}
