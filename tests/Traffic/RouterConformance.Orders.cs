namespace ProdSprint.Traffic.Tests;

public abstract partial class RouterConformance
{
    [Fact]
    public async Task Orders_OlderRevision_IsRefused()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        var v2 = await scene.VersionAsync("v2");
        (await scene.RouteAsync(7, v1.Stable())).Outcome.ShouldBe(RouteOutcome.Applied);
        var stale = await scene.RouteAsync(6, v2.Stable());
        stale.Outcome.ShouldBe(RouteOutcome.Stale);
        stale.Revision.ShouldBe(7);
        stale.Detail.ShouldNotBeNull();
        (await scene.GetAsync()).ShouldBe("v1");
    }

    [Fact]
    public async Task Orders_SameRevision_ChangesNothing()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        var v2 = await scene.VersionAsync("v2");
        var first = await scene.RouteAsync(3, v1.Stable());
        var again = await scene.RouteAsync(3, v2.Stable());
        again.ShouldBe(new RouteAck(RouteOutcome.Unchanged, 3, first.Port, null));
        (await scene.GetAsync()).ShouldBe("v1");
    }

    [Fact]
    public async Task Orders_WeightsThatDoNotAddUp_AreRefusedAndChangeNothing()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        var refused = await scene.RouteAsync(v1.Stable(9_000), v1.Canary(500) with { Version = "v2", Address = "nowhere" });
        refused.Outcome.ShouldBe(RouteOutcome.Refused);
        refused.Revision.ShouldBe(1);
        refused.Detail.ShouldNotBeNull().ShouldContain("9500");
        refused.Detail.ShouldNotBeNull().ShouldContain("nowhere");
        (await scene.GetAsync()).ShouldBe("v1");
    }

    [Fact]
    public async Task Orders_PortOrHostOfAnother_IsRefused()
    {
        await using var one = new Scene(Router, "port-one") { Hosts = ["port.example.com"] };
        await using var two = new Scene(Router, "port-two");
        var v1 = await one.VersionAsync("v1");
        await one.RouteAsync(v1.Stable());
        (await Router.ApplyAsync(two.Orders(1, v1.Stable()) with { Port = one.Port })).Outcome.ShouldBe(RouteOutcome.Refused);
        (await Router.ApplyAsync(two.Orders(1, v1.Stable()) with { Hosts = ["port.example.com"] })).Outcome.ShouldBe(RouteOutcome.Refused);
    }

    [Fact]
    public async Task Orders_NoVersionWithWeight_Answers503WithTheNextStep()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable(0));
        using var response = await scene.Client.GetAsync("/");
        ((int)response.StatusCode).ShouldBe(503);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldContain("no_version");
        (await scene.ReportsAsync(1))[""].RouterFaults.ShouldBe(1);
    }

    [Fact]
    public async Task Orders_Removed_PortIsClosed()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        await scene.GetAsync();
        await Router.RemoveAsync("ws", "project", scene.Name);
        (await Router.StatusAsync()).Environments.ShouldNotContain(e => e.Environment == scene.Name);
        using var fresh = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => fresh.GetAsync($"http://127.0.0.1:{scene.Port}/"));
        // And the revision is forgotten with it.
        (await scene.RouteAsync(1, v1.Stable())).Outcome.ShouldBe(RouteOutcome.Applied);
    }

    [Fact]
    public async Task Status_ShowsWeightsAndWhatIsInFlight_AndDrainWaitsForIt()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        var v2 = await scene.VersionAsync("v2");
        await scene.RouteAsync(v1.Stable(0), v2.Canary(10_000));
        var held = Enumerable.Range(0, 3).Select(_ => scene.GetAsync("/gate")).ToArray();
        while (v2.GateWaiters < 3) await Task.Delay(5);
        await scene.RouteAsync(v1.Stable());
        (await scene.GetAsync()).ShouldBe("v1");
        var status = (await Router.StatusAsync()).Environments.Single(e => e.Environment == scene.Name);
        status.Port.ShouldBe(scene.Port);
        status.Versions.Single(v => v.Version == "v2").InFlight.ShouldBe(3);
        status.Versions.Single(v => v.Version == "v1").Weight.ShouldBe(10_000);
        (await Router.WaitDrainedAsync("ws", "project", scene.Name, "v2", TimeSpan.FromMilliseconds(100))).ShouldBeFalse();
        var drained = Router.WaitDrainedAsync("ws", "project", scene.Name, "v2", TimeSpan.FromSeconds(60));
        v2.Gate.SetResult();
        (await Task.WhenAll(held)).ShouldBe(["v2", "v2", "v2"]);
        (await drained).ShouldBeTrue();
    }

    [Fact]
    public async Task Unhealthy_ByOrder_GetsNothing()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        var v2 = await scene.VersionAsync("v2");
        await scene.RouteAsync(v1.Stable(5_000), v2.Canary(5_000) with { Healthy = false });
        for (var i = 0; i < 20; i++) (await scene.GetAsync()).ShouldBe("v1");
        v2.Hits.ShouldBe(0);
    }
}
