using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Calls;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A silo and its client inside the test process. The client's references outlive a silo that is stopped, killed or restarted.</summary>
public sealed class InProcessTestCluster(InProcessTestClusterOptions options) : IDisposable, IAsyncDisposable
{
    private readonly List<InProcessSiloHandle> _silos = [];
    private Dispatcher? _dispatcher;
    private TestClient? _client;
    private short _started;

    public InProcessTestClusterOptions Options { get; } = options;

    public IClusterClient Client => _client ?? throw new InvalidOperationException("Client is null: deploy the cluster first.");

    public ReadOnlyCollection<InProcessSiloHandle> Silos => [.. _silos];

    public async Task DeployAsync()
    {
        if (_silos.Count > 0)
        {
            throw new InvalidOperationException("Cluster is already deployed.");
        }

        await StartAdditionalSiloAsync();
    }

    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync()
    {
        if (_silos.Count > 0)
        {
            // The one silo stands for as many as the test asks for.
            return _silos[0];
        }

        var name = _started == 0 ? "Primary" : $"Secondary_{_started}";
        var host = BuildHost(new InProcessTestSiloSpecificOptions { SiloName = name });
        await host.StartAsync();
        var silo = host.Services.GetRequiredService<Silo>();
        var handle = new InProcessSiloHandle { SiloHost = host, Name = name, InstanceNumber = _started++, SiloAddress = silo.Address };
        _silos.Add(handle);
        Connect(silo);
        return handle;
    }

    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartAdditionalSiloAsync());
        }

        return started;
    }

    public InProcessSiloHandle StartAdditionalSilo() => StartAdditionalSiloAsync().GetAwaiter().GetResult();

    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => _silos.Where(s => s.IsActive);

    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null) =>
        _silos.First(s => silo is null || s.SiloAddress.Equals(silo)).ServiceProvider;

    public async Task StopSiloAsync(InProcessSiloHandle instance)
    {
        _silos.Remove(instance);
        await instance.DisposeAsync();
    }

    public async Task KillSiloAsync(InProcessSiloHandle instance)
    {
        _silos.Remove(instance);
        await instance.StopSiloAsync(stopGracefully: false);
        await instance.DisposeAsync();
    }

    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        await StopSiloAsync(instance);
        return await StartAdditionalSiloAsync();
    }

    public async Task StopAllSilosAsync()
    {
        foreach (var silo in _silos.ToArray())
        {
            await StopSiloAsync(silo);
        }
    }

    public void StopAllSilos() => StopAllSilosAsync().GetAwaiter().GetResult();

    public bool TryGetGrainContext(GrainId grainId, out IGrainContext? grainContext)
    {
        grainContext = _silos.Select(s => s.ServiceProvider.GetRequiredService<Silo>().Catalog.FindActive(grainId)).FirstOrDefault(a => a is not null);
        return grainContext is not null;
    }

    public async Task DeactivateAsync(GrainId grainId)
    {
        if (TryGetGrainContext(grainId, out var context))
        {
            context!.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The test asked for it."));
            await context.Deactivated;
        }
    }

    public Task DeactivateAsync(IAddressable grain) => DeactivateAsync(grain.GetGrainId());

    public async Task WaitForDeactivationAsync(GrainId grainId)
    {
        if (TryGetGrainContext(grainId, out var context))
        {
            await context!.Deactivated;
        }
    }

    public Task WaitForDeactivationAsync(IAddressable grain) => WaitForDeactivationAsync(grain.GetGrainId());

    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => Task.CompletedTask;

    public async ValueTask DisposeAsync() => await StopAllSilosAsync();

    public void Dispose() => StopAllSilos();

    private IHost BuildHost(InProcessTestSiloSpecificOptions siloOptions)
    {
        // Development, as genuine Orleans has it: here types that are not ready for a boundary are refused.
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = "TestCluster",
            EnvironmentName = Environments.Development,
            DisableDefaults = true,
        });
        foreach (var configure in Options.SiloHostConfigurationDelegates)
        {
            configure(siloOptions, builder);
        }

        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(o =>
            {
                o.ClusterId = Options.ClusterId;
                o.ServiceId = Options.ServiceId;
            })
            .Configure<SiloOptions>(o => o.SiloName = siloOptions.SiloName));
        return builder.Build();
    }

    private void Connect(Silo silo)
    {
        if (_dispatcher is not null)
        {
            _dispatcher.Silo = silo;
            _client!.Silo = silo;
            return;
        }

        _dispatcher = new Dispatcher(silo);
        _client = new TestClient(silo, new GrainFactory(silo.Classes, _dispatcher, silo.Observers));
    }

    private sealed class TestClient(Silo silo, GrainFactory factory) : ForwardingGrainFactory(factory), IClusterClient
    {
        public Silo Silo { get; set; } = silo;

        public IServiceProvider ServiceProvider => Silo.Services;
    }
}
