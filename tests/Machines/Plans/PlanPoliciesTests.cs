using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Plans.Blueprints.Policies;
using ProdSprint.Projects;
using ProdSprint.Tests.Plans.Blueprints;
using ProdSprint.Tests.Projects;

namespace ProdSprint.Tests.Plans;

/// <summary>The rules of a plan's own profile, as blockers of its approval.</summary>
public sealed class PlanPoliciesTests
{
    private static readonly (string, string) Server = ("server.js", "require('http').createServer().listen(process.env.PORT || 3000);");

    private static readonly (string, string) Key = ("config.js", "const key = 'AKIA" + "IOSFODNN7EXAMPL2';\n");

    private static AuditReport App(params (string, string)[] files) =>
        Auditor.Run(MemoryTree.Of([("package.json", """{ "name": "app", "scripts": { "start": "node server.js" } }"""), Server, .. files]));

    /// <summary>With nothing that any profile could say against it.</summary>
    private static AuditReport Whole(params (string, string)[] files) => Auditor.Run(MemoryTree.Of([
        ("package.json", """{ "name": "app", "scripts": { "start": "node server.js", "test": "node --test" } }"""), ("package-lock.json", """{ "lockfileVersion": 3, "packages": { "": {} } }"""), Server, ("a.test.js", "require('node:test')"), .. files]));

    private static IEnumerable<PlanBlocker> Rules(PlanDocument plan) => plan.Blockers.Where(b => b.Code.StartsWith(PlanPolicies.Prefix, StringComparison.Ordinal));

    public static TheoryData<string> Profiles => [.. PolicyProfiles.Names];

    [Fact]
    public void Build_CredentialInTheFiles_BlocksUnderTheDefaultProfileToo_AndSaysWhere()
    {
        var blocker = Rules(PlanBuilder.Build(App(Key))).ShouldHaveSingleItem();
        (blocker.Code, blocker.Waivable, blocker.At).ShouldBe(("policy.secrets.tree", true, new SourceLocation("config.js", 1)));
        blocker.Why.ShouldSatisfyAllConditions(w => w.ShouldStartWith("default v2 asks for it: "), w => w.ShouldContain("config.js:1"), w => w.ShouldNotContain("AKIA"));
        blocker.Remediation.ShouldContain("secret");
        Rules(PlanBuilder.Build(App(Key), PolicyProfiles.Soc2)).Single(b => b.Code == "policy.secrets.tree").Why.ShouldStartWith("soc2 v2 asks for it (CC6.1): ");
    }

    [Fact]
    public void Build_CredentialOfATest_BlocksNothing() => Rules(PlanBuilder.Build(App(("test/config.test.js", Key.Item2)))).ShouldBeEmpty();

