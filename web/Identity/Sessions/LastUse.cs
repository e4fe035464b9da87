using System.Collections.Concurrent;
using System.Net;
using Npgsql;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>
/// When and from where each session and token was last used: noted at every request, written now and then, because a row of the database at every request would cost more than
/// the request. Of tokens the audit log is told as well: of the first use on a day, and of one from another address. Also forgets what has been over for long.
/// </summary>
public sealed partial class LastUse(Database database, AuditLog log, TimeProvider time, ILogger<LastUse> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How long one can still see that a session was there, and why it ended.</summary>
    private const int DaysKept = 30;

    private readonly ConcurrentDictionary<Guid, Use> _sessions = new();
    private readonly ConcurrentDictionary<string, Use> _tokens = new(StringComparer.Ordinal);

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private sealed record Use(DateTimeOffset At, IPAddress? Origin);

    public void Of(SignedIn signedIn, IPAddress? origin, DateTimeOffset now)
    {
        if (signedIn.Session is { } session) Note(_sessions, session.Id, origin, now);
        if (signedIn.Token is { } token) Note(_tokens, token.Id, origin, now);
    }

    /// <summary>Many requests come within the same second, of which one is enough.</summary>
    private static void Note<TKey>(ConcurrentDictionary<TKey, Use> used, TKey id, IPAddress? origin, DateTimeOffset now) where TKey : notnull
    {
        if (used.TryGetValue(id, out var last) && now - last.At < Apart && Equals(last.Origin, origin)) return;
        used[id] = new(now, origin);
    }

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
        await using var connection = await database.Identity.OpenConnectionAsync(cancellation);
        await UpdateAsync(connection, "session", "uuid", _sessions, "s.id", _ => 0, cancellation);
        var tokens = await UpdateAsync(connection, "token", "text", _tokens,
            "s.workspace, s.id, s.kind, s.owner, s.origin, before.used_at IS NULL OR before.origin IS DISTINCT FROM s.origin OR (before.used_at AT TIME ZONE 'UTC')::date < (s.used_at AT TIME ZONE 'UTC')::date",
            r => (Workspace: r.GetString(0), Id: r.GetString(1), Actor: $"{(r.GetString(2) == "service" ? "service" : "user")}:{r.GetString(3)}", Origin: r.Text(4), IsTold: r.GetBoolean(5)), cancellation);
        foreach (var t in tokens.Where(t => t.IsTold))
            await log.AppendAsync(t.Workspace, new(t.Actor, $"token:{t.Id}", "UseToken", $"tokens/{t.Id}", "used", null, null, null, Guid.CreateVersion7().ToString("N"), t.Origin, null), cancellation);
        foreach (var over in (string[])["session WHERE least(idle_at, ends_at, ended_at)", "token WHERE least(expires_at, revoked_at)", "device_code WHERE expires_at"])
            await connection.RunAsync($"DELETE FROM {over} < now() - make_interval(days => $1)", cancellation, DaysKept);
    }

    private static async Task<IReadOnlyList<T>> UpdateAsync<TKey, T>(
        NpgsqlConnection connection, string table, string type, ConcurrentDictionary<TKey, Use> used, string returned, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) where TKey : notnull
    {
        var (ids, times, origins) = (new List<TKey>(), new List<DateTimeOffset>(), new List<string?>());
        foreach (var id in used.Keys)
        {
            if (!used.TryRemove(id, out var use)) continue;
            ids.Add(id);
            times.Add(use.At);
            origins.Add(use.Origin?.ToString());
        }
        // In one order, so that two servers that write about the same ones never wait for each other in a circle.
        return ids.Count == 0 ? [] : await connection.ListAsync(
            $"""
             WITH u AS (SELECT * FROM unnest($1::{type}[], $2::timestamptz[], $3::text[]) AS t(id, at, origin)),
                  before AS (SELECT s.id, s.used_at, s.origin FROM {table} s JOIN u ON u.id = s.id ORDER BY s.id FOR UPDATE OF s)
             UPDATE {table} s SET used_at = greatest(s.used_at, u.at), origin = coalesce(u.origin, s.origin) FROM before JOIN u ON u.id = before.id WHERE s.id = before.id RETURNING {returned}
             """, read, cancellation, ids.ToArray(), times.ToArray(), origins.ToArray());
    }

    private async Task TryWriteAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            LogNotWritten(logger, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When sessions were last used could not be written: {Error}")]
    private static partial void LogNotWritten(ILogger logger, string error);
}
