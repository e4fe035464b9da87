namespace ProdSprint.Tests.Api;

public sealed class CliTests(ServerFixture server)
{
    private Task<CliRun> Run(params string[] arguments) => CliRun.Of(arguments, server.Home, ("PRODSPRINT_URL", server.Url.ToString()));

    [Theory]
    [InlineData(5, "project.not-found", "status", "--project", "nobody")]
    [InlineData(5, "project.not-found", "plan", "--project", "nobody")]
    [InlineData(5, "project.not-found", "approve", "--project", "nobody")]
    [InlineData(5, "project.not-found", "release", "--project", "nobody")]
    [InlineData(5, "project.not-found", "rollback", "--project", "nobody", "--yes")]
    [InlineData(5, "project.not-found", "abort", "--project", "nobody", "--yes")]
    [InlineData(5, "project.not-found", "promote", "--project", "nobody")]
    [InlineData(5, "project.not-found", "logs", "--project", "nobody")]
    [InlineData(5, "judge.no-trace", "judge", "/nonexistent.jsonl")]
    [InlineData(5, "job.not-found", "jobs", "show", "nothing")]
    [InlineData(2, "project.bad-name", "status", "--project", "../server")]
    [InlineData(2, "cli.usage", "relaese")]
    [InlineData(2, "cli.usage", "logs", "--source", "moon")]
    [InlineData(2, "project.bad-name", "import", "/x", "--name", "A/B")]
    [InlineData(2, "cli.bad-url", "status", "--url", "nowhere")]
    [InlineData(1, "cli.no-server", "status", "--url", "http://127.0.0.1:1")]
    [InlineData(2, "project.bad-source", "import", "/nonexistent/repository")]
    public async Task Failure_HasItsExitCodeAndTheEnvelope(int exit, string type, params string[] arguments)
    {
        var run = await Run([.. arguments, "--json"]);
        run.Exit.ShouldBe(exit, run.Out + run.Error);
        var envelope = run.Envelope;
        ((int)envelope["schema"]!).ShouldBe(1);
        ((bool)envelope["ok"]!).ShouldBeFalse();
        envelope.AsObject().ContainsKey("data").ShouldBeTrue();
        envelope["error"]!["type"]!.ToString().ShouldEndWith(type);
        envelope["error"]!["title"]!.ToString().ShouldNotBeEmpty();
        envelope["error"]!["detail"]!.ToString().ShouldNotBeEmpty();
        envelope["meta"]!["command"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("jobs", "list")]
    [InlineData("completion", "bash")]
    [InlineData("bench")]
    public async Task Success_IsOneEnvelopeAndNothingElse(params string[] arguments)
    {
        var run = await Run([.. arguments, "--json", "--no-input"]);
        run.Exit.ShouldBe(0, run.Error);
        ((bool)run.Envelope["ok"]!).ShouldBeTrue();
        run.Envelope["data"].ShouldNotBeNull();
        run.Envelope["error"].ShouldBeNull();
    }

    [Fact]
    public async Task Gate_IsExit3()
    {
        var folder = await server.Repository("cli", ("index.html", "x"));
        (await Run("import", folder, "--name", "cli", "--json")).Exit.ShouldBe(0);
        var plan = await Run("plan", "--project", "cli", "--json");
        plan.Envelope["data"]!["status"]!.ToString().ShouldBe("ready", plan.Out + plan.Error);
        var early = await Run("release", "--project", "cli", "--plan", "1", "--json");
        early.Exit.ShouldBe(3, early.Out);
        (await Run("rollback", "--project", "cli", "--json", "--yes")).Exit.ShouldBe(5);
        var timeline = await Run("timeline", "--project", "cli", "--json");
        timeline.Envelope["data"]!["items"]!.AsArray().Count.ShouldBeGreaterThan(1);
        (await Run("import", folder, "--name", "cli2", "--json")).Exit.ShouldBe(0);
        var which = await Run("plan", "--json");
        which.Exit.ShouldBe(2);
    }

    [Fact]
    public async Task WrongWord_IsToldTheRightOne_OnStderr()
    {
        var run = await Run("relaese");
        run.Exit.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("'release'");
    }

    [Theory]
    [InlineData("bash", "complete -F")]
    [InlineData("zsh", "#compdef prodsprint")]
    [InlineData("fish", "complete -c prodsprint")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_IsAScript_WhoseWordsComeFromTheProgram(string shell, string part)
    {
        (await Run("completion", shell)).Out.ShouldContain(part);
        (await Run("[suggest:14]", "prodsprint rel")).Out.Split('\n').ShouldContain("release");
    }

    [Fact]
    public async Task Down_WithoutServer_SaysSo()
    {
        var home = Directory.CreateTempSubdirectory("ps-none-").FullName;
        var run = await CliRun.Of(["down", "--json"], home);
        run.Exit.ShouldBe(0);
        ((bool)run.Envelope["data"]!["server"]!).ShouldBeFalse();
        Directory.Delete(home, recursive: true);
    }
}
