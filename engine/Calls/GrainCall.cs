using System.Reflection;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Calls;

/// <summary>
/// One call: its arguments, where it goes and where its answer goes. For every method a subclass is generated that holds the
/// arguments in typed fields and calls the method directly.
/// </summary>
internal abstract class GrainCall : IRequest
{
    private const int Pending = 0, Answered = 1;

    private int _answer;
    private CancellationLink? _cancellation;

    internal GrainCall? Next;
    internal GrainCall? Previous;

    internal GrainReference Reference = null!;
    internal IGrainContext? Source;
    internal RequestContext.Values? Context;
    internal ICallTarget? Queue;

    /// <summary>When it was sent, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long SentAt;
    internal long TimeoutMs;
    internal InvokeMethodOptions Flags;
    internal CallState State;
    internal int Forwards;

    /// <summary>The outgoing filters that wait for the answer, if there are any.</summary>
    protected TaskCompletionSource<Response>? Observer { get; private set; }

    /// <summary>The object the call runs on, once it runs.</summary>
    protected object? Instance { get; private set; }

    public abstract MethodMeta Meta { get; }

    public InvokeMethodOptions Options => Flags;

    internal bool IsOneWay => (Flags & InvokeMethodOptions.OneWay) != 0;

    internal bool IsReadOnly => (Flags & InvokeMethodOptions.ReadOnly) != 0;

    internal bool IsAlwaysInterleave => (Flags & InvokeMethodOptions.AlwaysInterleave) != 0;

    /// <summary>Whether it counts as use of the grain, so that the grain is not idle.</summary>
    internal virtual bool IsUse => true;

    /// <summary>Whether call filters see it.</summary>
    internal virtual bool IsFiltered => true;

    internal bool IsAnswered => Volatile.Read(ref _answer) == Answered;

    /// <summary>Starts the method. Completion is reported to <paramref name="target"/>, exactly once.</summary>
    internal void Start(object instance, ICallTarget target)
    {
        Instance = instance;
        Queue = target;
        StartMethod();
    }

    /// <summary>Runs the method as a step that filters can wait for.</summary>
    internal ValueTask<Response> RunFiltered(object instance)
    {
        Instance = instance;
        return InvokeMethod();
    }

    /// <summary>The answer from the grain's side.</summary>
    internal void Complete(Response response)
    {
        if (!TryAnswer())
        {
            return;
        }

        if (Observer is { } observer)
        {
            observer.TrySetResult(response);
        }
        else
        {
            AnswerCaller(response);
        }
    }

    internal void Fail(Exception exception) => Complete(Response.FromException(exception));

    /// <summary>The answer as the caller gets it.</summary>
    internal abstract void AnswerCaller(Response response);

    /// <summary>From now on the answer goes to a filter first.</summary>
    internal Task<Response> Observe()
    {
        _answer = Pending;
        State = CallState.Sent;
        Observer = new TaskCompletionSource<Response>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Observer.Task;
    }

    internal bool TryAnswer()
    {
        if (Interlocked.Exchange(ref _answer, Answered) != Pending)
        {
            return false;
        }

        _cancellation?.Release();
        return true;
    }

    protected abstract void StartMethod();

    protected abstract ValueTask<Response> InvokeMethod();

    /// <summary>Hands a token of its own to the grain, cancelled in a turn of the grain; the caller hears of it at once.</summary>
    internal void LinkCancellation(CancellationToken token)
    {
        _cancellation = new CancellationLink(this, token);
        SetArgument(Meta.TokenIndex, _cancellation.Token);
    }

    internal void CancelInside() => _cancellation?.CancelInside();

    internal void ArmCancellation() => _cancellation?.Arm();

    public object? GetTarget() => Instance;

    public void SetTarget(ITargetHolder holder) => Instance = holder.GetTarget();

    public ValueTask<Response> Invoke() => InvokeMethod();

    public virtual int GetArgumentCount() => 0;

    public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    public virtual void SetArgument(int index, object value) => throw new ArgumentOutOfRangeException(nameof(index));

    public string GetMethodName() => Meta.Name;

    public string GetInterfaceName() => Meta.Interface.Name;

    public string GetActivityName() => Meta.ActivityName;

    public MethodInfo GetMethod() => Meta.Method;

    public Type GetInterfaceType() => Meta.Interface.Type;

    public TimeSpan? GetDefaultResponseTimeout() => Meta.Timeout;

    public bool IsCancellable => Meta.TokenIndex >= 0;

    public CancellationToken GetCancellationToken() => IsCancellable ? (CancellationToken)GetArgument(Meta.TokenIndex)! : default;

    public bool TryCancel()
    {
        CancelInside();
        return IsCancellable;
    }

    public void AddInvokeMethodOptions(InvokeMethodOptions options) => Flags |= options;

    public void Dispose()
    {
    }

    public override string ToString() => $"{Meta.Interface.Name}.{Meta.Name} on {Reference}";
}

internal enum CallState : byte
{
    Sent,
    Waiting,
    Running,
    Done,
}

/// <summary>What runs calls: an activation, or an observer outside the grains.</summary>
internal interface ICallTarget
{
    /// <summary>False: it takes no calls any more.</summary>
    bool TryEnqueue(GrainCall call);

    void OnCompleted(GrainCall call, Exception? exception);

    /// <summary>Runs outside the order of calls, but in a turn where there are turns.</summary>
    void Post(Action action);

    /// <summary>Answers calls that are over their time; true: there are calls left to watch.</summary>
    bool SweepTimeouts(long now);
}
