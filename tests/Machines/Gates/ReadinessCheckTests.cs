using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Tests.Gates;

public sealed class ReadinessCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly ProjectView Project = new(
        "project/w/shop", "w", "shop", "https://git.example.com/shop.git", "live", "main", "abc", null, null, null, null, null, 1, 0, null, [], [], false, Now, 3);

    private static (AuditReport Audit, PlanView Plan) Planned(PlanStatus status = PlanStatus.Approved, params (string, string)[] more)
    {
        var audit = Auditor.Run(MemoryTree.Of([
            ("package.json", """{ "name": "app", "scripts": { "start": "node server.js", "test": "node --test" } }"""), ("package-lock.json", """{ "lockfileVersion": 3, "packages": { "": {} } }"""),
            ("server.js", "require('http').createServer((q, r) => { if (q.url === '/healthz') r.end(); }).listen(process.env.PORT || 3000);"), ("a.test.js", "require('node:test')"), .. more]));
        return (audit, new("plan/w/shop/1", "w", "shop", 1, status, null, "abc", "v1", "ana", "s", "x", "sha256:0", PlanBuilder.Build(audit), [], "ana", Now, "ben", Now, null, null, 2));
    }

    private static ReadinessItem Item(Readiness ready, string id) => ready.Items.Single(i => i.Id == id);

    [Fact]
    public void Of_ApprovedAndComplete_IsNotBlocked_AndTheSameBytesAgain()
    {
        var (audit, plan) = Planned();
        var ready = ReadinessCheck.Of(Project, plan, audit);
        ready.Blockers.ShouldBeEmpty();
        ready.Badge.Message.ShouldBe($"{ready.Items.Count(i => i.State == ItemState.Pass)} of {ready.Items.Length}");
        CanonicalJson.Write(ready).ShouldBe(CanonicalJson.Write(ReadinessCheck.Of(Project, plan, audit)));
    }

    [Fact]
    public void Of_Performance_SaysWhatIsKnown_AndOnlyABreachWarns()
    {
        var (audit, plan) = Planned();
        ReadinessItem Seen(PerformanceFacts? known, PlanView? other = null) => Item(ReadinessCheck.Of(Project, other ?? plan, audit, null, known), "performance.kept");
        Seen(null).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Pass), i => i.Seen.ShouldContain("no routes are known"));
        Seen(new("openapi.yaml", 3, null, 0, 0, [])).Seen.ShouldBe("3 routes of openapi.yaml are put under load by the next release");
        Seen(new("openapi.yaml", 3, "abcdef0123456", 3, 0, [])).Seen.ShouldBe("3 routes were measured at abcdef0123; neither budget nor baseline is there to hold them against");
        Seen(new("openapi.yaml", 3, "abc", 3, 2, [])).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Pass), i => i.Seen.ShouldContain("all 2"));
        Seen(new("openapi.yaml", 3, "abc", 3, 2, ["GET /a: p95 is 9 ms"])).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Warn), i => i.Remediation!.ShouldContain("prodsprint performance show"));
        Seen(new("openapi.yaml", 3, "abc", 3, 2, ["x"]), plan with { Document = plan.Document! with { Policy = plan.Document.Policy with { Performance = new(0, 0) } } }).Seen.ShouldBe("the policy 'default' makes no load");
    }

    [Fact]
    public void Of_NoPlan_IsBlockedWithTheNextStep()
    {
        var ready = ReadinessCheck.Of(Project, null, null);
        ready.State.ShouldBe(ReadinessState.Blocked);
        Item(ready, "plan.made").Remediation!.ShouldContain("prodsprint plan --project shop");
    }

    [Fact]
    public void Of_EachFault_IsFoundWhereItIs()
    {
        var (audit, plan) = Planned(PlanStatus.Ready, ("db.js", "module.exports = process.env.DATABASE_URL;"), ("Dockerfile", "FROM node:22\nCMD node server.js\n"));
        var ready = ReadinessCheck.Of(Project with { FrozenNow = true, Freeze = [new(Now, Now.AddDays(1), "sale")], LastOutcome = ReleaseOutcome.RolledBack, LastRelease = 4 }, plan, audit);
        ready.Blockers.Select(b => b.Id).ShouldBe(["plan.blockers", "plan.approved", "variables.set", "freeze.open"]);
        Item(ready, "variables.set").Seen.ShouldBe("app: DATABASE_URL");
        Item(ready, "release.last").Link.ShouldBe("/projects/shop/releases/4");
        Item(ready, "container.user").State.ShouldBe(ItemState.Warn);
        Item(ready, "freeze.open").Seen.ShouldBe("sale");
        ready.Badge.Color.ShouldBe("red");
    }

    [Fact]
    public void Of_WaivedBlocker_NoLongerBlocks()
    {
        var (audit, plan) = Planned(PlanStatus.Approved, ("db.js", "module.exports = process.env.DATABASE_URL;"));
        var waived = plan with { Waivers = [.. plan.Document!.Blockers.Select(b => new Waiver(b.Id, "not used", null))] };
        Item(ReadinessCheck.Of(Project, waived, audit), "plan.blockers").State.ShouldBe(ItemState.Pass);
    }

    [Fact]
    public void Of_Coverage_WarnsWhereItIsLowOrNotReported_AndBlocksOnlyWhereThePolicyWantsIt()
    {
        var (audit, plan) = Planned();
        ReadinessItem Covered(TestFacts? tests, int releases = 1, bool required = false) => Item(
            ReadinessCheck.Of(Project with { LastRelease = releases }, required ? plan with { Document = plan.Document! with { Policy = plan.Document!.Policy with { Coverage = new(80, true, true) } } } : plan, audit, tests), "tests.covered");
        Covered(null, 0).State.ShouldBe(ItemState.Pass);
        Covered(null).State.ShouldBe(ItemState.Warn);
        Covered(new("abc", null, 0)).Remediation!.ShouldContain("docs/gates.md");
        Covered(new("abc", null, 0), required: true).State.ShouldBe(ItemState.Block);
        Covered(new("abc", 79.99, 0)).State.ShouldBe(ItemState.Warn);
        Covered(new("abc", 80, 0)).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Pass), i => i.Seen.ShouldBe("80 % of lines at abc"));
    }

    [Fact]
    public void Of_TestsInQuarantine_Warns()
    {
        var (audit, plan) = Planned();
        Item(ReadinessCheck.Of(Project, plan, audit, new("abc", 90, 0)), "tests.steady").State.ShouldBe(ItemState.Pass);
        Item(ReadinessCheck.Of(Project, plan, audit, new("abc", 90, 2)), "tests.steady").ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Warn), i => i.Remediation!.ShouldContain("prodsprint tests quarantine list --project shop"), i => i.Link.ShouldBe("/projects/shop/gates/tests"));
    }

    [Fact]
    public void Of_Advisories_AreAskedFor_AndWhatIsOpenIsTold()
    {
        var (audit, plan) = Planned();
        Item(ReadinessCheck.Of(Project, plan, audit), "advisories.known").ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Warn), i => i.Remediation!.ShouldContain("prodsprint vulnerabilities import"));
        var known = Project with { Advisories = true };
        Item(ReadinessCheck.Of(known, plan, audit), "advisories.known").State.ShouldBe(ItemState.Pass);
        ReadinessItem Open(FindingFacts? findings) => Item(ReadinessCheck.Of(known, plan, audit, findings: findings), "advisories.answered");
        Open(null).State.ShouldBe(ItemState.Pass);
        Open(new("abcdef012345", true, 0, 0)).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Pass), i => i.Seen.ShouldBe("none at abcdef0123"));
        Open(new("abc", true, 2, 0)).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Warn), i => i.Seen.ShouldContain("2 of high or critical"));
    }

    [Fact]
    public void Of_Licences_CountWhereThePolicyNamesThem()
    {
        var (audit, plan) = Planned();
        var judged = plan with { Document = plan.Document! with { Policy = plan.Document.Policy with { Licences = new([], ["AGPL-3.0"]) } } };
        Item(ReadinessCheck.Of(Project, plan, audit, findings: new("abc", true, 0, 3)), "licences.allowed").State.ShouldBe(ItemState.Pass);
        Item(ReadinessCheck.Of(Project, judged, audit, findings: new("abc", true, 0, 3)), "licences.allowed").ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Warn), i => i.Seen.ShouldContain("3 packages"));
    }

    [Fact]
    public void Of_Drift_IsToldByEnvironment()
    {
        var (audit, plan) = Planned();
        ReadinessItem Steady(string[]? drifted) => Item(ReadinessCheck.Of(Project, plan, audit, drifted: drifted), "infrastructure.steady");
        (Steady(null).Seen, Steady([]).Seen).ShouldBe(("no infrastructure was applied", "no drift"));
        Steady(["production"]).ShouldSatisfyAllConditions(i => i.State.ShouldBe(ItemState.Warn), i => i.Seen.ShouldContain("production"), i => i.Link.ShouldBe("/projects/shop/infrastructure"));
    }
}
