using System.Diagnostics;

namespace ProdSprint.Traffic.Tests;

/// <summary>The data plane outlives the control plane, and itself.</summary>
public abstract class RouterRestarts(RouterHarness harness)
{
    [Fact]
    public async Task Restart_ServesItsLastOrders_WithNoServerAround()
    {
        await using var scene = new Scene(() => harness.Router);
        var v1 = await scene.VersionAsync("v1");
        var v2 = await scene.VersionAsync("v2");
        await scene.RouteAsync(1, v1.Stable());
        await scene.RouteAsync(5, v1.Stable(0), v2.Canary(10_000));
        await harness.CrashAndRestartAsync();
        (await scene.GetAsync()).ShouldBe("v2");
        var status = (await harness.Router.StatusAsync()).Environments.Single(e => e.Environment == scene.Name);
        (status.Revision, status.Port).ShouldBe((5, scene.Port));
        (await scene.RouteAsync(4, v1.Stable())).Outcome.ShouldBe(RouteOutcome.Stale);
        (await scene.RouteAsync(6, v1.Stable(), v2.Canary(0))).Port.ShouldBe(scene.Port);
        (await scene.GetAsync()).ShouldBe("v1");
    }
}

public sealed class ChildRouterRestartTests(ChildRouter harness) : RouterRestarts(harness), IClassFixture<ChildRouter>
{
    [Fact]
    public async Task Restart_ReportsGoOnUnderANewInstance()
    {
        await using var scene = new Scene(harness.Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        await scene.GetAsync();
        (await scene.ReportsAsync(1))["v1"].Requests.ShouldBe(1);
        var before = (await harness.Router.StatusAsync()).Instance;
        using var limit = new CancellationTokenSource(RawClient.Patience);
        var batches = new List<TrafficReportBatch>();
        var following = Task.Run(async () =>
        {
            await foreach (var batch in harness.Router.ReportsAsync(null, limit.Token))
            {
                batches.Add(batch);
                if (batch.Router != before) return;
            }
        });
        await harness.CrashAndRestartAsync();
        await scene.GetAsync();
        await following;
        batches.Last().Sequence.ShouldBe(1);
    }

    [Fact]
    public async Task Launcher_FindsTheSameRouterAgain()
    {
        var again = await harness.Launcher.EnsureRunningAsync();
        again.ShouldBe(harness.Running with { Adopted = true });
    }

    [Fact]
    public async Task SecondRouter_OnTheSameState_IsRefusedWithTheReason()
    {
        using var second = Process.Start(new ProcessStartInfo(ChildRouter.Command.FileName, ["router", "--state", harness.State]) { RedirectStandardError = true })!;
        var error = await second.StandardError.ReadToEndAsync();
        await second.WaitForExitAsync();
        second.ExitCode.ShouldBe(1);
        error.ShouldContain("Another router runs");
    }

    [Fact]
    public async Task Calls_WithoutARouter_SayWhatToDo()
    {
        await using var nobody = new LocalRouterClient(Path.Combine(harness.State, "nobody"));
        var error = await Should.ThrowAsync<RouterUnavailableException>(() => nobody.StatusAsync());
        error.Message.ShouldContain("prodsprint up");
    }
}

public sealed class InProcessRouterRestartTests
{
    [Fact]
    public async Task Shutdown_FinishesWhatIsInFlight()
    {
        var harness = new InProcessRouter();
        await harness.InitializeAsync();
        var scene = new Scene(harness.Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        var held = scene.GetAsync("/gate");
        while (v1.GateWaiters == 0) await Task.Delay(5);
        var stopping = harness.StopAsync();
        v1.Gate.SetResult();
        (await held).ShouldBe("v1");
        await stopping;
        await harness.InitializeAsync();
        await scene.DisposeAsync();
        await harness.DisposeAsync();
    }
}
