using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Data;

/// <summary>
/// Starts a private PostgreSQL again that has died under the server (killed, out of memory). One that was stopped in order stays stopped: somebody
/// meant it. What was committed is there again; what was not is asked for again by whoever waits for it.
/// </summary>
public sealed partial class PrivateClusterWatch(PrivateCluster cluster, TimeProvider time, ILogger<PrivateClusterWatch> logger) : BackgroundService
{
    /// <summary>A look is one small file and one process entry.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A full disk or a broken file is not mended by trying; short enough that nobody waits long once it is.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private volatile string? _problem;

    /// <summary>One sentence while it is down and being started again; null when all is well.</summary>
    public string? Problem => _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Period;
        for (var tries = 1; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (await cluster.ReviveAsync(stoppingToken)) LogRevived(tries);
                (_problem, pause, tries) = (null, Period, 1);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _problem = $"PostgreSQL died and is being started again; try {tries} failed: {e.Message}";
                pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, tries - 1)));
                LogNotRevived(tries, pause, e.Message);
                tries++;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The private PostgreSQL had died; it was started again at try {Tries}")]
    private partial void LogRevived(int tries);

    [LoggerMessage(Level = LogLevel.Error, Message = "The private PostgreSQL has died and does not start (try {Tries}); the next is in {Pause}: {Error}")]
    private partial void LogNotRevived(int tries, TimeSpan pause, string error);
}
