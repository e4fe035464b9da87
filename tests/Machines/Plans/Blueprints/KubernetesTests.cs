using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;
using ProdSprint.Tests.Projects;
using static ProdSprint.Tests.Plans.Blueprints.ClusterManifests;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class KubernetesTests
{
    private static readonly BlueprintOptions Eks = new("eu-central-1", "shop.example.com", Compute: ComputePlatform.Eks);

    private static Blueprint Build(BlueprintOptions? options = null, string profile = "default", params (string, string)[] more)
    {
        var audit = Auditor.Run(MemoryTree.Of([.. AwsRootTests.Shop, .. more]));
        return BlueprintBuilder.Build("shop", PlanBuilder.Build(audit), audit, options ?? Eks, profile);
    }

    [Fact]
    public void Build_Eks_FitsTheProvidersSchemaAndItself_AndIsTheSameAgain()
    {
        var bundle = Build().Infrastructure;
        TerraformFolder.Read(bundle, AwsRoot.Folder).Faults(ProviderSchema.Aws).ShouldBeEmpty();
        Faults(bundle).ShouldBeEmpty();
        bundle.Json().ShouldBe(Build().Infrastructure.Json());
    }

    [Fact]
    public void Build_Eks_HasNothingOfEcs_AndEcsNothingOfKubernetes()
    {
        var files = Build().Infrastructure.Files;
        foreach (var (path, text) in files) (text.Contains("aws_ecs_") || path.Contains("/cluster/")).ShouldBeFalse(path);
        Build(new()).Infrastructure.Files.Keys.ShouldNotContain(p => p.Contains("kubernetes") || p.Contains("/workload/") || p.Contains("/balancer/"));
    }

    [Fact]
    public void Faults_ServiceThatSelectsNothing_IsFound()
    {
        var bundle = Build().Infrastructure;
        var path = $"{KubernetesManifests.Folder}/base/web.yaml";
        var broken = new FileBundle(bundle.Files.SetItem(path, bundle.Files[path].Replace("kind: Service\nmetadata:\n  name: web\n  labels:\n    app.kubernetes.io/name: web\nspec:\n  type: NodePort\n  selector:\n    app.kubernetes.io/name: web", "kind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app.kubernetes.io/name: other")));
        broken.Files[path].ShouldNotBe(bundle.Files[path]);
        Faults(broken).ShouldContain("Service web selects nothing");
    }

    [Fact]
    public void Build_Workloads_RunWithoutRightsAndReadSecretsThroughTheDriver()
    {
        var items = Read(Build().Infrastructure);
        var api = items.Single(i => i is { Kind: "Deployment", Name: "api" }).Node;
        string[] pod = ["spec", "template", "spec"], container = [.. pod, "containers", "0"];
        Text(api, [.. pod, "securityContext", "runAsNonRoot"]).ShouldBe("true");
        Text(api, [.. container, "securityContext", "readOnlyRootFilesystem"]).ShouldBe("true");
        Text(api, [.. container, "securityContext", "capabilities", "drop", "0"]).ShouldBe("ALL");
        Text(api, [.. container, "envFrom", "1", "secretRef", "name"]).ShouldBe("api");
        Text(api, [.. pod, "volumes", "1", "csi", "volumeAttributes", "secretProviderClass"]).ShouldBe("api");
        Text(api, [.. container, "image"]).ShouldBe("shop/api");
        Text(items.Single(i => i is { Kind: "ServiceAccount", Name: "api" }).Node, "automountServiceAccountToken").ShouldBe("false");
        Text(items.Single(i => i is { Kind: "Service", Name: "web" }).Node, "spec", "ports", "0", "nodePort").ShouldBe("30080");
        Text(items.Single(i => i is { Kind: "Service", Name: "api" }).Node, "spec", "ports", "0", "nodePort").ShouldBeNull();
    }

    [Fact]
    public void Build_Network_LetsOnlyUsersOfADatabaseReachIt()
    {
        var policies = Read(Build().Infrastructure).Where(i => i.Kind == "NetworkPolicy").Select(i => i.Name);
        policies.ShouldBe(["closed", "neighbours", "entry", "api-mysql", "api-postgres", "web-redis"]);
    }

    [Fact]
    public void Build_Overlay_SaysHowManyRun_AndTakesTheRestFromTerraform()
    {
        var overlay = Documents(Build().Infrastructure.Files[$"{KubernetesManifests.Folder}/overlays/production/kustomization.yaml"]).Single();
        Text(overlay, "components", "0").ShouldBe("infrastructure");
        Text(overlay, "patches", "0", "patch")!.ShouldContain("path: /spec/minReplicas\n  value: 2");
        Build().Infrastructure.Files[$"{KubernetesManifests.Folder}/deploy.sh"].ShouldContain("terraform -chdir=\"$here/../aws\" output -raw kustomization");
    }

    [Theory]
    [InlineData("endpoint_public_access  = false", "endpoint_public_access  = true", "data.private")]
    [InlineData("resources = [\"secrets\"]", "resources = []", "data.encrypted")]
    public void Policies_ClusterThatIsOpened_Fails(string was, string becomes, string rule)
    {
        var audit = Auditor.Run(MemoryTree.Of(AwsRootTests.Shop));
        var plan = PlanBuilder.Build(audit);
        var bundle = Build().Infrastructure;
        PolicyRules.Check("default", new(plan, audit, bundle)).Single(r => r.Rule == rule).Passed.ShouldBeTrue();
        var path = $"{AwsRoot.Folder}/modules/kubernetes/main.tf";
        var open = new FileBundle(bundle.Files.SetItem(path, bundle.Files[path].Replace(was, becomes)));
        var result = PolicyRules.Check("default", new(plan, audit, open)).Single(r => r.Rule == rule);
        result.Passed.ShouldBeFalse();
        result.Evidence.ShouldContain(e => e.StartsWith($"{path}: no "));
    }

    [Fact]
    public void Cost_Eks_CountsControlPlaneAndWholeNodes()
    {
        // two nodes at 0.115 and one at 0.048 for 730 hours, as Frankfurt has them
        var items = Build().Cost.Items.ToDictionary(i => (i.Environment, i.Part, i.Item));
        items[("production", "kubernetes", "cluster-hour")].Low.ShouldBe(73);
        items[("production", "nodes", "node-hour:m6i.large")].Low.ShouldBe(167.9);
        items[("staging", "nodes", "node-hour:t3.medium")].Low.ShouldBe(35.04);
        items.Keys.ShouldNotContain(k => k.Item == "cpu-hour");
    }

    [Theory]
    [InlineData("shop", "shop")]
    [InlineData("@acme/Web_App", "acme-web-app")]
    [InlineData("3d", "s-3d")]
    [InlineData("---", "s")]
    public void Label_AnyName_IsOneThatKubernetesTakes(string name, string label) => KubernetesNames.Label(name).ShouldBe(label);

    [Fact]
    public void Nodes_PodTooLargeForTheUsualOne_GetsALargerOne()
    {
        var audit = Auditor.Run(MemoryTree.Of([.. AwsRootTests.Shop, ("api/Dockerfile", "FROM scratch\n")]));
        var production = PlanBuilder.Build(audit).Environments[^1];
        var large = production with { Services = [.. production.Services.Select(s => s with { Limits = s.Limits with { MemoryMiB = 20_000 } })] };
        EksNodes.Of(production).Type.ShouldBe("m6i.large");
        var nodes = EksNodes.Of(large);
        (nodes.Type, nodes.Most > nodes.Count).ShouldBe(("m6i.2xlarge", true));
    }
}
