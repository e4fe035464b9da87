using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain() : this(RuntimeContext.Current!)
    {
    }

    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    [AllowNull]
    public IGrainContext GrainContext { get; private set; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    public string IdentityString => GrainContext.GrainId.ToString();

    public string RuntimeIdentity => Activation.Silo.Address.ToString();

    /// <summary>Makes references. Only from the grain's own turns: a reference taken before may be used anywhere.</summary>
    protected IGrainFactory GrainFactory
    {
        get
        {
            if (RuntimeContext.Current is null)
            {
                throw new InvalidOperationException(
                    "Activation access violation. A non-activation thread attempted to access activation services. " +
                    "Take the reference before Task.Run, or stay on the grain's scheduler.");
            }

            return Activation.Silo.GrainFactory;
        }
    }

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Activation => GrainContext as Activation
        ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process and no runtime was specified.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once the calls under way are done; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => ((IGrainBase)this).DeactivateOnIdle();

    /// <summary>Keeps this activation from being collected for at least this long; zero or less takes that back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}

/// <summary>A grain with one state, stored under the name "state" and read before the grain is activated.</summary>
public class Grain<TGrainState> : Grain
{
    private readonly IStorage<TGrainState> _storage;

    protected Grain()
    {
        var context = RuntimeContext.Current
            ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process and no runtime was specified.");
        _storage = context.ActivationServices.GetRequiredService<IPersistentStateFactory>().Create<TGrainState>(context, new ClassState(GetType()));
    }

    protected Grain(IStorage<TGrainState> storage) => _storage = storage;

    protected TGrainState State
    {
        get => _storage.State;
        set => _storage.State = value;
    }

    protected virtual Task ClearStateAsync() => _storage.ClearStateAsync();

    protected virtual Task WriteStateAsync() => _storage.WriteStateAsync();

    protected virtual Task ReadStateAsync() => _storage.ReadStateAsync();

    private sealed class ClassState(Type grainClass) : IPersistentStateConfiguration
    {
        public string StateName => "state";

        public string? StorageName { get; } = grainClass.GetCustomAttributes(typeof(Providers.StorageProviderAttribute), true)
            .Cast<Providers.StorageProviderAttribute>().FirstOrDefault()?.ProviderName;
    }
}
