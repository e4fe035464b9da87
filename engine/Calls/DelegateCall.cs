using Orleans.Runtime;

namespace Orleans.Calls;

/// <summary>The engine's own work on an activation, queued like a call: a timer's tick, an event of a stream.</summary>
internal sealed class DelegateCall : VoidResultCall
{
    private static readonly MethodMeta EngineMeta = new InterfaceMeta(typeof(IEngineWork)).Methods[0];

    private readonly Func<Activation, Task> _work;
    private readonly bool _isUse;

    public DelegateCall(GrainReference reference, Func<Activation, Task> work, bool isUse, long timeoutMs = long.MaxValue)
    {
        _work = work;
        _isUse = isUse;
        Reference = reference;
        SentAt = Environment.TickCount64;
        TimeoutMs = timeoutMs;
    }

    public override MethodMeta Meta => EngineMeta;

    internal override bool IsUse => _isUse;

    internal override bool IsFiltered => false;

    protected override Task InvokeVoid(object target) => _work((Activation)Queue!);

    private interface IEngineWork : IAddressable
    {
        Task Run();
    }
}
