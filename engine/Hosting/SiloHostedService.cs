using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Starts the silo with the host and stops it: first the services, then the grains, then everything else.</summary>
internal sealed class SiloHostedService(Silo silo, SiloLifecycle lifecycle, IServiceProvider services) : IHostedService, IAsyncDisposable
{
    private ActivationCollector? _collector;
    private bool _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IHostEnvironment>()?.IsDevelopment() == true)
        {
            BoundaryCheck.Run(silo.Classes);
        }

        foreach (var participant in services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
        {
            participant.Participate(lifecycle);
        }

        silo.LoadFilters();
        silo.SetStatus(SiloStatus.Active);
        await lifecycle.StartAsync(cancellationToken);
        _collector = new ActivationCollector(silo);
        EngineLog.SiloActive(silo.Logger, silo.Address, silo.Classes.All.Count());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _collector?.Dispose();
        silo.SetStatus(SiloStatus.ShuttingDown);

        // Grains say goodbye while storage, reminders and the grains they call still work.
        var count = await silo.Catalog.DeactivateAllAsync(cancellationToken);
        silo.SetStatus(SiloStatus.Stopping);
        await lifecycle.StopAsync(cancellationToken);
        silo.SetStatus(SiloStatus.Dead);
        EngineLog.SiloStopped(silo.Logger, silo.Address, count);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(true));
        silo.Dispose();
    }

    /// <summary>Ends the silo as a crash would: nothing is deactivated, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _stopped = true;
        _collector?.Dispose();
        silo.SetStatus(SiloStatus.Dead);
        silo.Catalog.Abandon();
        await lifecycle.StopAsync(new CancellationToken(true));
        silo.Dispose();
    }
}
