using System.Collections.Immutable;
using ProdSprint.Gates;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Tests.Gates;

/// <summary>Who may answer for what, and until when.</summary>
public sealed class WaiverTests
{
    private const string Key = "project/default/shop";
    private static readonly Actor Ana = Actor.User("ana");
    private static readonly Actor Ben = Actor.User("ben");
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly Project Start = ProjectMachine.Apply(null, new ImportStarted("default", "shop", "/src/shop", 1, Now, Ana.Id, null));
    private static readonly CreateWaiver Lodash = new(WaiverKind.Vulnerability, "CVE-2021-23337", "pkg:npm/lodash", "SHOP-1", Now.AddDays(30), Ana, "not reachable");

    private static Project After(Project p, ProjectCommand command, DateTimeOffset? now = null)
    {
        var decision = ProjectMachine.Decide(p, Key, command, now ?? Now);
        decision.Rejection.ShouldBeNull();
        return decision.Events.Aggregate(p, ProjectMachine.Apply);
    }

    private static string Refused(Project p, ProjectCommand command, DateTimeOffset? now = null) => ProjectMachine.Decide(p, Key, command, now ?? Now).Rejection.ShouldNotBeNull().Code;

    [Fact]
    public void Decide_Waiver_HoldsUntilItsDay_ThenExpiresByItself_AndStaysToBeRead()
    {
        var p = After(Start, Lodash);
        p.Waivers.Single().HoldsAt(Now.AddDays(30).AddTicks(-1)).ShouldBeTrue();
        p.Waivers.Single().HoldsAt(Now.AddDays(30)).ShouldBeFalse();
        ProjectMachine.WakeAt(p).ShouldBe(Now.AddDays(30));
        var decision = ProjectMachine.Decide(p, Key, new ProjectTick(), Now.AddDays(30));
        decision.Events.Single().ShouldBeOfType<WaiversExpired>().Numbers.ShouldBe([1]);
        p = decision.Events.Aggregate(p, ProjectMachine.Apply);
        p.Waivers.Single().State.ShouldBe(WaiverState.Expired);
        ProjectMachine.WakeAt(p).ShouldBeNull();
        ProjectMachine.Decide(p, Key, new ProjectTick(), Now.AddDays(31)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void Decide_Revoked_HoldsNoMore_AndTheNumberIsNotGivenAgain()
    {
        var p = After(After(Start, Lodash), new RevokeWaiver(1, Ben, "mended"));
        p.Waivers.Single().ShouldSatisfyAllConditions(w => w.HoldsAt(Now).ShouldBeFalse(), w => w.RevokedBy.ShouldBe("user:ben"), w => w.RevokedFor.ShouldBe("mended"));
        Refused(p, new RevokeWaiver(1, Ben, null)).ShouldBe("waiver.ended");
        Refused(p, new RevokeWaiver(2, Ben, null)).ShouldBe("waiver.not-found");
        After(p, Lodash).Waivers[^1].Number.ShouldBe(2);
    }

    public static readonly TheoryData<string, CreateWaiver> Wrong = new()
    {
        { "waiver.no-reason", Lodash with { Reason = " " } },
        { "waiver.no-ticket", Lodash with { Ticket = "" } },
        { "waiver.no-subject", Lodash with { Subject = "" } },
        { "waiver.no-package", Lodash with { Package = null } },
        { "waiver.bad-package", Lodash with { Package = "lodash" } },
        { "waiver.bad-expiry", Lodash with { Expires = Now } },
        { "waiver.bad-expiry", Lodash with { Expires = Now.AddYears(2) } },
        { "waiver.too-long", Lodash with { Reason = new('x', 2001) } },
        { "waiver.by-machine", Lodash with { By = Actor.System("ci") } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Decide_WaiverThatSaysTooLittle_IsRefused(string code, CreateWaiver wrong) => Refused(Start, wrong).ShouldBe(code);

    [Fact]
    public void Decide_SameAgainWhileItHolds_IsRefused_AndAfterItsEndItIsNot()
    {
        var p = After(Start, Lodash);
        Refused(p, Lodash).ShouldBe("waiver.exists");
        After(p, Lodash with { Expires = Now.AddDays(60) }, Now.AddDays(30)).Waivers.Length.ShouldBe(2);
    }

    [Fact]
    public void Decide_PolicyWantsTwoPairsOfEyes_NobodyWaivesForTheirOwnChange()
    {
        var p = Start with { LastPlan = 3, LastPlanBy = Ana.Id, Approved = new(3, "v3", ReleaseSamples.Plan(PolicyProfiles.Strict)) };
        Refused(p, Lodash).ShouldBe("waiver.own-change");
        After(p, Lodash with { By = Ben }).Waivers.Single().By.ShouldBe("user:ben");
        Refused(p with { Active = ReleaseSamples.Second(), ActiveBy = Ben.Id }, Lodash with { By = Ben }).ShouldBe("waiver.own-change");
        // the default policy asks for nobody else
        After(p with { Approved = new(3, "v3", ReleaseSamples.Plan()) }, Lodash).Waivers.Length.ShouldBe(1);
    }

    [Fact]
    public void Apply_ManyEnded_TheOldestAreForgottenByTheList_NeverThoseThatHold()
    {
        var p = After(Start, Lodash);
        for (var i = 0; i < 300; i++)
        {
            p = After(p, Lodash with { Subject = $"CVE-{i}" });
            p = After(p, new RevokeWaiver(p.LastWaiver, Ana, null));
        }
        p.Waivers.Length.ShouldBe(201);
        p.Waivers[0].Number.ShouldBe(1);
        ProjectViewsOf(p).First().Number.ShouldBe(301);
    }

    private static ImmutableArray<GateWaiver> ProjectViewsOf(Project p) => ProjectViews.Waivers(p, Now).Items;
}
