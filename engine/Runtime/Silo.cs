using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Calls;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>The one silo of this process: what all activations share.</summary>
internal sealed class Silo : IDisposable
{
    private static int _generation = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() & 0x3fffffff);

    private SiloStatus _status = SiloStatus.Created;
    private IPersistentStateFactory? _states;

    public Silo(IServiceProvider services)
    {
        Services = services;
        Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.Silo");
        Time = services.GetRequiredService<TimeProvider>();
        Collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        ResponseTimeoutMs = (long)services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.ResponseTimeout.TotalMilliseconds;
        Address = SiloAddress.New(IPAddress.Loopback, 11111, Interlocked.Increment(ref _generation));
        Classes = new GrainClasses(services);
        Catalog = new Catalog(this, Classes);
        Dispatcher = new Dispatcher(this);
        Observers = new Observers(Logger);
        GrainFactory = new GrainFactory(Classes, Dispatcher, Observers);
    }

    public IServiceProvider Services { get; }

    public ILogger Logger { get; }

    public TimeProvider Time { get; }

    public SiloAddress Address { get; }

    public SiloStatus Status => _status;

    public GrainCollectionOptions Collection { get; }

    public long ResponseTimeoutMs { get; }

    public IIncomingGrainCallFilter[] IncomingFilters { get; private set; } = [];

    public IOutgoingGrainCallFilter[] OutgoingFilters { get; private set; } = [];

    public GrainClasses Classes { get; }

    public Catalog Catalog { get; }

    public Dispatcher Dispatcher { get; }

    public Observers Observers { get; }

    public GrainFactory GrainFactory { get; }

    public TimeoutMonitor Timeouts { get; } = new();

    public IPersistentStateFactory StateFactory => _states ??= Services.GetRequiredService<IPersistentStateFactory>();

    public void SetStatus(SiloStatus status) => _status = status;

    /// <summary>Filters may themselves want a grain factory, so they are made once the silo exists.</summary>
    public void LoadFilters()
    {
        IncomingFilters = [.. Services.GetServices<IIncomingGrainCallFilter>()];
        OutgoingFilters = [.. Services.GetServices<IOutgoingGrainCallFilter>()];
    }

    public void ThrowIfNotTakingCalls()
    {
        if (_status is SiloStatus.Created)
        {
            throw new OrleansMessageRejectionException("The silo has not started yet: start the host before calling grains.");
        }

        if (_status is SiloStatus.Dead)
        {
            throw new SiloUnavailableException($"Silo {Address} has stopped.");
        }
    }

    /// <summary>How long grains of this class may be idle; null: for ever.</summary>
    public TimeSpan? AgeLimitOf(GrainClass grainClass)
    {
        var age = Collection.ClassSpecificCollectionAge.TryGetValue(grainClass.Type.FullName!, out var specific) ? specific
            : grainClass.AgeLimit ?? Collection.CollectionAge;
        return age == Timeout.InfiniteTimeSpan ? null : age;
    }

    public void Dispose() => Timeouts.Dispose();
}
