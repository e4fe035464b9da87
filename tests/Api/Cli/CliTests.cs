namespace ProdSprint.Tests.Api.Cli;

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
    [InlineData("Did you mean 'release'?", "relaese")]
    [InlineData("Did you mean '--project shop'?", "plan", "shop")]
    [InlineData("See prodsprint jobs show --help", "jobs", "show")]
    [InlineData("See prodsprint domains state --help", "domains", "state", "shop.example")]
    [InlineData("See prodsprint logs --help", "logs", "--source", "moon")]
    [InlineData("Did you mean '--project'?", "logs", "--projct", "shop")]
    public async Task WrongWord_IsToldTheRightOne(string next, params string[] arguments) => (await Run(arguments)).Error.ShouldContain(next);

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
        var script = (await Run("completion", shell)).Out;
        script.ShouldContain(part);
        await IsParsed(shell, script);
        (await Run("[suggest:14]", "prodsprint rel")).Out.Split('\n').ShouldContain("release");
    }

    /// <summary>By the shell itself, where it is installed.</summary>
    private static async Task IsParsed(string shell, string script)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, shell)).FirstOrDefault(File.Exists);
        if (program is null || shell == "pwsh") return;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        using var parse = System.Diagnostics.Process.Start(program, ["-n", file]);
        await parse.WaitForExitAsync();
        parse.ExitCode.ShouldBe(0, shell);
        File.Delete(file);
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("help", "release")]
    [InlineData("release", "--help")]
    public async Task Help_IsGivenHoweverItIsAsked(params string[] arguments)
    {
        var run = await Run(arguments);
        run.Exit.ShouldBe(0, run.Error);
        run.Out.ShouldContain(arguments.Contains("release") ? "--watch" : "timeline");
    }

    [Fact]
    public async Task Text_InAFile_HasNoColours()
    {
        var run = await Run("status");
        run.Out.ShouldNotContain("\e[");
        run.Error.ShouldNotContain("\e[");
        run.Error.ShouldContain("→ prodsprint ");
    }

    [Fact]
    public async Task Down_WithAServerFileOfAnotherProgram_LeavesThatAlone()
    {
        var home = Directory.CreateTempSubdirectory("ps-stale-").FullName;
        using var other = System.Diagnostics.Process.Start("sleep", ["60"]);
        await File.WriteAllTextAsync(Path.Combine(home, "server.json"), $$"""{"url":"http://127.0.0.1:1","pid":{{other.Id}}}""");
        var run = await CliRun.Of(["down", "--json"], home);
        run.Exit.ShouldBe(0);
        ((bool)run.Envelope["data"]!["server"]!).ShouldBeFalse();
        other.HasExited.ShouldBeFalse();
        File.Exists(Path.Combine(home, "server.json")).ShouldBeFalse();
        other.Kill();
        Directory.Delete(home, recursive: true);
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
