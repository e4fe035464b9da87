using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace ProdSprint.Engine;

[GenerateSerializer, Immutable, Alias("engine.Note")]
public sealed record Note([property: Id(0)] string Text, [property: Id(1)] ImmutableArray<int> Numbers);

[GenerateSerializer, Alias("engine.Mutable")]
public sealed class MutableNote
{
    [Id(0)]
    public List<string> Lines { get; set; } = [];

    [Id(1)]
    public Dictionary<string, int> Counts { get; set; } = [];
}

[GenerateSerializer, Alias("engine.OrderRejectedException")]
public sealed class OrderRejectedException(string message) : Exception(message);

[Alias("engine.ICalls")]
public interface ICalls : IGrainWithStringKey
{
    [Alias("Echo")]
    Task<Note> Echo(Note note);

    [Alias("Change")]
    Task<MutableNote> Change(MutableNote note);

    [Alias("Kept")]
    Task<int> Kept();

    [Alias("Fail")]
    Task Fail(string text);

    [Alias("FailAtOnce")]
    Task FailAtOnce(string text);

    [Alias("Increment")]
    Task<int> IncrementSlowly();

    [Alias("Block")]
    Task Block(string gate);

    [Alias("Peek")]
    [AlwaysInterleave]
    Task<int> Peek();

    [Alias("Read")]
    [ReadOnly]
    Task<int> Read(string gate);

    [Alias("Forget")]
    [OneWay]
    Task Forget(string gate);

    [Alias("Hang")]
    [ResponseTimeout("00:00:00.300")]
    Task Hang();

    [Alias("WaitFor")]
    Task<bool> WaitFor(string gate, CancellationToken token);

    [Alias("Calls")]
    [AlwaysInterleave]
    ValueTask<int> CallsSeen();

    [Alias("Sum")]
    ValueTask<int> Sum(int a, int b, int c, int d, int e);

    [Alias("Context")]
    Task<string> ReadContext(string key);

    [Alias("CallBack")]
    Task<string> CallBack(ICalls other, bool allow);

    [Alias("Ping")]
    Task<string> Ping();

    [Alias("CallMe")]
    Task<string> CallMe(ICalls caller);

    [Alias("Scheduler")]
    Task<bool> StaysOnScheduler();

    [Alias("Doubled")]
    async Task<int> Doubled(int n) => 2 * await Sum(n, 0, 0, 0, 0);

    [Alias("FactoryElsewhere")]
    Task<string> FactoryElsewhere();

    [Alias("Self")]
    Task<ICalls> Self();
}

[GrainType("engine-calls")]
public sealed class CallsGrain : Grain, ICalls
{
    private MutableNote? _kept;
    private int _value;
    private int _calls;

    public Task<Note> Echo(Note note) => Task.FromResult(note);

    public Task<MutableNote> Change(MutableNote note)
    {
        note.Lines.Add("grain");
        note.Counts["grain"] = 1;
        _kept = note;
        return Task.FromResult(note);
    }

    public Task<int> Kept() => Task.FromResult(_kept!.Lines.Count);

    public async Task Fail(string text)
    {
        await Task.Yield();
        throw new OrderRejectedException(text);
    }

    public Task FailAtOnce(string text) => throw new InvalidOperationException(text);

    public async Task<int> IncrementSlowly()
    {
        var before = _value;
        await Task.Yield();
        await Task.Delay(1);
        _value = before + 1;
        return _value;
    }

    public async Task Block(string gate)
    {
        _value = 1;
        await Gates.ArriveAndWait(gate);
        _value = 2;
    }

    public Task<int> Peek() => Task.FromResult(_value);

    public async Task<int> Read(string gate)
    {
        await Gates.ArriveAndWait(gate);
        return _value;
    }

    public Task Forget(string gate)
    {
        Gates.Of(gate).Arrived.Release();
        throw new InvalidOperationException("nobody hears of this");
    }

    public async Task Hang() => await Task.Delay(TimeSpan.FromSeconds(10));

