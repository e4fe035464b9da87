using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>What differs between environments, declared once and given per environment.</summary>
internal static class AwsVariables
{
    private static readonly ImmutableArray<(string Name, string Description, string Type)> Plain =
    [
        ("project", "The project's name", "string"),
        ("environment", "staging or production", "string"),
        ("region", "Where everything runs, but what CloudFront needs", "string"),
        ("domain", "The name that users type", "string"),
        ("zone", "The zone in Route 53 that holds it", "string"),
        ("image_digests", "Digest of the image of each service, for the first start", "map(string)"),
    ];

    private static readonly ImmutableArray<(string Name, string Type)> Sizes =
    [
        ("zones", "number"), ("gateway_per_zone", "bool"), ("copies", "number"), ("most_copies", "number"), ("database_class", "string"), ("database_gib", "number"),
        ("multi_zone", "bool"), ("backup_days", "number"), ("cache_node", "string"), ("cache_nodes", "number"), ("log_days", "number"), ("protect", "bool"),
    ];

    private static readonly ImmutableArray<(string Name, string Type)> Service =
    [
        ("port", "number"), ("health_path", "string"), ("cpu", "number"), ("memory_mib", "number"), ("stop_seconds", "number"), ("variables", "map(string)"), ("secrets", "list(string)"),
    ];

    private static readonly ImmutableArray<(string Name, string Type)> NodeSizes = [("node_type", "string"), ("nodes", "number"), ("most_nodes", "number")];

    /// <summary>What the platform starts by itself is in the cluster's manifests, not here.</summary>
    private static readonly ImmutableArray<string> OfTasks = ["copies", "most_copies", "cpu", "memory_mib", "stop_seconds"];

    /// <summary>Stands where a role has to be named before anything is applied.</summary>
    private const string NobodyYet = "arn:aws:iam::000000000000:role/operators";

    public static string Declarations(ComputePlatform compute)
    {
        var writer = new HclWriter();
        var kubernetes = compute == ComputePlatform.Eks;
        ImmutableArray<(string Name, string Type)> Kept(ImmutableArray<(string Name, string Type)> fields) => kubernetes ? [.. fields.Where(f => !OfTasks.Contains(f.Name))] : fields;
        foreach (var (name, description, type) in Plain) writer.Block($"variable \"{name}\"", v => v.SetText("description", description).Set("type", type));
        if (kubernetes)
            writer.Block("variable \"operators\"", v => v.SetText("description", "Roles (ARNs) that administer the cluster").Set("type", "list(string)"))
                .Block("variable \"kubernetes_version\"", v => v.SetText("description", "Minor version, in standard support").Set("type", "string"));
        writer.Block("variable \"sizes\"", v => v.SetText("description", "How large each part is").Gap().Set("type", Object(v, "object({", kubernetes ? [.. Kept(Sizes), .. NodeSizes] : Sizes, "})")));
        writer.Block("variable \"services\"", v => v.SetText("description", "What each service is started with").Gap().Set("type", Object(v, "map(object({", Kept(Service), "}))")));
        return writer.ToString();
    }

    public static string Values(string project, EnvironmentPlan environment, AwsNeeds needs, BlueprintOptions options)
    {
        var sizes = AwsSizes.Of(environment.Name, options);
        var domain = options.Domain.Length == 0 ? "example.com" : options.Domain;
        var writer = new HclWriter()
            .SetText("project", project).SetText("environment", environment.Name).SetText("region", options.Region)
            .SetText("domain", environment.Name == "production" ? domain : $"{environment.Name}.{domain}")
            .SetText("zone", options.Zone.Length == 0 ? string.Join('.', domain.Split('.')[^2..]) : options.Zone);
        writer.Set("image_digests", writer.Map([.. environment.Services.Select(s => (s.Name, HclWriter.Text("sha256:" + new string('0', 64))))]));
        var kubernetes = options.Compute == ComputePlatform.Eks;
        if (kubernetes)
            writer.Set("operators", HclWriter.List([HclWriter.Text(NobodyYet)])).SetText("kubernetes_version", KubernetesManifests.Version);
        (string Name, string Value)[] all =
        [
            ("zones", Number(sizes.Zones)), ("gateway_per_zone", Bool(sizes.GatewayPerZone)), ("copies", Number(sizes.Copies)), ("most_copies", Number(sizes.MostCopies)),
            ("database_class", HclWriter.Text(sizes.DatabaseClass)), ("database_gib", Number(sizes.DatabaseGiB)), ("multi_zone", Bool(sizes.MultiZone)), ("backup_days", Number(sizes.BackupDays)),
            ("cache_node", HclWriter.Text(sizes.CacheNode)), ("cache_nodes", Number(sizes.CacheNodes)), ("log_days", Number(sizes.LogDays)), ("protect", Bool(sizes.Protect)),
        ];
        var nodes = EksNodes.Of(environment);
        writer.Set("sizes", writer.Map(kubernetes
            ? [.. all.Where(a => !OfTasks.Contains(a.Name)), ("node_type", HclWriter.Text(nodes.Type)), ("nodes", Number(nodes.Count)), ("most_nodes", Number(nodes.Most))]
            : all));
        writer.Set("services", "{\n" + string.Join('\n', environment.Services.Select(s => ServiceValues(s, kubernetes))) + "}");
        return writer.ToString();
    }

    private static string ServiceValues(ServicePlan service, bool kubernetes)
    {
        var (cpu, memory) = AwsSizes.Task(service.Limits.MemoryMiB, service.Limits.Cpus);
        var port = service.Port?.Default ?? 0;
        // What the cluster finds out itself (addresses of databases and neighbours) is set by main.tf.
        var plain = service.Variables.Where(v => v is { Secret: false, Value: not null }).Select(v => (v.Name, HclWriter.Text(v.Value!.Replace("${PORT}", Number(port), StringComparison.Ordinal)))).ToList();
        var secrets = service.Variables.Where(v => v.Secret && v.State != VariableState.Defaulted).Select(v => HclWriter.Text(v.Name));
        var width = (kubernetes ? "health_path" : "stop_seconds").Length;
        string Row(string name, string value) => $"    {name.PadRight(width)} = {value}\n";
        var nested = plain.Count == 0 ? "{}" : "{\n" + string.Concat(plain.Select(p => $"      {p.Name.PadRight(plain.Max(x => x.Name.Length))} = {p.Item2}\n")) + "    }";
        return $"  {service.Name} = {{\n"
            + Row("port", Number(port)) + Row("health_path", HclWriter.Text(service.Health?.Path ?? "/"))
            + (kubernetes ? "" : Row("cpu", Number(cpu)) + Row("memory_mib", Number(memory)) + Row("stop_seconds", Number(Math.Min(120, (int)service.Limits.StopGrace.TotalSeconds)))) + Row("secrets", HclWriter.List(secrets))
            + $"\n    variables = {nested}\n  }}\n";
    }

    private static string Object(HclWriter writer, string open, ImmutableArray<(string Name, string Type)> fields, string close)
    {
        var map = writer.Map([.. fields.Select(f => (f.Name, f.Type))]);
        return open + map[1..^1] + close;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Bool(bool value) => value ? "true" : "false";
}
