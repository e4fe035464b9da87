using ProdSprint.Kernel;

namespace ProdSprint.Drills;

/// <summary>kill -9 of the server. What is deployed must not notice, and a release must end as if nothing had happened.</summary>
[Collection(OneInstallation.Name)]
public sealed class ServerKilledTests(Installation place)
{
    [Fact]
    public async Task KilledInCanary_ApplicationsServeAtLastWeights_ReleaseEndsTheSame()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var unbroken = await place.UnbrokenAsync();
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        var before = (Router: place.RouterPid, V1: await project.LifeOfAsync("v1"), V2: await project.LifeOfAsync("v2"));

        await place.KillServerAsync();
        var (v1, v2) = (project.ServedBy("v1"), project.ServedBy("v2"));
        await project.MoreAnswersAsync(450);
        project.ServedBy("v1").ShouldBeGreaterThan(v1 + 200);
        project.ServedBy("v2").ShouldBeGreaterThan(v2 + 30);
        (place.RouterPid, await project.LifeOfAsync("v1"), await project.LifeOfAsync("v2")).ShouldBe(before);

        await place.StartServerAsync();
        // v1 cannot be asked by its name any more once v2 is promoted.
        (place.RouterPid, await project.LifeIfAnyAsync("v1") ?? before.V1, await project.LifeOfAsync("v2")).ShouldBe(before);
        await project.PromotedAsync(release);
        (await project.AnsweringAsync(20)).ShouldBe(["v2"]);
        (await project.LifeOfAsync("v2")).ShouldBe(before.V2);
        (await project.KindsAsync(release)).ShouldBe(unbroken);
        (await project.VisitorsLeaveAsync()).Faults.ShouldBeEmpty();
        place.Log.ShouldNotContain("Nobody could be told"); // that an application was found running
    }

    [Fact]
    public async Task KilledAtEveryStageOnTheWay_ReleaseEndsTheSame()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var unbroken = await place.UnbrokenAsync();
        var release = await project.ReleaseAsync("v2");
        foreach (var stage in (string[])["apply", "staging", "canary-20", "canary-100"])
        {
            await project.StageBegunAsync(release, stage);
            await place.KillServerAsync();
            await place.StartServerAsync();
        }
        await project.PromotedAsync(release);
        (await project.KindsAsync(release)).ShouldBe(unbroken);
        (await project.AnsweringAsync(20)).ShouldBe(["v2"]);
        await project.HasStableAsync("v2");
        (await project.VisitorsLeaveAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task KilledWhileRollingBack_TrafficStaysOnStable_ReleaseEndsAborted()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        await project.Post($"/releases/{release}/abort", new { reason = "A drill" });
        await place.KillServerAsync();
        (await project.AnsweringAsync(50)).ShouldBe(["v1"]);
        await place.StartServerAsync();
        (await project.EndedAsync(release))["outcome"]!.ToString().ShouldBe("aborted");
        (await project.AnsweringAsync(20)).ShouldBe(["v1"]);
        (await project.KindsAsync(release)).SkipWhile(k => k != "release.rollback-started").ShouldBe(
            ["release.rollback-started", "release.traffic-returned", "release.candidate-stopping", "release.candidate-stopped", "release.finished"]);
        (await project.VisitorsLeaveAsync()).Faults.ShouldBeEmpty();
    }

    /// <summary>People read the read model, which knows nothing of a decision that was stored and not carried out: nobody would ask the grain.</summary>
    [Fact]
    public async Task KilledRightAfterADecision_NextServerCarriesItOutUnasked_AndDoesNotWaitForAReminder()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var plan = await project.ApprovedPlanAsync("v2");
        await using (var boundaries = await Boundaries.OfAsync(place, project.Name))
        {
            var order = project.Post("/releases", new { plan });
            var decided = await boundaries.NextAsync(b => b.Name.StartsWith("state project", StringComparison.Ordinal));
            await place.KillServerAsync();
            await boundaries.SettleAsync(decided, committed: true);
            await Should.ThrowAsync<CliException>(order);
        }
        await place.AskDatabaseAsync<long>(
            "WITH moved AS (UPDATE orleans.orleansreminderstable SET starttime = now() + interval '1 hour' RETURNING 1) SELECT count(*) FROM moved");
        await place.StartServerAsync();
        await Eventually.Is("the release has begun", () => place.AskDatabaseAsync<bool>(
            "SELECT EXISTS (SELECT FROM prodsprint.timeline WHERE project = $1 AND kind = 'release.began' AND split_part(grain_key, '/', 4) = '2')", project.Name), begun => begun);
        await project.Post("/releases/2/abort", new { reason = "A drill" });
        await project.EndedAsync(2);
    }

    [Fact]
    public async Task CanaryDiesWhileServerIsAway_VisitorsGetStable_ReleaseGoesBackOnceServerSeesIt()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        await place.KillServerAsync();
        await project.AskAsync("v2", "/die");
        // Requests that were inside the process when it died are lost with it; none after them may be.
        await Eventually.Is("the router knows that v2 is gone", () => project.AnsweringAsync(30), v => v.SequenceEqual(["v1"]));
        var faults = project.Load.RouterFaults;
        await project.MoreAnswersAsync(300);
        await place.StartServerAsync();
        // What the router counted meanwhile is evidence: every request meant for the canary had to be answered by stable.
        var ended = await project.EndedAsync(release);
        ended["outcome"]!.ToString().ShouldBe("rolledBack", ended.ToJsonString());
        (await project.AnsweringAsync(20)).ShouldBe(["v1"]);
        var load = await project.VisitorsLeaveAsync();
        load.RouterFaults.ShouldBe(faults, string.Join("; ", load.Faults));
    }
}
