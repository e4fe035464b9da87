using System.Collections.Immutable;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Tests.Projects;

namespace ProdSprint.Tests.Plans;

public sealed class PlanBuilderTests
{
    private static readonly (string, string) Server = ("server.js", "require('http').createServer().listen(process.env.PORT || 3000);");

    private static AuditReport Audit(params (string, string)[] files) => Auditor.Run(MemoryTree.Of(files));

    private static AuditReport App(string more = "", params (string, string)[] files) =>
        Audit([("package.json", $$"""{ "name": "app", "scripts": { "start": "node server.js"{{more}} } }"""), Server, .. files]);

    [Fact]
    public void Build_PlainApp_HasNoBlockerAndBothEnvironments()
    {
        var plan = PlanBuilder.Build(App());
        plan.Blockers.ShouldBeEmpty();
        plan.Entry.ShouldBe("app");
        plan.Environments.Select(e => e.Name).ShouldBe(["staging", "production"]);
        var service = plan.Service("production", "app").ShouldNotBeNull();
        service.Start!.Line.ShouldBe("node server.js");
        service.Port.ShouldBe(new(3000, "PORT"));
        service.Variables.Single(v => v.Name == "PORT").Value.ShouldBe("${PORT}");
        plan.Policy.Name.ShouldBe("default");
        plan.Policy.Steps.Select(s => s.WeightPercent).ShouldBe([1, 5, 25, 100]);
    }

    [Fact]
    public void Build_SameInput_SameBytes() => PlanJson.Write(PlanBuilder.Build(App())).ShouldBe(PlanJson.Write(PlanBuilder.Build(App())));

    [Theory, MemberData(nameof(AuditCases.Names), MemberType = typeof(AuditCases))]
    public void Read_WrittenPlan_GivesTheSameBytesAgain(string name)
    {
        var json = PlanJson.Write(PlanBuilder.Build(Auditor.Run(AuditCases.Tree(name))));
        PlanJson.Write(PlanJson.Read(json)).ShouldBe(json);
    }

    [Fact]
    public void Build_MissingRequiredVariable_BlocksEachEnvironmentUntilProvided()
    {
        var audit = App("", ("db.js", "module.exports = process.env.DATABASE_URL;"));
        var plan = PlanBuilder.Build(audit);
        plan.Blockers.Select(b => (b.Code, b.Environment, b.Waivable)).ShouldBe([(PlanBlockers.VariableMissing, "production", true), (PlanBlockers.VariableMissing, "staging", true)]);
        var provided = PlanBuilder.Environments.ToDictionary(e => e, _ => ImmutableHashSet.Create("DATABASE_URL"));
        PlanBuilder.Build(audit, provided: provided).Blockers.ShouldBeEmpty();
    }

    [Fact]
    public void Build_NothingToStart_BlocksAndCannotBeWaived()
    {
        var blocker = PlanBuilder.Build(Audit(("README.md", "x"))).Blockers.Single();
        (blocker.Code, blocker.Waivable).ShouldBe((GapCodes.ServiceNone, false));
        blocker.Remediation.ShouldContain("prodsprint.yml");
    }

    [Fact]
    public void Build_FixedPortOfTheEntry_Blocks()
    {
        var audit = Audit(("package.json", "{\"name\":\"app\",\"scripts\":{\"start\":\"node server.js\"}}"), ("server.js", "require('http').createServer().listen(3000);"));
        PlanBuilder.Build(audit).Blockers.Single().Code.ShouldBe(GapCodes.PortFixed);
    }

    [Fact]
    public void Build_StartGivenInTheFile_AnswersTheGap()
    {
        var audit = Audit(("Dockerfile", "FROM x:1\nCMD [\"./server\"]"), ("prodsprint.yml", "services:\n  app:\n    start: ./server\n    port: 7000\n"));
        var plan = PlanBuilder.Build(audit);
        plan.Blockers.ShouldBeEmpty();
        plan.Service("staging", "app")!.Start!.Line.ShouldBe("./server");
    }

    [Fact]
    public void Build_OtherCommitSameExecution_CarriesTheApproval()
    {
        var first = PlanBuilder.Build(App());
        var second = PlanBuilder.Build(App("", ("notes.md", "hello")) with { Commit = new('b', 40) }, previous: first);
        second.ExecutionDigest.ShouldBe(first.ExecutionDigest);
        second.Digest.ShouldNotBe(first.Digest);
        second.CarriesApproval.ShouldBeTrue();
        second.Changes.Select(c => c.Path).ShouldBe(["commit"]);
    }

    [Fact]
    public void Build_OtherBuildCommand_NeedsANewApproval()
    {
        var first = PlanBuilder.Build(App());
        var second = PlanBuilder.Build(App(", \"build\": \"node build.js\""), previous: first);
        second.ExecutionDigest.ShouldNotBe(first.ExecutionDigest);
        second.CarriesApproval.ShouldBeFalse();
        second.Changes.ShouldContain(new PlanChange("production/app build", null, "npm run build"));
    }

    [Fact]
    public void Build_OtherPolicy_NeedsANewApproval()
    {
        var first = PlanBuilder.Build(App());
        PlanBuilder.Build(App("", ("prodsprint.yml", "canary:\n  - { weight: 100 }\n")), previous: first).CarriesApproval.ShouldBeFalse();
        var strict = PlanBuilder.Build(App(), PolicyProfiles.Strict);
        PlanBuilder.Build(App(), PolicyProfiles.Strict, previous: strict).CarriesApproval.ShouldBeFalse();
    }

    [Fact]
    public void Build_Migration_CannotBeTakenBack()
    {
        var audit = App("", ("Procfile", "web: node server.js\nrelease: node migrate.js\n"));
        PlanBuilder.Build(audit).Steps.Where(s => s.Kind == "migrate").ShouldAllBe(s => s.Reversibility == Reversibility.NotAtAll && s.Residue != null);
    }

    [Fact]
    public void Build_SeveralServices_SaysThatTheEntryWasAssumed()
    {
        var audit = Audit(("api/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("api/a.js", Server.Item2), ("web/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("web/a.js", Server.Item2));
        var plan = PlanBuilder.Build(audit);
        plan.Entry.ShouldBe("web");
        plan.Notes.ShouldContain(n => n.Code == "entry.assumed");
    }

    [Fact]
    public void Profiles_All_HaveRisingStepsThatEndAtHundred()
    {
        foreach (var profile in PolicyProfiles.All)
        {
            profile.Steps.Select(s => s.WeightPercent).ShouldBeInOrder();
            profile.Steps[^1].WeightPercent.ShouldBe(100);
            profile.Steps.ShouldAllBe(s => s.MaxBake >= s.MinBake && s.MinRequests > 0);
        }
    }
}
