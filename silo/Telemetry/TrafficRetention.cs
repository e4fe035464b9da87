using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Telemetry;

/// <summary>Forgets seconds of traffic that are older than anybody looks back, an hour's worth every hour.</summary>
internal sealed partial class TrafficRetention(TrafficLog log, TelemetryOptions options, TimeProvider time, ILogger<TrafficRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Once; returns how many rows.</summary>
    public Task<long> RunAsync(CancellationToken cancellation) => log.ForgetAsync(time.GetUtcNow().AddDays(-options.KeepDays).ToUnixTimeSeconds(), cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RunAsync(stoppingToken) is > 0 and var rows) LogForgotten(rows, options.KeepDays);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e.Message, Every);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} seconds of traffic older than {Days} days are forgotten")]
    private partial void LogForgotten(long rows, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old seconds of traffic could not be forgotten, and that is tried again in {Pause}: {Error}")]
    private partial void LogLater(string error, TimeSpan pause);
}
