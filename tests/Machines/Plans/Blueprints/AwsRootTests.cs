using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Plans.Blueprints.Pipelines;
using ProdSprint.Projects;
using ProdSprint.Tests.Projects;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class AwsRootTests
{
    internal static readonly (string, string)[] Shop =
    [
        ("web/package.json", """{ "name": "web", "scripts": { "start": "node server.js" }, "dependencies": { "express": "5", "ioredis": "5" } }"""),
        ("web/server.js", "require('express')().listen(process.env.PORT || 3000); fetch(process.env.API_URL); process.env.SESSION_SECRET"),
        ("api/package.json", """{ "name": "api", "scripts": { "start": "node server.js" }, "dependencies": { "fastify": "5", "pg": "8", "mysql2": "3", "@aws-sdk/client-s3": "3", "mongodb": "6" } }"""),
        ("api/server.js", "require('fastify')().listen({ port: process.env.PORT || 3000 }); process.env.STRIPE_API_KEY"),
        ("prodsprint.yml", "entry: web\nservices:\n  web:\n    env:\n      GREETING: 'say \"${hello}\"'\n"),
    ];

    private static FileBundle Build(params (string, string)[] files)
    {
        var audit = Auditor.Run(MemoryTree.Of(files));
        var plan = PlanBuilder.Build(audit);
        return AwsRoot.Build("shop", plan, AwsNeeds.Of(plan, audit), new("eu-central-1", "shop.example.com"));
    }

    [Fact]
    public void Build_EveryKindOfNeed_FitsTheProvidersSchemaAndItself() =>
        TerraformFolder.Read(Build(Shop), AwsRoot.Folder).Faults(ProviderSchema.Aws).ShouldBeEmpty();

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Build_AnyRepository_FitsTheProvidersSchemaAndItself(string name)
    {
        var audit = Auditor.Run(AuditCases.Tree(name));
        var plan = PlanBuilder.Build(audit);
        var bundle = AwsRoot.Build("app", plan, AwsNeeds.Of(plan, audit), new());
        TerraformFolder.Read(bundle, AwsRoot.Folder).Faults(ProviderSchema.Aws).ShouldBeEmpty();
        bundle.Json().ShouldBe(AwsRoot.Build("app", plan, AwsNeeds.Of(plan, audit), new()).Json());
        var kubernetes = AwsRoot.Build("app", plan, AwsNeeds.Of(plan, audit), new(Compute: ComputePlatform.Eks));
        TerraformFolder.Read(kubernetes, AwsRoot.Folder).Faults(ProviderSchema.Aws).ShouldBeEmpty();
        ClusterManifests.Faults(kubernetes).ShouldBeEmpty();
    }

    [Fact]
    public void Faults_WrongArgument_AreFound()
    {
        var bundle = Build(Shop);
        var path = $"{AwsRoot.Folder}/modules/database/main.tf";
        var broken = new FileBundle(bundle.Files.SetItem(path, bundle.Files[path].Replace("storage_encrypted ", "encrypted ").Replace("var.backup_days", "var.backups")));
        var faults = TerraformFolder.Read(broken, AwsRoot.Folder).Faults(ProviderSchema.Aws).ToList();
        faults.ShouldContain(f => f.Contains("no argument encrypted"));
        faults.ShouldContain(f => f.Contains("var.backups is not declared"));
    }

    [Fact]
    public void Build_Shop_HasWhatItNeedsAndNoMore()
    {
        var modules = Build(Shop).Files.Keys.Where(p => p.Contains("/modules/")).Select(p => p.Split('/')[3]).Distinct();
        modules.ShouldBe(["cache", "certificate", "cluster", "database", "edge", "network", "push", "service", "storage"]);
        Build(Shop[0..2]).Files.Keys.ShouldNotContain(p => p.Contains("/database/") || p.Contains("/storage/"));
        var audit = Auditor.Run(MemoryTree.Of(Shop));
        AwsNeeds.Of(PlanBuilder.Build(audit), audit).Elsewhere.ShouldBe(["mongodb"]);
    }

    [Fact]
    public void Build_Secrets_AreNamedAndHaveNoValueAnywhere()
    {
        var bundle = Build(Shop);
        var values = bundle.Files[$"{AwsRoot.Folder}/environments/production.tfvars"];
        values.ShouldContain("""secrets      = ["STRIPE_API_KEY"]""");
        values.ShouldContain("= \"say \\\"$${hello}\\\"\"");
        foreach (var text in bundle.Files.Values) text.ShouldNotContain("aws_secretsmanager_secret_version");
    }

    [Fact]
    public void Build_ThePipelinesRole_IsTheRepositorysAndItsBranches_AndPushesToTheirRepositoriesAlone()
    {
        var audit = Auditor.Run(MemoryTree.Of(Shop));
        var plan = PlanBuilder.Build(audit);
        var bundle = AwsRoot.Build("shop", plan, AwsNeeds.Of(plan, audit), new("eu-central-1", Repository: BlueprintOptions.GitHubName("https://github.com/acme/shop.git")));
        TerraformFolder.Read(bundle, $"{AwsRoot.Folder}/pipeline").Faults(ProviderSchema.Aws).ShouldBeEmpty();
        var values = bundle.Files[$"{AwsRoot.Folder}/pipeline/terraform.tfvars"];
        values.ShouldContain("\"acme/shop\"");
        values.ShouldContain("""["shop-staging/api", "shop-staging/web", "shop-production/api", "shop-production/web"]""");
        var role = bundle.Files[$"{AwsRoot.Folder}/modules/push/main.tf"];
        role.ShouldNotContain("StringLike");
        // the one right that no repository can be named for
        role.Split('\n').Count(l => l.Contains("\"*\"")).ShouldBe(1);
        foreach (var word in (string[])["ecr:Delete", "ecr:*", "iam:"]) role.ShouldNotContain($"\"{word}");
        var workflow = PipelineFiles.Build("shop", plan, audit).Files[GitHubWorkflow.Path];
        foreach (var repository in (string[])["shop-staging/api", "shop-production/web"]) workflow.ShouldContain(repository);
        workflow.ShouldContain("branches: [main, master]");
        values.ShouldContain("""["main", "master"]""");
    }

    [Theory]
    [InlineData("https://github.com/acme/shop", "acme/shop")]
    [InlineData("git@github.com:acme/my.shop.git", "acme/my.shop")]
    [InlineData("ssh://git@github.com/acme/shop.git", "acme/shop")]
    [InlineData("https://github.com.evil.example/acme/shop", null)]
    [InlineData("https://gitlab.com/acme/shop", null)]
    [InlineData("/src/github.com/acme/shop", null)]
    [InlineData("https://github.com/acme/*", null)]
    public void GitHubName_OnlyOfGitHubItself(string source, string? name) => BlueprintOptions.GitHubName(source).ShouldBe(name);

    [Theory]
    [InlineData(100, null, 256, 512)]
    [InlineData(513, null, 256, 1024)]
    [InlineData(512, 1, 1024, 2048)]
    [InlineData(5000, 2, 2048, 5120)]
    [InlineData(500_000, 64, 16384, 122880)]
    public void Task_SmallestThatHolds(int memoryMiB, int? cpus, int cpu, int memory) => AwsSizes.Task(memoryMiB, cpus).ShouldBe((cpu, memory));
}
