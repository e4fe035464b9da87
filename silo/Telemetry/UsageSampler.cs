using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProdSprint.Deploy;

namespace ProdSprint.Telemetry;

/// <summary>
/// Looks at what the running copies use and writes it down. It only reads /proc and holds no gate of any copy, so no deploy ever waits for it; when the database is
/// away, it keeps what it saw and writes it later.
/// </summary>
internal sealed partial class UsageSampler(UsageMeter meter, UsageLog log, UsageOptions options, TimeProvider time, ILogger<UsageSampler> logger) : BackgroundService
{
    /// <summary>Hours of services that wait to be written; beyond it the oldest go. A day without a database, of four hundred services.</summary>
    private const int MostWaiting = 10_000;

    private readonly Lock _one = new();
    private readonly SemaphoreSlim _writing = new(1);
    private Dictionary<(UsageOwner Owner, string Environment, string Service, long Hour), UsageHour> _waiting = [];
    private long _forgotten;

    /// <summary>One look.</summary>
    public void Look()
    {
        var hour = UsageHour.Of(time.GetUtcNow());
        foreach (var s in meter.Look())
            Keep(new(s.Workspace, s.Project), new(s.Environment, s.Service, hour, UsageHistogram.Of(s.Cores), UsageHistogram.Of(s.MemoryMiB), s.Limits.MemoryMiB, s.Limits.Cpus));
    }

    /// <summary>Writes what was seen, and forgets what is too old.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            Dictionary<(UsageOwner Owner, string, string, long), UsageHour> seen;
            lock (_one) (seen, _waiting) = (_waiting, []);
            try
            {
                if (seen.Count > 0) await log.AddAsync([.. seen.Select(s => (s.Key.Owner, s.Value))], cancellation);
            }
            catch
            {
                foreach (var ((owner, _, _, _), hour) in seen) Keep(owner, hour);
                throw;
            }
            var oldest = UsageHour.Of(time.GetUtcNow().AddDays(-options.KeepDays));
            if (oldest == _forgotten) return;
            await log.ForgetAsync(oldest, cancellation);
            _forgotten = oldest;
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every, time);
        var written = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    Look();
                    if (time.GetElapsedTime(written) < options.WriteEvery) continue;
                    written = time.GetTimestamp();
                    await WriteAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what was seen since the last writing is written first.
        }
        await LastAsync();
    }

    private async Task LastAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            await WriteAsync(limit.Token);
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    private void Keep(UsageOwner owner, UsageHour hour)
    {
        lock (_one)
        {
            var key = (owner, hour.Environment, hour.Service, hour.Hour);
            _waiting[key] = _waiting.TryGetValue(key, out var before) ? before.Add(hour) : hour;
            if (_waiting.Count > MostWaiting) _waiting.Remove(_waiting.Keys.MinBy(k => k.Hour));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What services use could not be seen or written; it is tried again at the next look")]
    private partial void LogFailed(Exception e);
}
