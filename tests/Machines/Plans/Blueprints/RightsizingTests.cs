using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Projects;
using ProdSprint.Telemetry;
using ProdSprint.Tests.Projects;

namespace ProdSprint.Tests.Plans.Blueprints;

public sealed class RightsizingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private static (PlanDocument Plan, AuditReport Audit) App(string limits, params (string, string)[] more)
    {
        var audit = Auditor.Run(MemoryTree.Of([
            ("package.json", """{ "name": "app", "scripts": { "start": "node server.js" } }"""), ("server.js", "require('http').createServer().listen(process.env.PORT || 3000)"),
            ("prodsprint.yml", $"services:\n  app:\n    health: /\n{limits}"), .. more]));
        return (PlanBuilder.Build(audit), audit);
    }

    /// <summary>So many hours, up to now, of 240 looks each.</summary>
    private static IEnumerable<UsageHour> Hours(int hours, double cores, double memoryMiB, string environment = "production", string service = "app") => Enumerable.Range(1, hours).Select(n =>
        new UsageHour(environment, service, UsageHour.Of(Now.AddHours(-n)), UsageHistogram.Of(Enumerable.Repeat(cores, 240)), UsageHistogram.Of(Enumerable.Repeat(memoryMiB, 240)), 512, null));

    private static Blueprint Build((PlanDocument Plan, AuditReport Audit) app, IEnumerable<UsageHour> hours, BlueprintOptions? options = null, DateTimeOffset? lastRequest = null, RightsizingOptions? sizing = null) =>
        BlueprintBuilder.Build("app", app.Plan, app.Audit, options ?? new(), "default", null, ObservedUse.Of(Now, [.. hours], lastRequest ?? Now), sizing);

    private static Saving? Sizing(Blueprint made, string service = "app") => made.Cost.Savings.SingleOrDefault(s => s.Code == $"rightsize.{service}");

    [Fact]
    public void Find_FarTooLarge_ProposesTheSizeThatKeepsItsHeadroom_WithWhatItSaves()
    {
        var app = App("    memory: 4096\n    cpus: 4\n");
        var (before, saving) = (Build(app, Hours(48, 0.7, 700)).Cost, Sizing(Build(app, Hours(48, 0.7, 700)))!);
        saving.Kind.ShouldBe(SavingKind.Saving);
        // 700 MiB leave 30 % of 1024 free, and 0.7 processors 40 % of two, not of one.
        saving.Change!.Limits!.Value.ShouldBe([new("app", 1024, 2)]);
        saving.How.ShouldBe("Set memory 4096 to 1024 MiB and cpus 4 to 2: in 48 hours it used at most 700 MiB, and at most 0.7 processors 95 % of the time");
        var smaller = Build((SavingChanges.Apply(app.Plan, [saving]), app.Audit), Hours(48, 0.7, 700));
        (before.Low - smaller.Cost.Low).ShouldBe(saving.Monthly, 0.01);
        saving.Monthly.ShouldBeGreaterThan(100);
        Sizing(smaller).ShouldBeNull("it fits");
    }

    [Theory]
    [InlineData(23, 240)] // a day is not known yet
    [InlineData(48, 20)] // looked at too seldom
    public void Find_TooLittleIsKnown_ProposesNothing(int hours, int looks)
    {
        var use = Enumerable.Range(1, hours).Select(n => new UsageHour(
            "production", "app", UsageHour.Of(Now.AddHours(-n)), UsageHistogram.Of(Enumerable.Repeat(0.1, looks)), UsageHistogram.Of(Enumerable.Repeat(100.0, looks)), 4096, null));
        Sizing(Build(App("    memory: 4096\n"), use)).ShouldBeNull();
    }

    [Fact]
    public void Find_StagingAlone_ProposesNothing_ButItsPeakCounts()
    {
        Sizing(Build(App("    memory: 4096\n"), Hours(100, 0.1, 100, "staging"))).ShouldBeNull();
        Sizing(Build(App("    memory: 4096\n"), [.. Hours(48, 0.05, 100), .. Hours(2, 0.05, 1400, "staging")]))!.Change!.Limits!.Value.Single().MemoryMiB.ShouldBe(2048);
    }

    [Fact]
    public void Find_NearItsMemory_IsAWarningThatCostsMore()
    {
        var saving = Sizing(Build(App("    memory: 1024\n"), Hours(48, 0.05, 980)))!;
        (saving.Kind, saving.Change!.Limits!.Value.Single()).ShouldBe((SavingKind.Risk, new LimitsChange("app", 1536, null)));
        saving.Monthly.ShouldBeLessThan(0);
        Sizing(Build(App("    memory: 1024\n"), Hours(48, 0.05, 860))).ShouldBeNull("a sixth is free, which is more than half of its headroom");
    }

    [Fact]
    public void Find_MoreProcessorsThanComeWithItsMemory_IsAWarning()
    {
        var saving = Sizing(Build(App("    memory: 512\n"), Hours(48, 0.5, 100)))!;
        (saving.Kind, saving.Change!.Limits!.Value.Single()).ShouldBe((SavingKind.Risk, new LimitsChange("app", null, 1)));
        saving.How.ShouldContain("0.25 come with its memory");
    }

    [Fact]
    public void Find_LessMemoryWouldBringTooFewProcessors_StopsWhereTheyAreEnough()
    {
        // 4096 MiB come with half a processor, 2048 with a quarter.
        Sizing(Build(App("    memory: 8192\n"), Hours(48, 0.28, 100)))!.Change!.Limits!.Value.Single().MemoryMiB.ShouldBe(3072);
        Sizing(Build(App("    memory: 8192\n"), Hours(48, 0.1, 100)))!.Change!.Limits!.Value.Single().MemoryMiB.ShouldBe(192);
    }

    [Fact]
    public void Find_OnKubernetes_SavesOnlyWhereNodesBecomeFewer()
    {
        var eks = new BlueprintOptions(Compute: ComputePlatform.Eks);
        Sizing(Build(App("    memory: 1024\n"), Hours(48, 0.05, 100), eks)).ShouldBeNull("the nodes stay as many");
        Sizing(Build(App("    memory: 30000\n"), Hours(48, 0.05, 100), eks))!.Monthly.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Find_IdleProduction_IsSaid_AndNoSizeIsTakenFromIt()
    {
        var savings = Build(App("    memory: 8192\n"), Hours(24 * 12, 0.01, 50), lastRequest: Now.AddDays(-9)).Cost.Savings;
        savings.ShouldNotContain(s => s.Code == "rightsize.app");
        var idle = savings.Single(s => s.Code == "idle.production");
        (idle.Title, idle.Change).ShouldBe(("No request has reached production for 9 days", null));
        Build(App("    memory: 8192\n"), Hours(24 * 5, 0.01, 50), lastRequest: Now.AddDays(-9)).Cost.Savings.ShouldNotContain(s => s.Code == "idle.production", "only five days are known");
        Build(App("    memory: 8192\n"), Hours(24 * 12, 0.01, 50), lastRequest: Now.AddDays(-1)).Cost.Savings.ShouldContain(s => s.Code == "rightsize.app");
    }

    [Fact]
    public void Find_NoRequestEver_TakesNoSize()
    {
        var app = App("    memory: 8192\n");
        BlueprintBuilder.Build("app", app.Plan, app.Audit, new(), "default", null, ObservedUse.Of(Now, [.. Hours(48, 0.01, 50)], null)).Cost.Savings.ShouldNotContain(s => s.Code == "rightsize.app");
    }

    [Fact]
    public void Find_StagingThatRanAFewHours_AsksForTwiceThose()
    {
        var idle = Build(App(""), [.. Hours(24 * 10, 0.01, 50), .. Hours(12, 0.01, 50, "staging")]).Cost.Savings.Single(s => s.Code == "idle.staging");
        idle.Title.ShouldBe("Staging ran in 12 hours of 10 days");
        idle.Change!.StagingHours.ShouldBe(73);
        Build(App(""), Hours(48, 0.01, 50)).Cost.Savings.Single(s => s.Code == "idle.staging").Change!.StagingHours.ShouldBe(260, "two days say nothing");
    }

    [Fact]
    public void Change_OfEverySaving_SavesWhatItSays()
    {
        var app = App("    memory: 8192\n");
        UsageHour[] seen = [.. Hours(24 * 10, 0.01, 50), .. Hours(12, 0.01, 50, "staging")];
        var made = Build(app, seen);
        made.Cost.Savings.Count(s => s.Change is not null).ShouldBeGreaterThanOrEqualTo(3);
        foreach (var saving in made.Cost.Savings.Where(s => s.Change is not null))
        {
            var after = Build((SavingChanges.Apply(app.Plan, [saving]), app.Audit), seen, SavingChanges.Apply(new BlueprintOptions(), [saving]));
            (made.Cost.Low - after.Cost.Low).ShouldBe(saving.Monthly, 0.1, saving.Code);
            after.Cost.Savings.ShouldNotContain(s => s.Code == saving.Code);
        }
        var one = SavingChanges.Apply(new BlueprintOptions(), [made.Cost.Savings.Single(s => s.Code == "gateway.single")]);
        Build(app, [], one).Infrastructure.Files["infrastructure/aws/environments/production.tfvars"].ShouldContain("gateway_per_zone = false");
    }

    [Fact]
    public void Find_ProcessThatNoFileNames_IsAdviceOnly()
    {
        var app = App("    memory: 512\n", ("Procfile", "web: node server.js\nmailer: node mailer.js\n"));
        var other = app.Plan.Environments[^1].Services.Select(s => s.Name).Single(n => n != "app");
        var advice = Sizing(Build(app, Hours(48, 0.01, 500, service: other)), other)!;
        (advice.Kind, advice.Change).ShouldBe((SavingKind.Risk, null));
    }

    [Fact]
    public void Choose_UnknownOrAdvice_IsRefused()
    {
        ImmutableArray<Saving> savings = [new("cdn.cache", "", 1, ""), new("rightsize.app", "", 1, "") { Change = new() }];
        SavingChanges.Choose(savings, ["rightsize.app"], out var refused).ShouldHaveSingleItem();
        refused.ShouldBeNull();
        SavingChanges.Choose(savings, ["rightsize.app", "cdn.cache"], out refused);
        refused.ShouldBe("cdn.cache");
        SavingChanges.Choose(savings, ["rightsize.b"], out refused);
        refused.ShouldBe("rightsize.b");
    }
}