    [Fact]
    public void Build_PlainApp_IsHeldByStricterProfilesForWhatItLacks_AndNotByTheDefault()
    {
        PlanBuilder.Build(App(), PolicyProfiles.Default).Blockers.ShouldBeEmpty();
        Rules(PlanBuilder.Build(App(), PolicyProfiles.Strict)).Select(b => b.Code).ShouldBe(["policy.tests.present"]);
        var tests = Rules(PlanBuilder.Build(App(), PolicyProfiles.Hipaa)).Single();
        tests.ShouldSatisfyAllConditions(b => b.Why.ShouldContain("164.308(a)(8)"), b => b.Why.ShouldContain("app: none"), b => b.Remediation.ShouldContain("prodsprint.yml"));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Build_RepositoryThatHasAll_IsHeldByNoProfile(string profile) => PlanBuilder.Build(Whole(), PolicyProfiles.Find(profile)).Blockers.ShouldBeEmpty();

    [Fact]
    public void Build_FirstStepOfTheRepositorysOwnCanary_IsHeldToTheProfile()
    {
        var audit = Whole(("prodsprint.yml", "policy: strict\ncanary:\n  - { weight: 50 }\n  - { weight: 100 }\n"));
        Rules(PlanBuilder.Build(audit)).Single().ShouldSatisfyAllConditions(b => b.Code.ShouldBe("policy.canary.first-step"), b => b.Why.ShouldContain("first step: 50 %, at most 5 %"));
    }

    [Fact]
    public void Id_StaysWhileTheCauseDoes_AndChangesWithIt()
    {
        string Id(params (string, string)[] files) => Rules(PlanBuilder.Build(App(files))).Single().Id;
        Id(("config.js", "// a line\n\n" + Key.Item2), ("other.js", "")).ShouldBe(Id(Key));
        Id(Key, ("more.js", Key.Item2)).ShouldNotBe(Id(Key));
    }

    [Fact]
    public void Build_NewlyHeld_DoesNotCarryTheApproval()
    {
        var first = PlanBuilder.Build(App());
        PlanBuilder.Build(App(("notes.md", "x")) with { Commit = new('b', 40) }, previous: first).CarriesApproval.ShouldBeTrue();
        var held = PlanBuilder.Build(App(Key) with { Commit = new('b', 40) }, previous: first);
        (held.ExecutionDigest == first.ExecutionDigest, held.CarriesApproval).ShouldBe((true, false));
    }

    [Fact]
    public void Build_NothingHeld_HasTheDigestItHadBeforeRulesWereLookedAt()
    {
        var plan = PlanBuilder.Build(App());
        plan.Digest.ShouldBe(PlanDigest.Document(PlanBuilder.Draft(App(), null, null)));
    }

    /// <summary>What we write ourselves never breaks what we ask for: these rules have no remedy that a repository could write.</summary>
    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Check_OurOwnFiles_BreakNoRuleOfAnyProfile(string name)
    {
        string[] ours = ["data.encrypted", "data.private", "transport.tls", "logs.days", "zones.several", "backup.days", "approval.every-plan", "gates.tests", "canary.first-step", "migration.reversible"];
        var audit = Auditor.Run(AuditCases.Tree(name));
        foreach (var profile in PolicyProfiles.All)
        {
            var draft = PlanBuilder.Draft(audit with { Configuration = audit.Configuration is { } c ? c with { Canary = [] } : null }, profile, null);
            Broken(PlanPolicies.Facts("app", draft, audit)).ShouldBeEmpty();
            Broken(new(draft, audit, AwsRoot.Build("app", draft, AwsNeeds.Of(draft, audit), new(Compute: ComputePlatform.Eks)))).ShouldBeEmpty();
        }

        IEnumerable<string> Broken(PolicyFacts facts) => PlanPolicies.Check(facts).Where(r => !r.Passed && r.Level == PolicyLevel.Block && ours.Contains(r.Rule)).Select(r => $"{r.Profile} {r.Rule}: {string.Join("; ", r.Evidence)}");
    }

    [Theory]
    [InlineData("default", false)]
    [InlineData("soc2", true)]
    public void Complete_OpaThatSaysNothing_BlocksWhereTheProfileWantsIt_AndIsANoteOtherwise(string profile, bool blocks)
    {
        var (draft, results) = Drafted(profile);
        var plan = PlanBuilder.Complete(draft, RegoRules.Failed(profile, results, "it gave no answer within 15 seconds"), null);
        Rules(plan).Select(b => b.Code).ShouldBe(blocks ? ["policy.opa.answer"] : []);
        plan.Notes.Count(n => n.Code == "policy.opa.answer").ShouldBe(blocks ? 0 : 1);
        PlanBuilder.Complete(draft, RegoRules.Failed(profile, results, "another problem"), null).Blockers.Select(b => b.Code).ShouldBe(Rules(plan).Select(b => b.Code));
    }

    [Fact]
    public void Complete_OpaThatSaysWorse_BlocksWhatTheProfileBlocks()
    {
        var (draft, results) = Drafted("default");
        PlanDocument With(string failing) => PlanBuilder.Complete(draft, RegoRules.Compare("default", results, results.ToImmutableDictionary(r => r.Rule, r => new PolicyOpinion(r.Rule != failing && r.Passed, ["seen by opa"]))), null);
        With("none").Digest.ShouldBe(PlanBuilder.Complete(draft, results, null).Digest);
        Rules(With("secrets.tree")).Single().Why.ShouldContain("opa: seen by opa");
        Rules(With("secrets.history")).ShouldBeEmpty();
        With("secrets.history").Notes.ShouldContain(n => n.Code == "policy.secrets.history");
    }

    private static (PlanDocument Draft, ImmutableArray<PolicyResult> Results) Drafted(string profile)
    {
        var draft = PlanBuilder.Draft(Whole(), PolicyProfiles.Find(profile), null);
        return (draft, PlanPolicies.Check(PlanPolicies.Facts("app", draft, Whole())));
    }
}
