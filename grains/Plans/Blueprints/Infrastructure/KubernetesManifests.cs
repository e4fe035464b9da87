using System.Collections.Immutable;
using ProdSprint.Plans.Blueprints.Pipelines;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Infrastructure;

/// <summary>What runs in the cluster, as kustomize keeps it: one base, and an overlay per environment. What only Terraform knows is put beside an overlay by <c>deploy.sh</c>.</summary>
public static class KubernetesManifests
{
    public const string Folder = "infrastructure/kubernetes";

    /// <summary>In standard support until the end of 2026.</summary>
    public const string Version = "1.34";

    /// <summary>At which every node answers for the entry service; the load balancer asks there.</summary>
    public const int NodePort = 30080;

    public static IEnumerable<(string Path, string Text)> Build(string project, PlanDocument plan, AwsNeeds needs)
    {
        var space = KubernetesNames.Label(project);
        var services = needs.Services;
        IEnumerable<(string Path, string Text)> files =
        [
            ("deploy.sh", Deploy(space)),
            ("base/kustomization.yaml", Base(services)),
            ("base/namespace.yaml", Namespace(space)),
            ("base/network.yaml", KubernetesNetwork.Policies(plan.Entry, needs)),
            .. services.Select(s => ($"base/{KubernetesNames.Label(s.Name)}.yaml", KubernetesWorkload.Write(space, s, s.Name == plan.Entry, HasSecrets(s, needs)))),
            .. plan.Environments.Select(e => ($"overlays/{e.Name}/kustomization.yaml", Overlay(space, AwsSizes.Of(e.Name)))),
            .. plan.Environments.Select(e => ($"overlays/{e.Name}/.gitignore", "# Made by deploy.sh from Terraform's outputs.\n/infrastructure/\n")),
        ];
        return files.Select(f => ($"{Folder}/{f.Path}", f.Text));
    }

    private static bool HasSecrets(ServicePlan service, AwsNeeds needs) =>
        service.Variables.Any(v => v.Secret && v.State != VariableState.Defaulted) || needs.Databases.Any(d => d.Value.Contains(service.Name));

    private static string Base(ImmutableArray<ServicePlan> services)
    {
        var yaml = new YamlLines().Line("apiVersion: kustomize.config.k8s.io/v1beta1").Line("kind: Kustomization").Line("resources:");
        foreach (var file in services.Select(s => KubernetesNames.Label(s.Name)).Prepend("network").Prepend("namespace")) yaml.Line($"  - {file}.yaml");
        return yaml.ToString();
    }

    private static string Namespace(string space) => new YamlLines()
        .Line("# No pod may be privileged, run as root or keep capabilities.")
        .Line("apiVersion: v1").Line("kind: Namespace")
        .Line("metadata:").Line($"  name: {space}").Line("  labels:").Line("    pod-security.kubernetes.io/enforce: restricted").Line("    pod-security.kubernetes.io/warn: restricted").ToString();

    private static string Overlay(string space, AwsSizes sizes) => new YamlLines()
        .Line("apiVersion: kustomize.config.k8s.io/v1beta1").Line("kind: Kustomization").Line($"namespace: {space}")
        .Line("resources:").Line("  - ../../base")
        .Line("# From Terraform's outputs: images, plain values and where the secrets are.").Line("components:").Line("  - infrastructure")
        .Line("patches:").Line("  - target:").Line("      kind: HorizontalPodAutoscaler").Line("    patch: |")
        .Line("      - op: replace").Line("        path: /spec/minReplicas").Line($"        value: {sizes.Copies}")
        .Line("      - op: replace").Line("        path: /spec/maxReplicas").Line($"        value: {sizes.MostCopies}").ToString();

    private static string Deploy(string space) => $$"""
        #!/bin/sh
        # Puts what Terraform made into an environment's overlay, shows what would change in the cluster, and changes it.
        # Before: terraform apply with that environment's values, and `aws eks update-kubeconfig` from inside the network. Usage: deploy.sh production
        set -eu
        environment=${1:?say which environment: staging or production}
        here=$(cd "$(dirname "$0")" && pwd)
        overlay="$here/overlays/$environment"
        mkdir -p "$overlay/infrastructure"
        terraform -chdir="$here/../aws" output -raw manifests >"$overlay/infrastructure/services.yaml"
        terraform -chdir="$here/../aws" output -raw kustomization >"$overlay/infrastructure/kustomization.yaml"
        kubectl diff -k "$overlay" || [ $? -eq 1 ]
        kubectl apply -k "$overlay"
        kubectl --namespace {{space}} rollout status deployment --timeout 10m

        """.ReplaceLineEndings("\n");
}
