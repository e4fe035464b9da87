using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Hosting;

public interface INamedServiceConfigurator
{
    string Name { get; }

    Action<Action<IServiceCollection>> ConfigureDelegate { get; }
}

public interface IPersistentStreamConfigurator : INamedServiceConfigurator;

public interface ISiloPersistentStreamConfigurator : IPersistentStreamConfigurator;

public interface IMemoryStreamConfigurator : INamedServiceConfigurator;

public interface ISiloMemoryStreamConfigurator : IMemoryStreamConfigurator, ISiloPersistentStreamConfigurator;

public static class SiloPersistentStreamConfiguratorExtensions
{
    public static void ConfigurePullingAgent(
        this ISiloPersistentStreamConfigurator configurator, Action<OptionsBuilder<StreamPullingAgentOptions>>? configureOptions = null) =>
        configurator.ConfigureDelegate(services => configureOptions?.Invoke(services.AddOptions<StreamPullingAgentOptions>(configurator.Name)));
}

public static class PersistentStreamConfiguratorExtensions
{
    public static void ConfigureStreamPubSub(
        this IPersistentStreamConfigurator configurator, StreamPubSubType pubsubType = StreamPubSubType.ExplicitGrainBasedAndImplicit) =>
        configurator.ConfigureDelegate(services => services.Configure<StreamPubSubOptions>(configurator.Name, o => o.PubSubType = pubsubType));
}

public static class MemoryStreamConfiguratorExtensions
{
    /// <summary>Accepted: one process delivers from one place.</summary>
    public static void ConfigurePartitioning(this IMemoryStreamConfigurator configurator, int numOfQueues = 8) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(numOfQueues, 1);
}

public static class SiloBuilderMemoryStreamExtensions
{
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null)
    {
        builder.Services.AddKeyedSingleton<IStreamProvider>(name, (services, _) => new MemoryStreamProvider(name, services));
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            services => (MemoryStreamProvider)services.GetRequiredKeyedService<IStreamProvider>(name));
        configure?.Invoke(new Configurator(name, action => action(builder.Services)));
        return builder;
    }

    private sealed record Configurator(string Name, Action<Action<IServiceCollection>> ConfigureDelegate) : ISiloMemoryStreamConfigurator;
}
