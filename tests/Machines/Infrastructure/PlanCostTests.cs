using System.Text.Json;
using ProdSprint.Infrastructure;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Releases;

namespace ProdSprint.Machines.Infrastructure;

/// <summary>The difference that a plan makes to a month's bill. The plan of AWS resources is written after Terraform's documented JSON format, not by Terraform.</summary>
public sealed class PlanCostTests
{
    private static readonly string Aws = File.ReadAllText(Path.Combine(JudgeCases.Folder, "terraform-plan-aws.json"));

    private static string Json(params string[] resources) => $$"""{"format_version":"1.2","resource_changes":[{{string.Join(',', resources)}}]}""";

    private static string Resource(string type, string before, string after, string module = "") =>
        $$"""{"address":"{{(module.Length == 0 ? "" : module + ".")}}{{type}}.this","module_address":"{{module}}","mode":"managed","type":"{{type}}","change":{"actions":["update"],"before":{{before}},"after":{{after}} } }""";

    [Fact]
    public void Of_PlanOfEveryKindOfChange_CountsWhatIsThereBeforeAndAfter()
    {
        var cost = PlanCost.Of(Aws);
        (cost.Before, cost.After, cost.Change, cost.Billed).ShouldBe((131.33, 234.22, 102.89, true));
        cost.Items[0].ShouldBe(new("module.postgres.aws_db_instance.this", "database-hour:db.t4g.medium", 0, 94.9));
        cost.Items.ShouldContain(i => i == new CostDifferenceItem("module.cache.aws_elasticache_replication_group.this", "cache-hour:cache.t4g.small", 37.38, 0));
        cost.Items.ShouldContain(i => i == new CostDifferenceItem("module.service[\"web\"].aws_ecs_service.this", "cpu-hour", 14.78, 29.55));
        cost.Items.ShouldNotContain(i => i.Before == i.After);
        (cost.Currency, cost.PriceDate).ShouldBe((PriceBook.Current.Currency, PriceBook.Current.Date));
    }

    [Fact]
    public void Of_WhatHasNoPrice_IsNamedWithTheReason()
    {
        var unpriced = PlanCost.Of(Aws).Unpriced.ToDictionary(u => u.Address, u => u.Why);
        unpriced.Keys.ShouldBe(["aws_db_instance.reports", "aws_instance.bastion", "module.edge.aws_cloudfront_distribution.this"], ignoreOrder: true);
        unpriced["aws_db_instance.reports"].ShouldContain("has no database-hour:db.r6g.large");
        unpriced["aws_instance.bastion"].ShouldContain("no price is known for aws_instance");
        unpriced["module.edge.aws_cloudfront_distribution.this"].ShouldBe("billed by what is used");
    }

    [Fact]
    public void Of_Kubernetes_NodesAndTheirDisks()
    {
        var cost = PlanCost.Of(Json(
            Resource("aws_eks_cluster", "null", """{"name":"shop"}""", "module.kubernetes"),
            Resource("aws_eks_node_group", "null", """{"instance_types":["m6i.large"],"capacity_type":"ON_DEMAND","scaling_config":[{"desired_size":2,"max_size":4,"min_size":2}]}""", "module.kubernetes"),
            Resource("aws_launch_template", "null", """{"block_device_mappings":[{"device_name":"/dev/xvda","ebs":[{"volume_size":4}]},{"device_name":"/dev/xvdb","ebs":[{"volume_size":30}]}]}""", "module.kubernetes")));
        cost.Items.Select(i => (i.Item, i.After)).ShouldBe([("node-hour:m6i.large", 140.16), ("cluster-hour", 73), ("volume-gib-month", 5.44)]);
        cost.Unpriced.ShouldBeEmpty();
    }

    [Fact]
    public void Of_WhatIsKnownOnlyLater_IsNotTakenForNothing()
    {
        PlanCost.Of(Json(Resource("aws_elasticache_replication_group", "null", """{"node_type":"cache.t4g.micro"}"""))).Unpriced.Single().Why.ShouldBe("num_cache_clusters is known only once it is there");
        PlanCost.Of(Json(Resource("aws_ecs_service", "null", """{"desired_count":2,"launch_type":"FARGATE"}"""))).Unpriced.Single().Why.ShouldContain("task");
        PlanCost.Of(Json(Resource("aws_route53_zone", "null", "{}"))).Unpriced.ShouldHaveSingleItem("not a record, which is free");
    }

    [Fact]
    public void Of_TheTargetLocal_NothingIsBilled()
    {
        var cost = PlanCost.Of(Json(Resource("terraform_data", "null", """{"input":{"name":"data"}}"""), Resource("terraform_data", """{"input":{}}""", "null")));
        (cost.Billed, cost.Before, cost.After, cost.Change).ShouldBe((false, 0, 0, 0));
        PlanCost.Say(cost).ShouldBe("nothing of this is billed");
    }

    [Fact]
    public void Say_Aws_TheDifferenceAndWhatIsNotInIt() =>
        PlanCost.Say(PlanCost.Of(Aws)).ShouldBe(
            "+102.89 USD a month (131.33 → 234.22, list prices of 2025-11-01 in us-east-1), without 3 that have no fixed price: aws_db_instance.reports, aws_instance.bastion, module.edge.aws_cloudfront_distribution.this");

    [Fact]
    public void Of_ManyDifferences_AreBounded_AndTheSumIsOfAll()
    {
        var cost = PlanCost.Of(Json([.. Enumerable.Range(0, 250).Select(i => Resource("aws_kms_key", "null", "{}", $"module.m{i}"))]));
        (cost.Items.Length, cost.Left, cost.After).ShouldBe((CostDifference.Most, 150, 250));
    }

    [Theory]
    [InlineData("[]"), InlineData("no json")]
    public void Of_WhatIsNoPlan_IsRefused(string json) => Should.Throw<JsonException>(() => PlanCost.Of(json));

    [Fact]
    public void Of_SamePlan_SameAnswer() => System.Text.Json.JsonSerializer.Serialize(PlanCost.Of(Aws)).ShouldBe(System.Text.Json.JsonSerializer.Serialize(PlanCost.Of(Aws)));
}
