using System.Collections.Concurrent;
using System.Net;
using ProdSprint.Data;

namespace ProdSprint.Identity;

/// <summary>
/// When and from where each session was last used: noted at every request, written now and then, because a row of the database at every request would cost more than
/// the request. Also forgets what has been over for long.
/// </summary>
public sealed partial class LastUse(Database database, TimeProvider time, ILogger<LastUse> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How long one can still see that a session was there, and why it ended.</summary>
    private const int DaysKept = 30;

    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, string? Origin)> _used = new();

    public void Of(Guid session, IPAddress? origin) => _used[session] = (time.GetUtcNow(), origin?.ToString());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryWriteAsync(stoppingToken);
        }
        finally
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    public async Task WriteAsync(CancellationToken cancellation)
    {
        var (sessions, times, origins) = (new List<Guid>(), new List<DateTimeOffset>(), new List<string?>());
        foreach (var session in _used.Keys)
        {
            if (!_used.TryRemove(session, out var use)) continue;
            sessions.Add(session);
            times.Add(use.At);
            origins.Add(use.Origin);
        }
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        // In one order, so that two servers that write about the same sessions never wait for each other in a circle.
        if (sessions.Count > 0)
            await connection.RunAsync(
                """
                UPDATE session s SET used_at = greatest(s.used_at, u.at), origin = coalesce(u.origin, s.origin)
                FROM (SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) AS t(id, at, origin) ORDER BY id) u WHERE s.id = u.id
                """, cancellation, sessions.ToArray(), times.ToArray(), origins.ToArray());
        await connection.RunAsync("DELETE FROM session WHERE least(idle_at, ends_at, ended_at) < now() - make_interval(days => $1)", cancellation, DaysKept);
    }

    private async Task TryWriteAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            LogNotWritten(logger, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When sessions were last used could not be written: {Error}")]
    private static partial void LogNotWritten(ILogger logger, string error);
}
