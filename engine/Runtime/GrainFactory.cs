using System.Collections.Concurrent;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>Makes references from what is known about interfaces and classes.</summary>
internal sealed class GrainFactory(GrainClasses classes, Dispatcher dispatcher, Observers observers) : IGrainFactory
{
    private readonly ConcurrentDictionary<Type, InterfaceEntry> _entries = new();

    public Dispatcher Dispatcher { get; } = dispatcher;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Make<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithGuidKey =>
        Make<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithIntegerKey =>
        Make<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyExtension);
        return Make<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyExtension);
        return Make<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)CreateReference(typeof(TGrainInterface), grainId);

    public IAddressable GetGrain(GrainId grainId) => new GrainReference(Entry(typeof(IAddressable)).Shared, grainId);

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType)
    {
        var contract = ApplicationTypes.GrainInterfaces.FirstOrDefault(t => Entry(t).Shared.Meta.InterfaceType == interfaceType)
            ?? throw new ArgumentException($"Unknown grain interface type {interfaceType}");
        return CreateReference(contract, grainId);
    }

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)GetGrain(grainInterfaceType, IdSpan.Create(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, keyExtension));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        (IGrain)GetGrain(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, keyExtension));

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => Make(interfaceType, grainKey, null);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => Make(interfaceType, grainKey, grainClassNamePrefix);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver
    {
        if (obj is GrainReference)
        {
            throw new ArgumentException("Argument obj is already a grain reference.", nameof(obj));
        }

        if (obj is Grain)
        {
            throw new ArgumentException("Argument must not be a grain class.", nameof(obj));
        }

        return (TGrainObserverInterface)(object)CreateReference(typeof(TGrainObserverInterface), observers.Add(obj));
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver
    {
        if (obj is not GrainReference reference)
        {
            throw new ArgumentException("Argument reference is not a grain reference.", nameof(obj));
        }

        observers.Remove(reference.GrainId);
    }

    public GrainReference CreateReference(Type contract, GrainId id)
    {
        var entry = Entry(contract);
        return entry.Create(entry.Shared, id);
    }

    private TGrainInterface Make<TGrainInterface>(IdSpan key, string? prefix) => (TGrainInterface)(object)Make(typeof(TGrainInterface), key, prefix);

    private GrainReference Make(Type contract, IdSpan key, string? prefix)
    {
        var entry = Entry(contract);
        var type = prefix is null ? (entry.Default ??= new(classes.Resolve(contract, null))).Value : classes.Resolve(contract, prefix);
        return entry.Create(entry.Shared, new GrainId(type, key));
    }

    private InterfaceEntry Entry(Type contract) => _entries.GetOrAdd(contract, static (type, factory) =>
    {
        if (!type.IsInterface || type.ContainsGenericParameters)
        {
            throw new ArgumentException($"{type} is not a grain interface.");
        }

        var meta = new InterfaceMeta(type);
        return new InterfaceEntry(new ReferenceShared(meta, factory), ProxyEmitter.For(meta));
    }, this);

    private sealed record InterfaceEntry(ReferenceShared Shared, ReferenceConstructor Create)
    {
        public System.Runtime.CompilerServices.StrongBox<GrainType>? Default { get; set; }
    }
}
