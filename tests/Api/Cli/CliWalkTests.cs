using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api.Cli;

/// <summary>The whole walk by command line on the real server, as a script does it: every verb once with what it answers.</summary>
public sealed class CliWalkTests(ServerFixture server)
{
    private readonly List<string> _walked = [];

    [Fact]
    public async Task Walk_EveryVerb_AnswersInTheEnvelopeAndNamesTheNext()
    {
        var folder = await server.Repository("walk", ("index.html", "<h1>First</h1>"));
        (await Ok("audit", folder))["services"]!.AsArray().ShouldNotBeEmpty();
        (await Ok("import", folder, "--name", "walk"))["state"]!.ToString().ShouldBe("imported");
        (await Fails(6, "project.exists", "import", folder, "--name", "walk")).ShouldNotBeNull();
        (await Ok("plan", "-p", "walk"))["number"]!.ToString().ShouldBe("1");
        await Waiting(folder);
        (await Ok("approve", "-p", "walk", "-m", "Read it"))["status"]!.ToString().ShouldBe("approved");
        (await Ok("release", "-p", "walk", "--dry-run"))["document"].ShouldNotBeNull();
        (await Ok("release", "-p", "walk", "--plan", "2", "--watch"))["outcome"]!.ToString().ShouldBe("promoted");
        (await Ok("status", "-p", "walk"))["projects"]![0]!["stable"].ShouldNotBeNull();
        (await Ok("timeline", "-p", "walk", "--release", "1"))["items"]!.AsArray().Count.ShouldBeGreaterThan(5);
        (await Ok("logs", "-p", "walk", "--source", "build"))["lines"]!.AsArray().ShouldNotBeNull();

        await server.Repository("walk", ("index.html", "<h1>Second</h1>"));
        var second = $"/v1/projects/walk/releases/{(await Ok("release", "-p", "walk"))["number"]}";
        await server.Until(second, r => r["phase"]!.ToString() == "canary");
        (await Ok("pause", "-p", "walk"))["phase"]!.ToString().ShouldBe("paused");
        await Fails(6, "release.already-paused", "pause", "-p", "walk");
        await Ok("resume", "-p", "walk");
        await Fails(2, "cli.needs-yes", "abort", "-p", "walk");
        await Ok("abort", "-p", "walk", "--yes", "-m", "Enough");
        await server.Until(second, r => r["phase"]!.ToString() == "ended");
        await Ok("retry", "-p", "walk");
        await server.Until(second, r => r["phase"]!.ToString() == "canary");
        await Ok("promote", "-p", "walk", "--full");
        await server.Until(second, r => r["phase"]!.ToString() == "ended");
        await Ok("rollback", "-p", "walk", "--yes");

        var job = (await Ok("jobs", "list"))["items"]![0]!["id"]!.ToString();
        (await Ok("jobs", "show", job))["log"].ShouldNotBeNull();
        await Fails(6, "job.not-now", "jobs", "retry", "project/default/walk@1.0");
        await Fails(6, "job.not-now", "jobs", "replay", "project/default/walk@1.0");
        (await Ok("audit-log", "list"))["items"]!.AsArray().ShouldNotBeEmpty();
        await Ok("members", "list");
        await Ok("bench");
        await Ok("completion", "fish");
        _walked.Distinct().Count().ShouldBeGreaterThan(18);
    }

    /// <summary>On a project of its own: what was asked for begins by itself once its plan is approved.</summary>
    private async Task Waiting(string folder)
    {
        await Ok("import", folder, "--name", "walk-later");
        await Ok("plan", "-p", "walk-later");
        await Fails(3, "release.plan-not-approved", "release", "-p", "walk-later", "--plan", "1");
    }

    private async Task<JsonNode> Ok(params string[] arguments)
    {
        var run = await Run(arguments);
        run.Exit.ShouldBe(0, $"{string.Join(' ', arguments)}: {run.Out}{run.Error}");
        ExitCodeTests.Check(run.Envelope, ok: true);
        run.Envelope["data"].ShouldNotBeNull();
        if (arguments[0] is not "audit-log") run.Envelope["meta"]!["next"].ShouldNotBeNull(string.Join(' ', arguments));
        _walked.Add(arguments[0]);
        return run.Envelope["data"]!;
    }

    private async Task<JsonNode> Fails(int exit, string type, params string[] arguments)
    {
        var run = await Run(arguments);
        run.Exit.ShouldBe(exit, $"{string.Join(' ', arguments)}: {run.Out}{run.Error}");
        ExitCodeTests.Check(run.Envelope, ok: false);
        run.Envelope["error"]!["type"]!.ToString().ShouldEndWith(type);
        return run.Envelope["error"]!;
    }

    private Task<CliRun> Run(string[] arguments) => CliRun.Of([.. arguments, "--json"], server.Home, ("PRODSPRINT_URL", server.Url.ToString()));
}
