using Orleans.Hosting;

namespace ProdSprint.Engine;

/// <summary>What a call carries, how it fails and when it may run.</summary>
public sealed class CallTests(Cluster cluster) : IClassFixture<Cluster>
{
    private static string New(string kind) => $"{kind}/{Guid.NewGuid():N}";

    private ICalls NewGrain() => cluster.Grain<ICalls>(New("calls"));

    [Fact]
    public async Task Call_ImmutableRecord_ComesBackEqual()
    {
        var note = new Note("hello", [1, 2, 3]);
        var echoed = await NewGrain().Echo(note);
        echoed.Text.ShouldBe("hello");
        echoed.Numbers.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Call_MutableArgument_IsCopiedBothWays()
    {
        var grain = NewGrain();
        var mine = new MutableNote { Lines = ["mine"] };
        var returned = await grain.Change(mine);
        mine.Lines.ShouldBe(["mine"]);
        mine.Counts.ShouldBeEmpty();
        returned.Lines.ShouldBe(["mine", "grain"]);
        returned.Counts.ShouldContainKeyAndValue("grain", 1);
        returned.Lines.Add("later");
        (await grain.Kept()).ShouldBe(2);
    }

    [Fact]
    public async Task Call_ManyArgumentsAndValueTask_Works() => (await NewGrain().Sum(1, 2, 3, 4, 5)).ShouldBe(15);

    [Fact]
    public async Task Call_DefaultInterfaceMethod_WorksThroughReference() => (await NewGrain().Doubled(21)).ShouldBe(42);

    [Fact]
    public async Task Call_GrainThrows_TypeAndMessageArrive()
    {
        var failure = await Should.ThrowAsync<OrderRejectedException>(() => NewGrain().Fail("no stock"));
        failure.Message.ShouldBe("no stock");
        failure.StackTrace.ShouldNotBeNull().ShouldContain(nameof(CallsGrain.Fail));
    }

    [Fact]
    public async Task Call_GrainThrowsBeforeItsFirstAwait_ExceptionIsInTheTask()
    {
        var task = NewGrain().FailAtOnce("at once");
        (await Should.ThrowAsync<InvalidOperationException>(() => task)).Message.ShouldBe("at once");
    }

    [Fact]
    public async Task Call_ManyAtOnce_RunOneAfterTheOther()
    {
        var grain = NewGrain();
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => grain.IncrementSlowly()));
        results.Order().ShouldBe(Enumerable.Range(1, 50));
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherCallWaits_Runs()
    {
        var (grain, gate) = (NewGrain(), New("gate"));
        var blocked = grain.Block(gate);
        await Gates.Of(gate).WaitForArrival();
        (await grain.Peek()).ShouldBe(1);
        Gates.Of(gate).Open();
        await blocked;
        (await grain.Peek()).ShouldBe(2);
    }

