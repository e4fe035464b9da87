using Orleans.Hosting;
using Orleans.Storage;

namespace ProdSprint.Engine;

/// <summary>States, activation and deactivation, timers, idle collection, management.</summary>
public sealed class LifeTests(Cluster cluster) : IClassFixture<Cluster>
{
    private readonly string _key = $"life/{Guid.NewGuid():N}";

    private ILife Grain => cluster.Grain<ILife>(_key);

    [Fact]
    public async Task State_Written_IsThereBeforeTheNextActivation()
    {
        (await Grain.Add(3)).ShouldBe(3);
        var before = await Grain.Leave();
        await cluster.Host.DeactivateAsync(Grain);
        (await Grain.Get()).ShouldBe(3);
        (await Grain.Activation()).ShouldNotBe(before);
    }

    [Fact]
    public async Task State_Cleared_StartsAnew()
    {
        await Grain.Add(3);
        await Grain.Clear();
        (await Grain.Add(1)).ShouldBe(1);
    }

    [Fact]
    public async Task GrainOfT_KeepsItsState()
    {
        var grain = cluster.Client.GetGrain<IOld>(Guid.NewGuid());
        (await grain.Add()).ShouldBe(1);
        await cluster.Host.DeactivateAsync(grain);
        (await grain.Add()).ShouldBe(2);
    }

    [Fact]
    public async Task DeactivateOnIdle_GrainHearsWhy()
    {
        await Grain.Leave();
        await Gates.Of($"{_key}/{DeactivationReasonCode.ApplicationRequested}").WaitForArrival();
    }

