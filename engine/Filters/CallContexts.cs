using System.Reflection;
using Orleans.Calls;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>What incoming and outgoing calls show their filters alike.</summary>
internal abstract class CallContext(GrainCall call) : IGrainCallContext
{
    private int _stage;

    protected GrainCall Call { get; } = call;

    public IInvokable Request => Call;

    public abstract object Grain { get; }

    public GrainId? SourceId => Call.Source?.GrainId;

    public GrainId TargetId => Call.Reference.GrainId;

    public GrainInterfaceType InterfaceType => Call.Meta.Interface.InterfaceType;

    public string InterfaceName => Call.Meta.Interface.Name;

    public string MethodName => Call.Meta.Name;

    public MethodInfo InterfaceMethod => Call.Meta.Method;

    public Response? Response { get; set; }

    public object? Result
    {
        get => Response is { Exception: null } response ? response.Result : null;
        set => Response = Response.FromResult(value);
    }

    /// <summary>Each call goes one stage further, and back when that stage is over: a filter may invoke twice to retry.</summary>
    public async Task Invoke()
    {
        try
        {
            await InvokeStage(_stage++);
        }
        finally
        {
            _stage--;
        }
    }

    protected abstract Task InvokeStage(int stage);

    protected async Task InvokeFilter(Task running, object filter)
    {
        await running;
        if (Response is null)
        {
            throw new InvalidOperationException($"The call filter {filter.GetType().Name} neither went on with the call nor set a result.");
        }
    }
}

/// <summary>The filters around a call that reached its grain: those of the silo, the grain's own, the method.</summary>
internal sealed class IncomingCallContext(
    GrainCall call, object instance, IGrainContext target, IIncomingGrainCallFilter[] filters) : CallContext(call), IIncomingGrainCallContext
{
    public override object Grain => instance;

    public IGrainContext TargetContext => target;

    public MethodInfo ImplementationMethod => ImplementationMethods.Of(instance.GetType(), Call.Meta.Method);

    public async Task<Response> RunAsync()
    {
        try
        {
            await Invoke();
            return Response ?? Response.Completed;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    protected override Task InvokeStage(int stage)
    {
        if (stage < filters.Length)
        {
            return InvokeFilter(filters[stage].Invoke(this), filters[stage]);
        }

        return stage == filters.Length && instance is IIncomingGrainCallFilter own ? InvokeFilter(own.Invoke(this), own) : InvokeMethod();
    }

    private async Task InvokeMethod()
    {
        Response = await Call.RunFiltered(instance);

        // A failure passes through the filters as an exception. A filter that only catches it leaves the response as it is: failed.
        if (Response.Exception is { } exception)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
        }
    }
}

/// <summary>The filters around a call that leaves its caller. A failed call is a response with an exception, not a throw.</summary>
internal sealed class OutgoingCallContext(GrainCall call, Dispatcher dispatcher, IOutgoingGrainCallFilter[] filters)
    : CallContext(call), IOutgoingGrainCallContext
{
    public override object Grain => Call.Reference;

    public IGrainContext? SourceContext => Call.Source;

    public static async Task RunAsync(IOutgoingGrainCallFilter[] filters, GrainCall call, Dispatcher dispatcher)
    {
        var context = new OutgoingCallContext(call, dispatcher, filters);
        try
        {
            await context.Invoke();
            call.AnswerCaller(context.Response!);
        }
        catch (Exception exception)
        {
            call.AnswerCaller(Response.FromException(exception));
        }
    }

    protected override Task InvokeStage(int stage) =>
        stage < filters.Length ? InvokeFilter(filters[stage].Invoke(this), filters[stage]) : SendAsync();

    private async Task SendAsync()
    {
        // Filters may have changed what travels with the call.
        Call.Context = RequestContext.Current;
        Response = await dispatcher.DeliverAndWait(Call);
    }
}

internal static class ImplementationMethods
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(Type, MethodInfo), MethodInfo> Known = new();

    public static MethodInfo Of(Type grainClass, MethodInfo interfaceMethod) => Known.GetOrAdd((grainClass, interfaceMethod), static key =>
    {
        var map = key.Item1.GetInterfaceMap(key.Item2.DeclaringType!);
        var index = Array.IndexOf(map.InterfaceMethods, key.Item2);
        return index < 0 ? key.Item2 : map.TargetMethods[index];
    });
}
