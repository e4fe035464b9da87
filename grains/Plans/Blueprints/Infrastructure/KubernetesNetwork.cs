using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Plans.Blueprints.Pipelines;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>
/// Who may reach whom. Pods share their nodes' security group, so what each may reach beyond its neighbours is said here: nothing of the network but the databases it uses.
/// </summary>
internal static class KubernetesNetwork
{
    private static readonly ImmutableSortedDictionary<string, int> Ports = new Dictionary<string, int> { ["mysql"] = 3306, ["postgres"] = 5432, ["redis"] = 6379 }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static string Policies(string entry, AwsNeeds needs)
    {
        var yaml = new YamlLines();
        yaml.Line("# Whatever no policy below allows is refused.");
        Policy(yaml, "closed", "{}", () => yaml.Line("policyTypes: [Ingress, Egress]"));
        yaml.Line("---").Line("# The services of one project reach each other, names, their credentials (Pod Identity), and the world outside; not the network that the databases are in.");
        Policy(yaml, "neighbours", "{}", () => yaml
            .Line("policyTypes: [Ingress, Egress]").Line("ingress:").Line("  - from:").Line("      - podSelector: {}")
            .Line("egress:").Line("  - to:").Line("      - podSelector: {}")
            .Line("  - to:").Line("      - namespaceSelector:").Line("          matchLabels:").Line("            kubernetes.io/metadata.name: kube-system")
            .Line("    ports:").Line("      - port: 53").Line("        protocol: UDP").Line("      - port: 53").Line("        protocol: TCP")
            .Line("  - to:").Line("      - ipBlock:").Line("          cidr: 169.254.170.23/32").Line("    ports:").Line("      - port: 80")
            .Line("  - to:").Line("      - ipBlock:").Line("          cidr: 0.0.0.0/0").Line("          except:").Line($"            - {AwsWiring.Network}").Line("            - 169.254.0.0/16"));
        if (needs.Services.FirstOrDefault(s => s.Name == entry) is { Port: { } port })
        {
            yaml.Line("---").Line("# The load balancer asks nodes, and nodes hand on.");
            Policy(yaml, "entry", KubernetesNames.Label(entry), () => yaml
                .Line("policyTypes: [Ingress]").Line("ingress:").Line("  - from:").Line("      - ipBlock:").Line($"          cidr: {AwsWiring.Network}")
                .Line("    ports:").Line($"      - port: {port.Default.ToString(CultureInfo.InvariantCulture)}"));
        }
        foreach (var (kind, users) in needs.Databases.Append(new("redis", needs.Cache)).OrderBy(d => d.Key, StringComparer.Ordinal))
            foreach (var user in users.Select(KubernetesNames.Label).Order(StringComparer.Ordinal))
                Policy(yaml.Line("---"), $"{user}-{kind}", user, () => yaml
                    .Line("policyTypes: [Egress]").Line("egress:").Line("  - to:").Line("      - ipBlock:").Line($"          cidr: {AwsWiring.Network}")
                    .Line("    ports:").Line($"      - port: {Ports[kind].ToString(CultureInfo.InvariantCulture)}"));
        return yaml.ToString();
    }

    private static void Policy(YamlLines yaml, string name, string pods, Action rules) => yaml
        .Line("apiVersion: networking.k8s.io/v1").Line("kind: NetworkPolicy").Line("metadata:").Line($"  name: {name}")
        .In("spec:", () =>
        {
            if (pods == "{}") yaml.Line("podSelector: {}");
            else yaml.Line("podSelector:").Line("  matchLabels:").Line($"    app.kubernetes.io/name: {pods}");
            rules();
        });
}
