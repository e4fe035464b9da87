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
    public void Build_Migration_LeavesResidueAndComesBeforeEveryStartOfItsEnvironment()
    {
        var plan = PlanBuilder.Build(App("", ("Procfile", "web: node server.js\nrelease: node migrate.js\n")));
        var migrations = plan.Steps.Where(s => s.Kind == "migrate").ToList();
        migrations.Select(s => s.Environment).ShouldBe(["staging", "production"]);
        migrations.ShouldAllBe(s => s.Reversibility == Reversibility.WithResidue && s.Residue != null);
        migrations.ShouldAllBe(m => plan.Steps.Where(s => s.Kind == "start" && s.Environment == m.Environment).All(s => s.Number > m.Number));
    }

    [Theory]
    [InlineData("migrate: node other.js", "node other.js")]
    [InlineData("migrate: \"\"", null)]
    public void Build_MigrationInTheFile_TakesThePlaceOfWhatWasFound(string line, string? expected)
    {
        var audit = App("", ("Procfile", "web: node server.js\nrelease: node migrate.js\n"), ("prodsprint.yml", $"services:\n  app:\n    {line}\n"));
        PlanBuilder.Build(audit).Service("production", "app")!.Migrate?.Line.ShouldBe(expected);
    }

    [Fact]
    public void Build_ProcfileWithWorker_RunsItBesideTheWebProcess()
    {
        var plan = PlanBuilder.Build(App("", ("Procfile", "web: node server.js\nworker: node worker.js\nclock: node clock.js\n")));
        plan.Entry.ShouldBe("app");
        plan.Companions("production").Select(s => (s.Name, s.Kind, s.Start!.Line, s.Port)).ShouldBe([("app-clock", ServiceKind.Worker, "node clock.js", null), ("app-worker", ServiceKind.Worker, "node worker.js", null)]);
        plan.Notes.ShouldNotContain(n => n.Code == GapCodes.ProcessUnplanned);
    }

    [Fact]
    public void Build_PythonWorker_IsStartedFromTheVirtualEnvironment()
    {
        var audit = Audit(("requirements.txt", "flask\ncelery\n"), ("app.py", "import flask\n"), ("Procfile", "web: python app.py\nworker: celery -A app worker\n"));
        PlanBuilder.Build(audit).Companions("staging").Single().Start!.Line.ShouldBe(".venv/bin/python -m celery -A app worker");
    }

    [Theory]
    [InlineData("cd Frontend/bin/publish/; ./Frontend --urls http://*:$PORT")]
    [InlineData("cd Frontend/bin/publish && exec ./Frontend --urls http://*:$PORT")]
    public void Build_ProcfileThatStartsAPublishedProject_IsThatProjectsStart(string line)
    {
        var audit = Audit(("Procfile", $"web: {line}\nrelease: Frontend/bin/publish/efbundle\n"), ("Frontend/Frontend.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"),
            ("Frontend/Program.cs", "var app = WebApplication.Create(args); app.Run();"));
        var plan = PlanBuilder.Build(audit);
        var service = plan.Environments[1].Services.ShouldHaveSingleItem();
        service.Start.ShouldBe(new(line, ".", "Procfile web"));
        service.Build!.ShouldSatisfyAllConditions(b => b.Line.ShouldContain("dotnet publish"), b => b.Line.ShouldEndWith("-o bin/publish"), b => b.Directory.ShouldBe("Frontend"));
        service.Migrate.ShouldBe(new("Frontend/bin/publish/efbundle", ".", "Procfile release"));
        service.Port!.Variable.ShouldBe("PORT");
        plan.Blockers.ShouldBeEmpty();
    }

    [Fact]
    public void Build_ServiceThatCannotRunBesideOneThatCan_IsAWaivableBlocker()
    {
        var audit = Audit(("web/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("web/a.js", Server.Item2), ("reports/notes.md", "x"), ("prodsprint.yml", "services:\n  reports:\n    path: reports\n"));
        var plan = PlanBuilder.Build(audit);
        plan.Environments[0].Services.Select(s => s.Name).ShouldBe(["web"]);
        plan.Blockers.Select(b => (b.Code, b.Service, b.Waivable)).ShouldContain((PlanBlockers.ServiceNotRun, "reports", true));
    }

    [Fact]
    public void Build_ServiceTheFileLeavesOut_IsANoteAndNotRun()
    {
        var audit = Audit(("api/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("api/a.js", Server.Item2), ("web/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("web/a.js", Server.Item2),
            ("prodsprint.yml", "services:\n  web:\n    path: web\n    deploy: false\n"));
        var plan = PlanBuilder.Build(audit);
        plan.Entry.ShouldBe("api");
        plan.Environments[0].Services.Select(s => s.Name).ShouldBe(["api"]);
        plan.Notes.ShouldContain(n => n.Code == "service.left-out" && n.Service == "web");
    }

    [Fact]
    public void Companions_PlanOfSchemaOne_HasNone()
    {
        var plan = PlanBuilder.Build(App("", ("Procfile", "web: node server.js\nworker: node worker.js\n")));
        plan.Companions("production").ShouldNotBeEmpty();
        (plan with { Schema = 1 }).Companions("production").ShouldBeEmpty();
        PlanBuilder.Build(App("", ("Procfile", "web: node server.js\nworker: node worker.js\n")), previous: plan with { Schema = 1 }).CarriesApproval.ShouldBeFalse();
        var single = PlanBuilder.Build(App());
        PlanBuilder.Build(App(), previous: single with { Schema = 1 }).CarriesApproval.ShouldBeTrue();
    }

    [Fact]
    public void Build_FixedPortOfAnotherService_Blocks()
    {
        var audit = Audit(("api/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("api/a.js", "require('http').createServer().listen(4000);"),
            ("web/package.json", "{\"scripts\":{\"start\":\"node a.js\"}}"), ("web/a.js", Server.Item2));
        PlanBuilder.Build(audit).Blockers.ShouldContain(b => b.Code == GapCodes.PortFixed && b.Service == "api");
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
