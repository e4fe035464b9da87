using System.Threading.Tasks;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>What references of one interface share.</summary>
internal sealed class ReferenceShared(InterfaceMeta meta, GrainFactory factory)
{
    public InterfaceMeta Meta { get; } = meta;

    public GrainFactory Factory { get; } = factory;

    public Dispatcher Dispatcher { get; } = factory.Dispatcher;
}

/// <summary>The address of a grain with the methods of one of its interfaces. Generated classes derive from it.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>, IFormattable
{
    // The activation that answered last: saves the look-up until it is gone.
    private ICallTarget? _target;

    internal GrainReference(ReferenceShared shared, GrainId id)
    {
        Shared = shared;
        GrainId = id;
    }

    public GrainId GrainId { get; }

    public GrainInterfaceType InterfaceType => Shared.Meta.InterfaceType;

    public virtual string InterfaceName => Shared.Meta.Name;

    internal ReferenceShared Shared { get; }

    internal ICallTarget? Target
    {
        get => Volatile.Read(ref _target);
        set => Volatile.Write(ref _target, value);
    }

    public virtual TGrainInterface Cast<TGrainInterface>() where TGrainInterface : IAddressable => this.AsReference<TGrainInterface>();

    public uint GetUniformHashCode() => GrainId.GetUniformHashCode();

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}:{InterfaceName}";

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    internal Task<TResult> SendResult<TResult>(ResultCall<TResult> call)
    {
        Shared.Dispatcher.Send(this, call);
        return call.IsOneWay ? Task.FromResult(default(TResult)!) : call.Task;
    }

    internal ValueTask<TResult> SendValue<TResult>(ValueResultCall<TResult> call) => new(SendResult(call));

    internal Task SendVoid(VoidResultCall call)
    {
        Shared.Dispatcher.Send(this, call);
        return call.IsOneWay ? Task.CompletedTask : call.Task;
    }

    internal ValueTask SendVoidValue(VoidValueResultCall call) => new(SendVoid(call));

    internal void SendNothing(NoResultCall call) => Shared.Dispatcher.Send(this, call);
}