    public async Task<bool> WaitFor(string gate, CancellationToken token)
    {
        _calls++;
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);
        Gates.Of(gate).Arrived.Release();
        await cancelled.Task;
        Gates.Of(gate).Left.Release();
        token.ThrowIfCancellationRequested();
        return true;
    }

    public ValueTask<int> CallsSeen() => new(_calls);

    public ValueTask<int> Sum(int a, int b, int c, int d, int e) => new(a + b + c + d + e);

    public async Task<string> ReadContext(string key)
    {
        var seen = RequestContext.Get(key) as string ?? "none";
        RequestContext.Set(key, "changed by the grain");
        await Task.Yield();
        return seen;
    }

    public async Task<string> CallBack(ICalls other, bool allow)
    {
        using var section = allow ? RequestContext.AllowCallChainReentrancy() : RequestContext.SuppressCallChainReentrancy();
        return await other.CallMe(this.AsReference<ICalls>());
    }

    public Task<string> Ping() => Task.FromResult("pong");

    public async Task<string> CallMe(ICalls caller) => await caller.Ping();

    public async Task<bool> StaysOnScheduler()
    {
        var scheduler = TaskScheduler.Current;
        await Task.Delay(1);
        var stays = TaskScheduler.Current == scheduler && scheduler != TaskScheduler.Default;
        await Task.Yield();
        return stays && TaskScheduler.Current == scheduler && await Task.Run(() => TaskScheduler.Current == TaskScheduler.Default)
            && TaskScheduler.Current == scheduler;
    }

    public async Task<string> FactoryElsewhere()
    {
        var other = GrainFactory.GetGrain<ICalls>("calls/factory-elsewhere");
        try
        {
            await Task.Run(() => GrainFactory.GetGrain<ICalls>("calls/x"));
            return "no exception";
        }
        catch (InvalidOperationException)
        {
            return await Task.Run(() => other.Ping());
        }
    }

    public Task<ICalls> Self() => Task.FromResult(this.AsReference<ICalls>());
}

[Alias("engine.IReentrantCalls")]
public interface IInterleaving : IGrainWithStringKey
{
    [Alias("Enter")]
    Task<int> Enter(string gate);

    [Alias("Open")]
    Task Open(string gate);
}

[Reentrant]
[GrainType("engine-reentrant")]
public sealed class ReentrantGrain : Grain, IInterleaving
{
    private int _inside;

    public async Task<int> Enter(string gate)
    {
        _inside++;
        await Gates.ArriveAndWait(gate);
        return _inside;
    }

    public Task Open(string gate)
    {
        Gates.Of(gate).Open();
        return Task.CompletedTask;
    }
}

[Alias("engine.IMayInterleave")]
public interface IMayInterleaveCalls : IGrainWithStringKey
{
    [Alias("Wait")]
    Task Wait(string gate);

    [Alias("Urgent")]
    Task Urgent(string gate);
}

[MayInterleave(nameof(IsUrgent))]
[GrainType("engine-may-interleave")]
public sealed class MayInterleaveGrain : Grain, IMayInterleaveCalls
{
    public static bool IsUrgent(IInvokable request) => request.GetMethodName() == nameof(Urgent);

    public Task Wait(string gate) => Gates.ArriveAndWait(gate);

    public Task Urgent(string gate)
    {
        Gates.Of(gate).Open();
        return Task.CompletedTask;
    }
}

[Alias("engine.IWorker")]
public interface IWorker : IGrainWithStringKey
{
    [Alias("Work")]
    Task Work(string gate);
}

[StatelessWorker(2)]
[GrainType("engine-worker")]
public sealed class WorkerGrain : Grain, IWorker
{
    public Task Work(string gate) => Gates.ArriveAndWait(gate);
}

[Alias("engine.IRelay")]
public interface IRelay : IGrainWithStringKey
{
    [Alias("Context")]
    Task<string> ContextThrough(ICalls next, string key);

    [Alias("Cancel")]
    Task CancelThrough(ICalls next, string gate, CancellationToken token);
}

[GrainType("engine-relay")]
public sealed class RelayGrain : Grain, IRelay
{
    public Task<string> ContextThrough(ICalls next, string key) => next.ReadContext(key);

    public Task CancelThrough(ICalls next, string gate, CancellationToken token) => next.WaitFor(gate, token);
}
