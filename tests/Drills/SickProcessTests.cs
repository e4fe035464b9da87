namespace ProdSprint.Drills;

/// <summary>Processes that misbehave under a running server, with visitors on them. What one process does must reach neither the other version nor the server.</summary>
[Collection(OneInstallation.Name)]
public sealed class SickProcessTests(Installation place)
{
    [Fact]
    public async Task AnswersHealthChecksButFailsRequests_GatesStopItBeforeAnyVisitorSeesIt()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var ended = await project.EndedAsync(await project.ReleaseAsync("v4"));
        ended["outcome"]!.ToString().ShouldBe("failed", ended.ToJsonString());
        ended["message"]!.ToString().ShouldContain("gates", Case.Insensitive);
        await project.UnharmedAsync("v1");
        project.ServedBy("v4").ShouldBe(0);
    }

    [Fact]
    public async Task CanaryFallsSickAndStaysHealthyToItsCheck_JudgeTakesItBack()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        await project.AskAsync("v2", "/sick");
        var ended = await project.EndedAsync(release);
        ended["outcome"]!.ToString().ShouldBe("rolledBack", ended.ToJsonString());
        ended["judgement"]!["verdict"]!.ToString().ShouldBe("unhealthy");
        await project.UnharmedAsync("v1");
    }

    [Fact]
    public async Task CanaryHangs_IsTakenBack_StableAnswersAll()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        await project.AskAsync("v2", "/hang");
        var ended = await project.EndedAsync(release);
        ended["outcome"]!.ToString().ShouldBe("rolledBack", ended.ToJsonString());
        (await project.AnsweringAsync(50)).ShouldBe(["v1"]);
        (await project.VisitorsLeaveAsync()).Versions.Single(v => v.Version == "v1").Errors.ShouldBe(0);
    }

    [Fact]
    public async Task StableDies_IsStartedAgainAtTheSameAddress_VisitorsAreServed()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var life = await project.LifeOfAsync("v1");
        await project.AskAsync("v1", "/die");
        await Eventually.Is("v1 lives again", () => project.LifeIfAnyAsync("v1"), another => another is not null && another != life);
        (await project.AnsweringAsync(20)).ShouldBe(["v1"]);
        await project.HasStableAsync("v1");
    }

    [Fact]
    public async Task FloodsItsLog_TheLogStaysWithinItsLimit_VisitorsAndServerDoNotNotice()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var life = await project.LifeOfAsync("v1");
        for (var n = 0; n < 3; n++) await project.AskAsync("v1", "/flood"); // 120 MB in all
        await project.MoreAnswersAsync(150);
        var log = new DirectoryInfo(Path.Combine(place.DeployRoot, "instances", "default", project.Name, "production", "1", "log"));
        log.EnumerateFiles().Sum(f => f.Length).ShouldBeInRange(4 << 20, 17 << 20);
        (await project.LifeOfAsync("v1")).ShouldBe(life);
        (await project.Get("/logs?release=1&source=production")).ToJsonString().ShouldContain("xxxx");
        await project.UnharmedAsync("v1");
    }

    [Fact]
    public async Task IgnoresSigterm_IsKilledAfterItsGrace_ReleaseGoesOnToItsEnd()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Brief);
        await project.AskAsync("v1", "/stubborn");
        var release = await project.ReleaseAsync("v2");
        await project.PromotedAsync(release);
        await Eventually.Is("v1 is stopped", () => project.KindsAsync(release), kinds => kinds.Contains("release.former-stopped"));
        Directory.Exists(Path.Combine(place.DeployRoot, "instances", "default", project.Name, "production", "1", "tree")).ShouldBeFalse();
        await project.UnharmedAsync("v2");
    }
}
