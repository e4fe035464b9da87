using Orleans.Storage;

namespace ProdSprint.Engine;

public sealed class LifeState
{
    public int Value { get; set; }
}

[Alias("engine.ILife")]
public interface ILife : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> Add(int n);

    [Alias("Clear")]
    Task Clear();

    [Alias("Get")]
    Task<int> Get();

    [Alias("Leave")]
    Task<Guid> Leave();

    [Alias("Activation")]
    Task<Guid> Activation();

    [Alias("Conflict")]
    Task Conflict(bool caught);

    [Alias("Keep")]
    Task KeepAwake(TimeSpan time);

    [Alias("Tick")]
    Task Tick(string gate, bool interleave, int times);

    [Alias("BlockAndCount")]
    Task<int> BlockAndCountTicks(string gate);
}

[GrainType("engine-life")]
public sealed class LifeGrain([PersistentState("engine-life")] IPersistentState<LifeState> state) : Grain, ILife
{
    private readonly Guid _activation = Guid.NewGuid();
    private int _atActivation = -1;
    private int _ticks;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyString().EndsWith("/fails", StringComparison.Ordinal))
        {
            throw new OrderRejectedException("cannot wake up");
        }

        _atActivation = state.State.Value;
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Gates.Of($"{this.GetPrimaryKeyString()}/{reason.ReasonCode}").Arrived.Release();
        return Task.CompletedTask;
    }

    public async Task<int> Add(int n)
    {
        state.State.Value += n;
        await state.WriteStateAsync();
        return state.State.Value;
    }

    public Task Clear() => state.ClearStateAsync();

    public Task<int> Get() => Task.FromResult(_atActivation);

    public Task<Guid> Leave()
    {
        DeactivateOnIdle();
        return Task.FromResult(_activation);
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task Conflict(bool caught)
    {
        try
        {
            throw new InconsistentStateException("someone else wrote");
        }
        catch (InconsistentStateException) when (caught)
        {
            return Task.CompletedTask;
        }
    }

    public Task KeepAwake(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task Tick(string gate, bool interleave, int times)
    {
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(
            (name, token) =>
            {
                Gates.Of(name).Arrived.Release();
                if (++_ticks >= times)
                {
                    timer!.Dispose();
                    Gates.Of(name).Open();
                }

                return Task.CompletedTask;
            },
            gate,
            new GrainTimerCreationOptions(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public async Task<int> BlockAndCountTicks(string gate)
    {
        _ticks = 0;
        await Gates.ArriveAndWait(gate);
        return _ticks;
    }
}

public sealed class OldState
{
    public int Count { get; set; }
}

[Alias("engine.IOld")]
public interface IOld : IGrainWithGuidKey
{
    [Alias("Add")]
    Task<int> Add();
}

[GrainType("engine-old")]
public sealed class OldGrain : Grain<OldState>, IOld
{
    public async Task<int> Add()
    {
        State.Count++;
        await WriteStateAsync();
        return State.Count;
    }
}
