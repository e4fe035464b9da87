using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;
using ProdSprint.Tests.Projects;

namespace ProdSprint.Tests.Plans.Blueprints;

/// <summary>That the rules as Rego are the same as those built in, as far as it can be seen without an engine that evaluates them.</summary>
public sealed class RegoRulesTests
{
    [Fact]
    public void Text_EveryRuleThatAProfileAsksFor_IsWrittenAsRegoToo()
    {
        foreach (var rule in PolicyRules.Names) RegoRules.Text.ShouldContain($"\"{rule}\"");
        foreach (var demand in PolicyCatalogue.Current.Profiles.Values.SelectMany(p => p.Rules).Where(d => d.Rule is "canary.first-step" or "logs.days" or "zones.several" or "backup.days"))
            demand.Limit.ShouldNotBeNull($"{demand.Rule}: Rego has no answer where there is no limit");
    }

    [Fact]
    public void Text_LinesOfModules_AreThoseOfTheBuiltInRules()
    {
        var required = Regex.Matches(RegoRules.Text, """\["(/\w+/)", `([^`]+)`\]""").Select(m => (Module: m.Groups[1].Value, Line: m.Groups[2].Value)).ToList();
        required.Count.ShouldBe(14);
        var audit = Auditor.Run(MemoryTree.Of(AwsRootTests.Shop));
        var plan = PlanBuilder.Build(audit);
        foreach (var (module, line) in required)
        {
            var bundle = BlueprintBuilder.Build("shop", plan, audit, new(Compute: module is "/kubernetes/" or "/balancer/" ? ComputePlatform.Eks : ComputePlatform.Ecs), "default").Infrastructure;
            var path = bundle.Files.Keys.Single(p => p.EndsWith($"/modules{module}main.tf", StringComparison.Ordinal));
            Failed(bundle).ShouldBe(0, $"{module} {line}");
            Failed(new(bundle.Files.SetItem(path, Regex.Replace(bundle.Files[path], line, "gone")))).ShouldBe(1, $"{module} {line}");
        }

        int Failed(FileBundle files) => PolicyRules.Check("hipaa", new(plan, audit, files)).Count(r => !r.Passed && (r.Rule == "transport.tls" || r.Rule.StartsWith("data.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Input_HasTheFactsThatTheRulesName()
    {
        var audit = Auditor.Run(MemoryTree.Of(AwsRootTests.Shop));
        var plan = PlanBuilder.Build(audit);
        var facts = new PolicyFacts(plan, audit, BlueprintBuilder.Build("shop", plan, audit, new(), "soc2").Infrastructure);
        var input = JsonNode.Parse(RegoRules.Input("soc2", facts))!;
        ((int)input["schema"]!, (double)input["demands"]![15]!["limit"]!).ShouldBe((1, 2));
        input["plan"]!["policy"]!["approval"]!.ToString().ShouldBe("oncePerExecution");
        input["plan"]!["policy"]!["strategy"]!.ToString().ShouldBe("canary");
        ((double)input["plan"]!["policy"]!["steps"]![0]!["weightPercent"]!).ShouldBe(1);
        input["plan"]!["environments"]!.AsArray()[^1]!["services"]![0]!["name"]!.ToString().ShouldBe("api");
        input["plan"]!["steps"]![0]!["reversibility"].ShouldNotBeNull();
        input["audit"]!["gaps"]!.AsArray().ShouldContain(g => g!["code"]!.ToString() == "lockfile.missing");
        input["infrastructure"]!["infrastructure/aws/environments/production.tfvars"]!.ToString().ShouldContain("log_days");
        RegoRules.Input("soc2", facts).ShouldBe(RegoRules.Input("soc2", facts));
    }

    [Fact]
    public void Files_AreTheRulesAndTheProfiles() => RegoRules.Files.Files.Keys.ShouldBe(["infrastructure/policies/prodsprint.rego", "infrastructure/policies/profiles.json"]);
}
