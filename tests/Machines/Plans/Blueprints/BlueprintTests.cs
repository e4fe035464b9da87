using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;
using ProdSprint.Tests.Projects;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class BlueprintTests
{
    private static (PlanDocument Plan, AuditReport Audit) App(params (string, string)[] more)
    {
        var audit = Auditor.Run(MemoryTree.Of([
            ("package.json", """{ "name": "app", "scripts": { "start": "node server.js" }, "dependencies": { "pg": "8" } }"""),
            ("server.js", "require('http').createServer().listen(process.env.PORT || 3000); process.env.API_TOKEN"), .. more]));
        return (PlanBuilder.Build(audit), audit);
    }

    private static Blueprint Build((PlanDocument Plan, AuditReport Audit) app, string profile = "default", BlueprintOptions? options = null, (PlanDocument, AuditReport)? approved = null) =>
        BlueprintBuilder.Build("app", app.Plan, app.Audit, options ?? new(), profile, approved);

    [Fact]
    public void Policies_EveryRuleOfEveryProfile_IsThereAndEveryRuleIsAskedFor()
    {
        foreach (var profile in PolicyCatalogue.Current.Profiles.Keys) PolicyRules.Check(profile, new(App().Plan, App().Audit, Build(App()).Infrastructure)).ShouldNotBeEmpty();
        PolicyCatalogue.Current.Profiles.Values.SelectMany(p => p.Rules).Select(r => r.Rule).Distinct().Order().ShouldBe(PolicyRules.Names.Order());
        PolicyProfiles.Names.Order().ShouldBe(PolicyCatalogue.Current.Profiles.Keys);
    }

    [Fact]
    public void Policies_SecretInTree_BlocksWithItsPlaceAndControl()
    {
        var result = Build(App(("config.js", "const key = 'AKIA" + "IOSFODNN7EXAMPL2';\n")), "soc2").Policies.Single(p => p.Rule == "secrets.tree");
        (result.Passed, result.Level, result.Profile).ShouldBe((false, PolicyLevel.Block, "soc2 v2"));
        result.Controls.ShouldBe(["CC6.1"]);
        result.Evidence.ShouldContain(e => e.Contains("config.js:1"));
        result.Evidence.ShouldAllBe(e => !e.Contains("AKIA"));
        result.Remediation.ShouldNotBeNull();
    }

    [Fact]
    public void Policies_Encryption_NamesTheLineThatSaysSo()
    {
        var result = Build(App()).Policies.Single(p => p.Rule == "data.encrypted");
        result.Passed.ShouldBeTrue();
        var place = result.Evidence.Single(e => e.Contains("/database/"));
        var (path, line) = (place.Split(':')[0], int.Parse(place.Split(':')[1]));
        Build(App()).Infrastructure.Files[path].Split('\n')[line - 1].ShouldContain("storage_encrypted");
    }

    [Fact]
    public void Policies_LineGoneFromTheModule_Fails()
    {
        var (plan, audit) = App();
        var files = Build((plan, audit)).Infrastructure.Files;
        var path = $"{AwsRoot.Folder}/modules/database/main.tf";
        var open = new FileBundle(files.SetItem(path, files[path].Replace("publicly_accessible                 = false", "publicly_accessible                 = true")));
        open.Files[path].ShouldNotBe(files[path]);
        PolicyRules.Check("default", new(plan, audit, open)).Single(p => p.Rule == "data.private").Passed.ShouldBeFalse();
    }

    [Fact]
    public void Cost_EveryItemHasAPriceAtEveryProvider_AndTheSumIsTheirs()
    {
        var cost = Build(App(("cache.js", "")), options: new()).Cost;
        cost.Low.ShouldBe(cost.Items.Sum(i => i.Low), 0.01);
        cost.High.ShouldBeGreaterThan(cost.Low);
        cost.Elsewhere.Keys.ShouldBe(["azure", "gcp"]);
        cost.Change.ShouldBeNull();
        foreach (var item in PriceBook.Current.Providers["aws"].Prices.Keys)
            foreach (var provider in PriceBook.Current.Providers.Keys) PriceBook.Current.Price(provider, item).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Cost_InAKnownRegion_HasItsPrices_AndWhatTheBookLacksIsNamed()
    {
        var made = Build(App(), options: new("eu-central-1"));
        made.Cost.Region.ShouldBe("eu-central-1");
        var items = made.Cost.Items.ToDictionary(i => (i.Environment, i.Part, i.Item));
        items[("production", "app", "cpu-hour")].ShouldSatisfyAllConditions(i => i.UnitPrice.ShouldBe(0.04656), i => i.PriceOf.ShouldBeNull());
        items[("production", "postgres", "database-hour:db.t4g.medium")].PriceOf.ShouldBe("us-east-1");
        made.Notes.Single(n => n.Contains("price book")).ShouldBe("The price book has no price of eu-central-1 for database-gib-month, database-hour:db.t4g.medium, database-hour:db.t4g.small: those are of us-east-1.");
        Build(App(), approved: App(), options: new("eu-central-1")).Cost.Change.ShouldBe(0);
        Build(App(), options: new("us-west-2")).Notes.ShouldNotContain(n => n.Contains("price"));
        var unknown = Build(App(), options: new("sa-east-1"));
        unknown.Cost.Region.ShouldBe("us-east-1");
        unknown.Notes.ShouldContain(n => n.Contains("sa-east-1") && n.Contains("prices are those of us-east-1"));
    }

    [Fact]
    public void PriceBook_EveryRegionsPriceIsOfAnItemThatIsKnown()
    {
        foreach (var provider in PriceBook.Current.Providers.Values)
            foreach (var prices in provider.Regions?.Values ?? [])
                foreach (var (item, price) in prices)
                {
                    provider.Prices.ShouldContainKey(item);
                    price.ShouldBeInRange(provider.Prices[item] * 0.8, provider.Prices[item] * 2);
                }
    }

    [Fact]
    public void Cost_KnownQuantities_AreThePriceBooksProducts()
    {
        var items = Build(App()).Cost.Items.ToDictionary(i => (i.Environment, i.Part, i.Item));
        // Two copies of 0.25 processors for 730 hours at 0.04048; a database of two nodes at 0.065.
        items[("production", "app", "cpu-hour")].Low.ShouldBe(14.78);
        items[("production", "postgres", "database-hour:db.t4g.medium")].Low.ShouldBe(94.90);
        items[("staging", "postgres", "database-hour:db.t4g.small")].Low.ShouldBe(23.36);
    }

    [Fact]
    public void Cost_MoreUsage_CostsMore_AndTheDifferenceIsToWhatIsApproved()
    {
        var app = App();
        var usual = UsageAssumptions.Usual;
        Build(app, options: new(Usage: usual with { EgressGiB = 2000 })).Cost.Low.ShouldBeGreaterThan(Build(app).Cost.Low + 100);
        Build(app, approved: app).Cost.Change.ShouldBe(0);
        var larger = App(("prodsprint.yml", "services:\n  app:\n    memory: 4096\n"));
        Build(larger, approved: app).Cost.Change!.Value.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Savings_StagingOnlyInWorkingHours_IsNoLongerOffered()
    {
        var offer = Build(App()).Cost.Savings.Single(s => s.Code == "idle.staging");
        var after = Build(App(), options: new(Usage: UsageAssumptions.Usual with { StagingHours = 260 })).Cost;
        after.Savings.ShouldNotContain(s => s.Code == "idle.staging");
        (Build(App()).Cost.Low - after.Low).ShouldBe(offer.Monthly, 0.05);
    }

    [Fact]
    public void Build_SameInput_SameBytes() => CanonicalJson.Write(Build(App())).ShouldBe(CanonicalJson.Write(Build(App())));
}