    [Fact]
    public async Task GrainThatEndsAgainAndAgain_AnswersEveryCall()
    {
        var ending = Task.Run(async () =>
        {
            for (var n = 0; n < 3_000; n++) await Grain.Leave();
        });
        var callers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!ending.IsCompleted) (await Grain.Activation()).ShouldNotBe(Guid.Empty);
        }));
        await Task.WhenAll([ending, .. callers]);
    }

    [Fact]
    public async Task Activation_Fails_CallerHearsIt()
    {
        var grain = cluster.Grain<ILife>(_key + "/fails");
        (await Should.ThrowAsync<Exception>(() => grain.Get())).ToString().ShouldContain("cannot wake up");
    }

    [Fact]
    public async Task InconsistentState_Uncaught_DeactivatesTheGrain()
    {
        var before = await Grain.Activation();
        await Should.ThrowAsync<InconsistentStateException>(() => Grain.Conflict(caught: false));
        await Gates.Of($"{_key}/{DeactivationReasonCode.ApplicationError}").WaitForArrival();
        (await Grain.Activation()).ShouldNotBe(before);
    }

    [Fact]
    public async Task InconsistentState_Caught_GrainStays()
    {
        var before = await Grain.Activation();
        await Grain.Conflict(caught: true);
        (await Grain.Activation()).ShouldBe(before);
    }

    [Fact]
    public async Task Timer_Ticks_UntilDisposed()
    {
        await Grain.Tick(_key, interleave: false, times: 3);
        await Gates.Of(_key).Opened.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Timer_NotInterleaving_WaitsForTheCall()
    {
        var gate = _key + "/gate";
        var blocked = Grain.BlockAndCountTicks(gate);
        await Gates.Of(gate).WaitForArrival();
        var registering = Grain.Tick(_key, interleave: false, times: 1);
        Gates.Of(gate).Open();
        (await blocked).ShouldBe(0);
        await registering;
        await Gates.Of(_key).Opened.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Timer_Interleaving_TicksWhileACallWaits()
    {
        await Grain.Tick(_key, interleave: true, times: int.MaxValue);
        var gate = _key + "/gate";
        var blocked = Grain.BlockAndCountTicks(gate);
        await Gates.Of(gate).WaitForArrival();
        while (Gates.Of(_key).Arrived.Wait(0))
        {
        }

        await Gates.Of(_key).WaitForArrival();
        await Gates.Of(_key).WaitForArrival();
        Gates.Of(gate).Open();
        (await blocked).ShouldBeGreaterThan(0);
        await cluster.Host.DeactivateAsync(Grain);
    }

    [Fact]
    public async Task Collection_IdleGrain_LeavesMemory_BusyAndKeptStay()
    {
        await using var host = Cluster.Build(_ => { });
        await host.DeployAsync();
        var (idle, kept) = (host.Client.GetGrain<ILife>("life/idle"), host.Client.GetGrain<ILife>("life/kept"));
        var (idleBefore, keptBefore) = (await idle.Activation(), await kept.Activation());
        await kept.KeepAwake(TimeSpan.FromHours(1));
        var busy = host.Client.GetGrain<ILife>("life/busy").BlockAndCountTicks("life/busy-gate");
        await Gates.Of("life/busy-gate").WaitForArrival();

        await host.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        await Gates.Of($"life/idle/{DeactivationReasonCode.ActivationIdle}").WaitForArrival();
        (await idle.Activation()).ShouldNotBe(idleBefore);
        (await kept.Activation()).ShouldBe(keptBefore);
        Gates.Of("life/busy-gate").Open();
        (await busy).ShouldBe(0);
    }

    [Fact]
    public async Task Collection_OrdinaryTimer_DoesNotKeepTheGrain()
    {
        await using var host = Cluster.Build(_ => { });
        await host.DeployAsync();
        var grain = host.Client.GetGrain<ILife>("life/timed");
        var before = await grain.Activation();
        await grain.Tick("life/timed-ticks", interleave: true, times: int.MaxValue);
        await Gates.Of("life/timed-ticks").WaitForArrival();

        // Between two looks of the collector a tick may just be running.
        for (var left = 200; left > 0 && !await Gates.Of($"life/timed/{DeactivationReasonCode.ActivationIdle}").Arrived.WaitAsync(50); left--)
        {
            await host.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        }

        (await grain.Activation()).ShouldNotBe(before);
    }

    [Fact]
    public async Task Shutdown_GrainsSayGoodbye()
    {
        var host = Cluster.Build(_ => { });
        await host.DeployAsync();
        await host.Client.GetGrain<ILife>("life/goodbye").Get();
        await host.StopAllSilosAsync();
        await Gates.Of($"life/goodbye/{DeactivationReasonCode.ShuttingDown}").WaitForArrival();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Kill_NoGoodbye_TheGrainComesBackElsewhere()
    {
        await using var host = Cluster.Build(_ => { });
        await host.DeployAsync();
        var grain = host.Client.GetGrain<ILife>("life/killed");
        var before = await grain.Activation();
        await host.KillSiloAsync(host.Silos[0]);
        await host.StartAdditionalSiloAsync();
        (await Answered(() => host.Client.GetGrain<ILife>("life/killed").Activation())).ShouldNotBe(before);
    }

    /// <summary>A killed silo is refused to callers until the cluster has given it up, so the first calls may fail: the contract is that one succeeds.</summary>
    private static async Task<T> Answered<T>(Func<Task<T>> call)
    {
        var deadline = Environment.TickCount64 + 90_000;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is not Shouldly.ShouldAssertException && Environment.TickCount64 < deadline)
            {
                await Task.Delay(250);
            }
        }
    }

    [Fact]
    public async Task Management_CountsActivations()
    {
        await Grain.Get();
        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        var statistics = await management.GetSimpleGrainStatistics();
        statistics.Single(s => s.GrainType.Contains(nameof(LifeGrain), StringComparison.Ordinal)).ActivationCount.ShouldBeGreaterThan(0);
        (await management.GetTotalActivationCount()).ShouldBeGreaterThan(1);
        (await management.GetDetailedGrainStatistics()).ShouldContain(s => s.GrainId == Grain.GetGrainId());
        (await management.GetHosts()).Values.ShouldBe([SiloStatus.Active]);
    }

    [Fact]
    public async Task CollectionAge_NotLongerThanTheQuantum_RefusesToStart()
    {
        await using var host = Cluster.Build(silo => silo.Configure<Orleans.Configuration.GrainCollectionOptions>(o =>
            o.CollectionAge = TimeSpan.FromSeconds(30)));
        await Should.ThrowAsync<Exception>(() => host.DeployAsync());
    }
}
