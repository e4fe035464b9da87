using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>Terraform (and OpenTofu) for AWS: the root that wires the modules together for this project, with one file of values per environment.</summary>
public static class AwsRoot
{
    public const string Folder = "infrastructure/aws";

    /// <summary>Of the provider, and what the committed extract of its schema was taken from.</summary>
    public const string ProviderVersion = "6.25";

    public static FileBundle Build(string project, PlanDocument plan, AwsNeeds needs, BlueprintOptions options)
    {
        var kubernetes = options.Compute == ComputePlatform.Eks;
        HashSet<string> wanted = ["network", "certificate", "edge", "push", .. kubernetes ? (string[])["kubernetes", "balancer", "workload"] : ["cluster", "service"]];
        if (!needs.Databases.IsEmpty) wanted.Add("database");
        if (!needs.Cache.IsEmpty) wanted.Add("cache");
        if (!needs.Buckets.IsEmpty) wanted.Add("storage");
        IEnumerable<(string Path, string Text)> files =
        [
            ("versions.tf", Versions()),
            ("providers.tf", Providers(project)),
            ("variables.tf", AwsVariables.Declarations(options.Compute)),
            ("main.tf", AwsWiring.Main(project, plan.Entry, needs, options.Compute)),
            ("outputs.tf", Outputs(needs, kubernetes)),
            .. plan.Environments.Select(e => ($"environments/{e.Name}.tfvars", AwsVariables.Values(project, e, needs, options))),
            .. AwsPush.Files(project, needs, options, Versions()),
            .. TerraformModules.Read("aws", wanted),
        ];
        return FileBundle.Of([.. files.Select(f => ($"{Folder}/{f.Path}", f.Text)), .. kubernetes ? KubernetesManifests.Build(project, plan, needs) : []]);
    }

    /// <summary>What everything of an environment is called by, as <c>local.name</c> is made in main.tf.</summary>
    public static string NameOf(string project, string environment) => $"{project}-{environment}" is { Length: > 24 } name ? name[..24] is var cut && cut.EndsWith('-') ? cut[..^1] : name[..24] : $"{project}-{environment}";

    private static string Versions() => new HclWriter().Block("terraform", terraform => terraform
        .SetText("required_version", ">= 1.6")
        .Block("required_providers", providers => providers
            .Set("aws", providers.Map([("source", HclWriter.Text("hashicorp/aws")), ("version", HclWriter.Text($"~> {ProviderVersion}"))])))
        .Comment("ProdSprint gives the connection in PG_CONN_STR and a schema per environment; PostgreSQL locks the state.")
        .Block("backend \"pg\"", _ => { })).ToString();

    private static string Providers(string project)
    {
        void Tags(HclWriter provider) => provider.Block("default_tags", tags =>
            tags.Set("tags", tags.Map([("project", HclWriter.Text(project)), ("environment", "var.environment"), ("managed-by", HclWriter.Text("prodsprint"))])));
        return new HclWriter()
            .Block("provider \"aws\"", p => Tags(p.Set("region", "var.region")))
            .Comment("Where CloudFront takes its certificate and its firewall from.")
            .Block("provider \"aws\"", p => Tags(p.SetText("alias", "global").SetText("region", "us-east-1")))
            .ToString();
    }

    private static string Outputs(AwsNeeds needs, bool kubernetes)
    {
        var writer = new HclWriter().Block("output \"url\"", o => o.Set("value", "module.edge.url"))
            .Block("output \"repositories\"", o => o.SetText("description", "Where CI pushes the images of each service").Set("value", "{ for name, service in module.service : name => service.repository_url }"))
            .Block("output \"secrets\"", o => o.SetText("description", "Secrets to fill in, by service").Set("value", "{ for name, service in module.service : name => service.secret_arns }"));
        foreach (var database in needs.Databases.Keys) writer.Block($"output \"{database}_address\"", o => o.Set("value", $"module.{database}.address"));
        if (kubernetes)
            writer.Block("output \"manifests\"", o => o.SetText("description", "What the cluster has to know of AWS; infrastructure/kubernetes/deploy.sh puts it beside the overlay").Set("value", "local.manifests"))
                .Block("output \"kustomization\"", o => o.SetText("description", "Images by digest, and what restarts the pods when a value changes").Set("value", "local.kustomization"));
        return writer.ToString();
    }
}
