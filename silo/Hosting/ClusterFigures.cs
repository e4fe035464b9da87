using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProdSprint.Kernel;

namespace ProdSprint.Hosting;

/// <summary>Grain calls by type, of everything that runs grains for this node.</summary>
public interface ICallFigures
{
    Task<IReadOnlyDictionary<string, CallFigures>> ReadAsync();
}

/// <summary>Alone: what is counted here is all there is.</summary>
internal sealed class OwnFigures(GrainCallFigures figures) : ICallFigures
{
    public Task<IReadOnlyDictionary<string, CallFigures>> ReadAsync() => Task.FromResult(figures.Read());
}

/// <summary>In a cluster: what all silos have told.</summary>
internal sealed class ClusterFigures(IGrainFactory grains) : ICallFigures
{
    public async Task<IReadOnlyDictionary<string, CallFigures>> ReadAsync() => await grains.GetGrain<IFiguresGrain>(IFiguresGrain.Key).Read();
}

/// <summary>Tells the cluster what this silo has counted.</summary>
internal sealed partial class FiguresReport(GrainCallFigures figures, IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time, ILogger<FiguresReport> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<IFiguresGrain>(IFiguresGrain.Key).Report(silo.SiloAddress.ToString(), figures.Read().ToImmutableDictionary()).WaitAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Figures only; the next report brings them again.
                LogNotTold(logger, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Call figures were not told: {Error}")]
    private static partial void LogNotTold(ILogger logger, string error);
}
