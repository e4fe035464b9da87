namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>The part of <c>main.tf</c> that is otherwise when containers run on EKS: cluster and load balancer are Terraform's, what runs in it is in <see cref="KubernetesManifests"/>.</summary>
internal static partial class AwsWiring
{
    private static void Labels(HclWriter locals, string project, AwsNeeds needs) => locals
        .SetText("namespace", KubernetesNames.Label(project)).Gap()
        .Set("labels", locals.Map([.. needs.Services.Select(s => (s.Name, HclWriter.Text(KubernetesNames.Label(s.Name))))]));

    /// <summary>What only Terraform knows, as kustomize takes it. The pods start anew when any of it changes.</summary>
    private static void Manifests(HclWriter locals) => locals.Gap()
        .Set("manifests", "join(\"---\\n\", flatten([for service in module.service : service.manifests]))")
        .Set("kustomization", """
            yamlencode({
                apiVersion = "kustomize.config.k8s.io/v1alpha1"
                kind       = "Component"
                resources  = ["services.yaml"]
                images     = [for name, service in module.service : { name = "${local.namespace}/${local.labels[name]}", newName = service.repository_url, digest = var.image_digests[name] }]
                patches = [{
                  target = { kind = "Deployment" }
                  patch  = yamlencode([{ op = "add", path = "/spec/template/metadata/annotations", value = { "prodsprint/values" = substr(sha256(local.manifests), 0, 16) } }])
                }]
              })
            """.ReplaceLineEndings("\n"));

    private static void Cluster(HclWriter writer, AwsNeeds needs)
    {
        writer.Block("module \"kubernetes\"", m => m.SetText("source", "./modules/kubernetes").Gap().Set("name", "local.name").Set("subnets", "module.network.private_subnets")
            .Set("kubernetes_version", "var.kubernetes_version").Set("operators", "var.operators").Set("node_type", "var.sizes.node_type").Set("nodes", "var.sizes.nodes").Set("most_nodes", "var.sizes.most_nodes")
            .Set("node_disk_gib", EksNodes.DiskGiB).Set("log_days", "var.sizes.log_days").Set("protect", "var.sizes.protect"));
        writer.Block("module \"balancer\"", m => m.SetText("source", "./modules/balancer").Gap().Set("name", "local.name").Set("vpc_id", "module.network.vpc_id").Set("subnets", "module.network.public_subnets")
            .Set("certificate_arn", "module.certificate.arn").Set("hosts", "[var.domain, \"origin.${var.domain}\"]").Set("node_security_group", "module.kubernetes.security_group")
            .Set("autoscaling_group", "module.kubernetes.autoscaling_group").Set("node_port", KubernetesManifests.NodePort).Set("health_path", "var.services[local.entry].health_path").Set("protect", "var.sizes.protect"));
        writer.Block("resource \"aws_route53_record\" \"origin\"", r => r.Set("zone_id", "module.certificate.zone_id").Set("name", "\"origin.${var.domain}\"").SetText("type", "A")
            .Block("alias", a => a.Set("name", "module.balancer.name").Set("zone_id", "module.balancer.zone").Set("evaluate_target_health", false)));
        writer.Block("module \"service\"", m => m.SetText("source", "./modules/workload").Set("for_each", "var.services").Gap()
            .Set("name", "each.key").Set("label", "local.labels[each.key]").Set("cluster_name", "module.kubernetes.name").Set("namespace", "local.namespace").Set("region", "var.region")
            .Set("variables", "merge(each.value.variables, local.connections[each.key])").Set("secret_names", "each.value.secrets").Set("secrets", "local.credentials[each.key]")
            .Set("key_arns", Listed(needs.Databases.Select(d => (d.Value, $"module.{d.Key}.key_arn"))))
            .Set("bucket_arns", Listed(needs.Buckets.IsEmpty ? [] : [(needs.Buckets, "module.storage.arn")])));
    }
}
