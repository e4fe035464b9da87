using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>
/// Router → PostgreSQL → bell. A batch is acknowledged after its commit, so a crash anywhere brings it again, and the cursor in the same
/// transaction makes the second time count nothing.
/// </summary>
public sealed partial class TrafficIngestion(ITrafficRouter router, TrafficLog log, IEnumerable<ITrafficListeners> listeners, TelemetryQuota quota, SeenRoutes routes, IServiceProvider services, TimeProvider clock, ILogger<TrafficIngestion> logger)
    : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, long> _lastBatch = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in router.ReportsAsync(await log.CursorAsync(stoppingToken), stoppingToken))
                    await TakeAsync(batch, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogBroken(logger, e);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TakeAsync(TrafficReportBatch report, CancellationToken cancellation)
    {
        var seconds = quota.Within(report.Seconds);
        if (seconds.Length < report.Seconds.Length) LogOverQuota(logger, report.Seconds.Length - seconds.Length);
        report = report with { Seconds = seconds };
        var batch = await log.AppendAsync(report, cancellation);
        await router.AcknowledgeAsync(new(report.Router, report.Sequence), cancellation);
        if (batch is not { } number) return;
        if (report.DroppedRequests > 0) LogDropped(logger, report.Router, report.DroppedRequests);
        await RememberAsync(report, cancellation);
        var bells = services.GetRequiredKeyedService<IStreamProvider>(TrafficBell.Provider);
        foreach (var environment in report.Seconds.GroupBy(s => $"traffic/{s.Workspace}/{s.Project}/{s.Environment}"))
        {
            var bell = new TrafficBell(number, _lastBatch.GetValueOrDefault(environment.Key, -1), [.. environment]);
            _lastBatch[environment.Key] = number;
            foreach (var listener in listeners) listener.Heard(bell);
            try
            {
                await bells.GetStream<TrafficBell>(StreamId.Create(TrafficBell.Namespace, environment.Key)).OnNextAsync(bell);
            }
            catch (Exception e)
            {
                // The rows are safe; the next bell says that one was missed.
                LogNotRung(logger, e, environment.Key);
            }
        }
    }

    /// <summary>The figures are safe; routes are seen again.</summary>
    private async Task RememberAsync(TrafficReportBatch report, CancellationToken cancellation)
    {
        try
        {
            await routes.TakeAsync(report.Seconds, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotRemembered(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The routes that were seen could not be kept")]
    private static partial void LogNotRemembered(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading the router's reports broke off; it goes on from the last batch that is safe")]
    private static partial void LogBroken(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Router {Router} had to drop the reports of {Requests} requests so far: no server came for them in time")]
    private static partial void LogDropped(ILogger logger, string router, long requests);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Rows} rows of traffic are beyond their workspaces' quotas and are not kept; a canary without figures holds")]
    private static partial void LogOverQuota(ILogger logger, int rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bell of {Environment} did not ring")]
    private static partial void LogNotRung(ILogger logger, Exception exception, string environment);
}

/// <summary>Whoever in this process shows traffic live.</summary>
public interface ITrafficListeners
{
    /// <summary>Must return at once.</summary>
    void Heard(TrafficBell bell);
}
