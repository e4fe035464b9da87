namespace ProdSprint.Drills;

/// <summary>Back to the stable version under load: by the judge, and by a person.</summary>
[Collection(OneInstallation.Name)]
public sealed class WayBackTests(Installation place)
{
    [Fact]
    public async Task BadVersion_JudgeRollsBack_NoRequestFailedByProdSprint()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var release = await project.ReleaseAsync("v3");
        var ended = await project.EndedAsync(release);
        ended["outcome"]!.ToString().ShouldBe("rolledBack", ended.ToJsonString());
        ended["judgement"]!["verdict"]!.ToString().ShouldBe("unhealthy");
        (await project.AnsweringAsync(50)).ShouldBe(["v1"]);
        await project.HasStableAsync("v1");
        var load = await project.VisitorsLeaveAsync();
        load.Faults.ShouldBeEmpty();
        load.Errors.ShouldBe(load.Versions.Single(v => v.Version == "v3").Errors);
        load.Errors.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task AbortInCanary_EveryNewRequestOnStableAtOnce()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        await project.Post($"/releases/{release}/abort", new { reason = "A drill" });
        (await project.AnsweringAsync(100)).ShouldBe(["v1"]);
        (await project.EndedAsync(release))["outcome"]!.ToString().ShouldBe("aborted");
        (await project.VisitorsLeaveAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task RollbackCommandInCanary_TrafficReturnsToStable_NothingFails()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        await project.Post("/rollback", new { reason = "A drill" });
        await Eventually.Is("the canary goes back", () => project.Release(release), r => r["phase"]!.ToString() is "rollingBack" or "ended");
        (await project.AnsweringAsync(100)).ShouldBe(["v1"]);
        (await project.EndedAsync(release))["outcome"]!.ToString().ShouldNotBe("promoted");
        await project.HasStableAsync("v1");
        (await project.VisitorsLeaveAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task RollbackOntoWarmProcess_ItDiesLater_TheReleaseThatTookItOverIsTold()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var life = await project.LifeOfAsync("v1");
        await project.PromotedAsync(await project.ReleaseAsync("v2"));
        (await project.RollBackAsync()).ShouldBe(3);
        (await project.EndedAsync(3))["outcome"]!.ToString().ShouldBe("fastRolledBack");
        (await project.LifeOfAsync("v1")).ShouldBe(life);

        await project.AskAsync("v1", "/die");

        await Eventually.Is("release 3 knows that its process died and came back", () => project.KindsAsync(3),
            kinds => kinds.Contains("release.promoted-died") && kinds[^1] == "release.instance-answered");
        (await project.KindsAsync(1)).ShouldNotContain("release.promoted-died");
        await Eventually.Is("the project is told where stable answers now", () => project.Get(""), p => p["stable"]!["address"] is not null);
    }
}
