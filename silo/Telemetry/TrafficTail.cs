using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProdSprint.Data;

namespace ProdSprint.Telemetry;

/// <summary>
/// Traffic for those who show it live, on a web node that does not take it in itself: each batch is rung with its commit and read from the log.
/// A ring that was lost is a second missing in a moving picture; whoever opens the page reads the log.
/// </summary>
public sealed partial class TrafficTail(Database database, ITrafficListeners listeners, TimeProvider time, ILogger<TrafficTail> logger) : BackgroundService
{
    internal const string Channel = "prodsprint_traffic";

    private readonly Channel<string> _rung = System.Threading.Channels.Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        new Listener(database.WorkerConnectionString, Channel, static () => { }, payload => _rung.Writer.TryWrite(payload), logger, time).RunAsync(stoppingToken),
        ReadAsync(stoppingToken));

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var log = new TrafficLog(database);
        await foreach (var rung in _rung.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                var space = rung.IndexOf(' ', StringComparison.Ordinal);
                var (batch, from) = (long.Parse(rung.AsSpan(0, space), CultureInfo.InvariantCulture), long.Parse(rung.AsSpan(space + 1), CultureInfo.InvariantCulture));
                foreach (var environment in (await log.BatchAsync(batch, from, cancellation)).GroupBy(s => (s.Workspace, s.Project, s.Environment)))
                    listeners.Heard(new(batch, -1, [.. environment]));
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogMissed(logger, e, rung);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live traffic misses a second: batch {Rung} could not be read")]
    private static partial void LogMissed(ILogger logger, Exception exception, string rung);
}