    [Fact]
    public async Task ReadOnly_Calls_RunTogether()
    {
        var (grain, gate) = (NewGrain(), New("gate"));
        var first = grain.Read(gate);
        await Gates.Of(gate).WaitForArrival();
        var second = grain.Read(gate);
        await Gates.Of(gate).WaitForArrival();
        Gates.Of(gate).Open();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task ReadOnly_BesideAWriter_Waits()
    {
        var (grain, gate, other) = (NewGrain(), New("gate"), New("gate"));
        var writer = grain.Block(gate);
        await Gates.Of(gate).WaitForArrival();
        Gates.Of(other).Open();
        var reader = grain.Read(other);
        (await grain.Peek()).ShouldBe(1);
        Gates.Of(other).Arrived.CurrentCount.ShouldBe(0);
        Gates.Of(gate).Open();
        await writer;
        (await reader).ShouldBe(2);
    }

    [Fact]
    public async Task Reentrant_Class_InterleavesItsCalls()
    {
        var (grain, gate) = (cluster.Grain<IInterleaving>(New("reentrant")), New("gate"));
        var first = grain.Enter(gate);
        var second = grain.Enter(gate);
        await Gates.Of(gate).WaitForArrival();
        await Gates.Of(gate).WaitForArrival();
        await grain.Open(gate);
        (await Task.WhenAll(first, second)).ShouldAllBe(n => n == 2);
    }

    [Fact]
    public async Task MayInterleave_PredicateSaysYes_Runs()
    {
        var (grain, gate) = (cluster.Grain<IMayInterleaveCalls>(New("may")), New("gate"));
        var waiting = grain.Wait(gate);
        await Gates.Of(gate).WaitForArrival();
        await grain.Urgent(gate);
        await waiting;
    }

    [Fact]
    public async Task CallChain_Allowed_ComesBackIn() => (await NewGrain().CallBack(NewGrain(), allow: true)).ShouldBe("pong");

    [Fact]
    public async Task CallChain_NotAllowed_TimesOut()
    {
        await using var impatient = Cluster.Build(silo =>
            silo.Configure<Orleans.Configuration.SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2)));
        await impatient.DeployAsync();
        var (a, b) = (impatient.Client.GetGrain<ICalls>("calls/a"), impatient.Client.GetGrain<ICalls>("calls/b"));
        await Should.ThrowAsync<TimeoutException>(() => a.CallBack(b, allow: false));
    }

    [Fact]
    public async Task ResponseTimeout_GrainHangs_TimeoutException() => await Should.ThrowAsync<TimeoutException>(() => NewGrain().Hang());

    [Fact]
    public async Task OneWay_GrainThrows_CallerDoesNotHear()
    {
        var (grain, gate) = (NewGrain(), New("gate"));
        await grain.Forget(gate);
        await Gates.Of(gate).WaitForArrival();
    }

    [Fact]
    public async Task Cancellation_BeforeTheCall_GrainIsNeverCalled()
    {
        var grain = NewGrain();
        await Should.ThrowAsync<OperationCanceledException>(() => grain.WaitFor(New("gate"), new CancellationToken(true)));
        (await grain.CallsSeen()).ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_DuringTheCall_ReachesGrainAndCaller()
    {
        var (grain, gate) = (NewGrain(), New("gate"));
        using var cancel = new CancellationTokenSource();
        var call = grain.WaitFor(gate, cancel.Token);
        await Gates.Of(gate).WaitForArrival();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await Gates.Of(gate).WaitForLeaving();
    }

    [Fact]
    public async Task RequestContext_FlowsToTheGrain_AndNotBack()
    {
        RequestContext.Set("who", "me");
        (await NewGrain().ReadContext("who")).ShouldBe("me");
        RequestContext.Get("who").ShouldBe("me");
        RequestContext.Clear();
        (await NewGrain().ReadContext("who")).ShouldBe("none");
    }

    [Fact]
    public async Task RequestContext_FlowsOnFromGrainToGrain()
    {
        RequestContext.Set("trace", "t-1");
        (await cluster.Grain<IRelay>(New("relay")).ContextThrough(NewGrain(), "trace")).ShouldBe("t-1");
        RequestContext.Clear();
    }

    [Fact]
    public async Task Cancellation_ReachesTheGrainBehindTheGrain()
    {
        var (grain, gate) = (NewGrain(), New("gate"));
        using var cancel = new CancellationTokenSource();
        var call = cluster.Grain<IRelay>(New("relay")).CancelThrough(grain, gate, cancel.Token);
        await Gates.Of(gate).WaitForArrival();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await Gates.Of(gate).WaitForLeaving();
    }

    [Fact]
    public async Task Scheduler_AwaitsStayOnTheGrain_TaskRunLeavesIt() => (await NewGrain().StaysOnScheduler()).ShouldBeTrue();

    [Fact]
    public async Task GrainFactory_InsideTaskRun_Throws_ReferencesWork() => (await NewGrain().FactoryElsewhere()).ShouldBe("pong");

    [Fact]
    public async Task Reference_FromTheGrainItself_IsItsIdentity()
    {
        var grain = NewGrain();
        var self = await grain.Self();
        self.GetGrainId().ShouldBe(grain.GetGrainId());
        grain.GetGrainId().ToString().ShouldStartWith("engine-calls/calls/");
        (await cluster.Client.GetGrain<ICalls>(grain.GetGrainId()).Ping()).ShouldBe("pong");
    }

    [Fact]
    public async Task StatelessWorker_RunsAsManyAtOnceAsItMay()
    {
        var (worker, gate) = (cluster.Grain<IWorker>(New("worker")), New("gate"));
        var work = Enumerable.Range(0, 3).Select(_ => worker.Work(gate)).ToArray();
        await Gates.Of(gate).WaitForArrival();
        await Gates.Of(gate).WaitForArrival();
        Gates.Of(gate).Open();
        await Task.WhenAll(work);
    }
}
