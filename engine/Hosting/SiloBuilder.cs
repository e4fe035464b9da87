using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Timers;

namespace Orleans.Hosting;

internal sealed class SiloBuilder(IServiceCollection services, IConfiguration configuration) : ISiloBuilder
{
    public IServiceCollection Services { get; } = services;

    public IConfiguration Configuration { get; } = configuration;
}

internal static class SiloServices
{
    /// <summary>Everything a silo needs, once per service collection however often it is asked for.</summary>
    public static ISiloBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(SiloBuilder))?.ImplementationInstance is SiloBuilder known)
        {
            return known;
        }

        var builder = new SiloBuilder(services, configuration);
        services.AddSingleton(builder);
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Silo>();
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(s => s.GetRequiredService<SiloLifecycle>());
        services.AddSingleton<IGrainFactory>(s => s.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IClusterClient, HostedClient>();
        services.AddSingleton<IGrainContextAccessor, GrainContextAccessor>();
        services.AddSingleton<ILocalSiloDetails, LocalSiloDetails>();
        services.AddSingleton<ITimerRegistry, TimerRegistry>();
        services.AddSingleton<IPersistentStateFactory, PersistentStateFactory>();
        services.AddSingleton<MemoryStore>();
        services.TryAddSingleton<IGrainStorageSerializer, SystemTextJsonGrainStorageSerializer>();
        services.AddSingleton<SiloHostedService>();
        services.AddHostedService(s => s.GetRequiredService<SiloHostedService>());
        services.AddOptions<ClusterOptions>();
        services.Configure<GrainTypeOptions>(o => o.Classes.UnionWith(ApplicationTypes.GrainClasses));
        services.AddOptions<GrainCollectionOptions>().Validate(
            o => o.CollectionAge > o.CollectionQuantum && o.ClassSpecificCollectionAge.Values.All(age => age > o.CollectionQuantum),
            "GrainCollectionOptions: CollectionAge and every ClassSpecificCollectionAge must be longer than CollectionQuantum.");
        return builder;
    }
}
