using Microsoft.Extensions.DependencyInjection;
using Orleans.Calls;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>One grain in memory: its object, its turns, its calls and its life from activation to deactivation.</summary>
internal sealed partial class Activation : TurnScheduler, IGrainContext, ICallTarget, IWorkItemScheduler
{
    private IServiceScope? _scope;
    private GrainLifecycle? _lifecycle;
    private GrainReference? _reference;
    private Dictionary<Type, object>? _components;
    private GrainAddress? _address;

    public Activation(Silo silo, GrainClass grainClass, GrainId id)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = id;
        ActivationId = ActivationId.NewId();
        LastUsed = Environment.TickCount64;
    }

    public Silo Silo { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public ActivationId ActivationId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => _reference ??= Silo.GrainFactory.CreateReference(typeof(IAddressable), GrainId);

    public GrainAddress Address => _address ??= new GrainAddress { GrainId = GrainId, ActivationId = ActivationId, SiloAddress = Silo.Address };

    /// <summary>A scope of its own, made when somebody asks: most grains only ever need their states.</summary>
    public IServiceProvider ActivationServices
    {
        get
        {
            if (_scope is null)
            {
                Interlocked.CompareExchange(ref _scope, Silo.Services.CreateScope(), null);
            }

            return _scope.ServiceProvider;
        }
    }

    public IGrainLifecycle ObservableLifecycle => _lifecycle ??= new GrainLifecycle();

    public IWorkItemScheduler Scheduler => this;

    protected override IGrainContext? Context => this;

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type componentType)
    {
        lock (Gate)
        {
            return _components is not null && _components.TryGetValue(componentType, out var component) ? component
                : componentType.IsInstanceOfType(GrainInstance) ? GrainInstance : null;
        }
    }

    public void SetComponent<TComponent>(TComponent? value) where TComponent : class
    {
        lock (Gate)
        {
            _components ??= [];
            if (value is null)
            {
                _components.Remove(typeof(TComponent));
            }
            else
            {
                _components[typeof(TComponent)] = value;
            }
        }
    }

    public TComponent GetOrAddComponent<TComponent>(Func<Activation, TComponent> create) where TComponent : class
    {
        lock (Gate)
        {
            _components ??= [];
            if (!_components.TryGetValue(typeof(TComponent), out var component))
            {
                _components[typeof(TComponent)] = component = create(this);
            }

            return (TComponent)component;
        }
    }

    public void QueueAction(Action action) => new Task(action).Start(this);

    void IWorkItemScheduler.QueueTask(Task task) => task.Start(this);

    public void Post(Action action) => QueueAction(action);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"[Activation {GrainId} {ActivationId} {_state}]";
}
