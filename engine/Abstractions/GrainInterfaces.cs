namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>Marks an interface whose implementations are grains. Use one of the keyed ones.</summary>
    public interface IGrain : IAddressable;

    public interface IGrainWithGuidKey : IGrain;

    public interface IGrainWithIntegerKey : IGrain;

    public interface IGrainWithStringKey : IGrain;

    public interface IGrainWithGuidCompoundKey : IGrain;

    public interface IGrainWithIntegerCompoundKey : IGrain;

    /// <summary>An object outside the grains that a grain may call back.</summary>
    public interface IGrainObserver : IAddressable;

    /// <summary>A system's own endpoint within a silo.</summary>
    public interface ISystemTarget : IAddressable;
}

namespace Orleans.Runtime
{
    /// <summary>Anything that can be called through a reference.</summary>
    public interface IAddressable;

    /// <summary>An interface that an activation answers to without its class implementing it.</summary>
    public interface IGrainExtension : IAddressable;
}
