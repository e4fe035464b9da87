using System.Text.Json;
using ProdSprint.Infrastructure;

namespace ProdSprint.Machines.Infrastructure;

public sealed class TerraformPlanTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    private static string Resource(string name, string actions, string before, string after, string? reason = null) =>
        $$"""{"address":"terraform_data.{{name}}","change":{"actions":{{actions}},"before":{{before}},"after":{{after}}}{{(reason is null ? "" : $",\"action_reason\":\"{reason}\"")}}}""";

    private static string Json(params string[] resources) => $$"""{"format_version":"1.2","resource_changes":[{{string.Join(',', resources)}}]}""";

    [Fact]
    public void Changes_OfEveryKind_AreReadInOrder()
    {
        var json = Json(
            Resource("role", """["create"]""", "null", """{"input":{"name":"r"}}"""), Resource("access", """["no-op"]""", "{}", "{}"),
            Resource("database", """["delete","create"]""", """{"input":{"name":"d"}}""", """{"input":{"name":"d"}}""", "replace_by_request"),
            Resource("secret", """["delete"]""", """{"input":{"name":"s","mode":"0600"}}""", "null"), Resource("tree", """["update"]""", """{"input":{"a":1}}""", """{"input":{"a":2}}"""));
        TerraformPlan.Changes(json, new Dictionary<string, string> { ["terraform_data.database"] = "it is not there" }).ShouldBe([
            new("terraform_data.database", InfrastructureAction.Repair, """{"name":"d"}""", """{"name":"d"}""", "it is not there"),
            new("terraform_data.role", InfrastructureAction.Create, null, """{"name":"r"}""", null),
            new("terraform_data.secret", InfrastructureAction.Delete, """{"mode":"0600","name":"s"}""", null, null),
            new("terraform_data.tree", InfrastructureAction.Update, """{"a":1}""", """{"a":2}""", null),
        ]);
    }

    [Theory]
    [InlineData("[]"), InlineData("""{"format_version":"2.0"}"""), InlineData("no json")]
    public void Changes_OfWhatIsNoPlan_AreRefused(string json) => Should.Throw<JsonException>(() => TerraformPlan.Changes(json, Nothing));

    [Fact]
    public void Beyond_WhatIsLeftOfAnApprovedPlan_IsAllowed_AndNothingElse()
    {
        InfrastructureChange Create(string name, string after = "{}") => new($"terraform_data.{name}", InfrastructureAction.Create, null, after, null);
        InfrastructureChange[] approved = [Create("role"), Create("database")];
        TerraformPlan.Beyond([Create("database")], [.. approved]).ShouldBeNull();
        TerraformPlan.Beyond([], [.. approved]).ShouldBeNull();
        TerraformPlan.Beyond([Create("database") with { Action = InfrastructureAction.Repair, Before = "{}", Why = "its last change did not end" }], [.. approved]).ShouldBeNull("made and not finished");
        TerraformPlan.Beyond([Create("access")], [.. approved])!.Address.ShouldBe("terraform_data.access");
        TerraformPlan.Beyond([Create("database", """{"x":1}""")], [.. approved]).ShouldNotBeNull("other content");
        TerraformPlan.Beyond([Create("database") with { Action = InfrastructureAction.Delete, After = null, Before = "{}" }], [.. approved]).ShouldNotBeNull("another action");
    }

    [Fact]
    public void Digest_ChangesWithEverythingAnApproverAnswersFor()
    {
        var plan = new InfrastructurePlan(1, false, [], "sha256:files", "sha256:file", 0, "tofu", "");
        InfrastructurePlan[] others = [plan with { Destroy = true }, plan with { PlanFileDigest = "sha256:x" }, plan with { ConfigurationDigest = "sha256:x" }, plan with { StateVersion = 1 }, plan with { Changes = [new("a", InfrastructureAction.Create, null, "{}", null)] }];
        others.Append(plan).Select(TerraformPlan.Digest).ShouldBeUnique();
        TerraformPlan.Digest(plan with { Digest = "sha256:own" }).ShouldBe(TerraformPlan.Digest(plan));
    }

    [Fact]
    public void LocalConfiguration_SameEnvironment_SameBytes_AndNoOtherName()
    {
        var files = LocalConfiguration.Files("acme", "shop", "production");
        files["main.tf"].ShouldBe(LocalConfiguration.Files("acme", "shop", "production")["main.tf"]);
        files["main.tf"].ShouldContain("backend \"http\" {}");
        files["main.tf"].ShouldNotContain("required_providers", Case.Sensitive, "nothing is downloaded");
        (string, string, string)[] close = [("acme", "shop", "production"), ("acme", "shop", "staging"), ("acm", "eshop", "production"), ("acme", "shop_production", "x"), ("acme", new string('a', 80), "staging"), ("acme", new string('a', 81), "staging")];
        close.Select(e => LocalConfiguration.DatabaseName(e.Item1, e.Item2, e.Item3)).ShouldBeUnique();
        foreach (var (workspace, project, environment) in close) LocalConfiguration.DatabaseName(workspace, project, environment).ShouldMatch("^ps_[a-z0-9_]{1,60}$");
    }
}
