using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProdSprint.Data;

/// <summary>Something that people may be looking at has changed.</summary>
/// <param name="Seq">Where a reader stands after it; 0 for <see cref="LiveKind.Job"/>, which is not in the order: ask for the job again.</param>
/// <param name="Resource">The view's kind (<c>release</c>), the timeline row's kind (<c>release.step-started</c>), or <c>job</c>.</param>
/// <param name="Json">The timeline row or the view; null for a job.</param>
public sealed record LiveChange(long Seq, LiveKind Kind, string Workspace, string? Project, string Resource, string Key, long Version, string? Json);

public enum LiveKind { Timeline, View, Job }

/// <summary>
/// Timeline rows and changed views of all workspaces, in their order, from a cursor. Notifications are only the bell: rows are read from the tables
/// after the reader's own cursor, so a connection that broke loses nothing. A view that changed twice in between comes once, with its last state.
/// </summary>
public sealed partial class LiveFeed(Database database, TimeProvider time, ILogger<LiveFeed> logger) : BackgroundService
{
    private const int PageSize = 500;

    /// <summary>A net below the bell.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Channel<LiveChange?>, byte> _readers = new();

    /// <summary>The newest number there is: where someone begins who has just loaded the present state. Ask for it before loading.</summary>
    public async Task<long> NowAsync(CancellationToken cancellation = default)
    {
        await using var command = database.Worker.CreateCommand("SELECT greatest((SELECT max(seq) FROM timeline), (SELECT max(seq) FROM resource_view), 0)");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Ends only by <paramref name="cancellation"/>. While the database is away it waits.</summary>
    public async IAsyncEnumerable<LiveChange> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Bounded: a reader that does not keep up misses bells for jobs, never a row.
        var bell = Channel.CreateBounded<LiveChange?>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        _readers[bell] = 0;
        try
        {
            bell.Writer.TryWrite(null);
            while (true)
            {
                using var poll = new Timer(static state => ((Channel<LiveChange?>)state!).Writer.TryWrite(null), bell, Poll, Timeout.InfiniteTimeSpan);
                if (!await bell.Reader.WaitToReadAsync(cancellation)) yield break;
                var touched = new Dictionary<string, LiveChange>(StringComparer.Ordinal);
                while (bell.Reader.TryRead(out var rung)) if (rung is not null) touched[rung.Key] = rung;
                foreach (var job in touched.Values) yield return job;
                while (true)
                {
                    var page = await PageAsync(after, cancellation);
                    foreach (var change in page)
                    {
                        // A page may come before its bell.
                        if (change.Kind == LiveKind.View) database.Views.Forget(change.Workspace, change.Key);
                        yield return change;
                        after = change.Seq;
                    }
                    if (page.Count < PageSize) break;
                }
            }
        }
        finally
        {
            _readers.TryRemove(bell, out _);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Listener(database.WorkerConnectionString, "prodsprint_live", Connected, Heard, logger, time, () => database.Views.Listens(false)).RunAsync(stoppingToken);

    private void Connected()
    {
        database.Views.Listens(true);
        Ring(null);
    }

    private void Heard(string payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            var (kind, workspace, key) = (root.GetProperty("kind").GetString(), root.GetProperty("ws").GetString()!, root.GetProperty("key").GetString()!);
            // Before anybody is told, so that whoever then asks sees it.
            if (kind is not ("job" or "timeline")) database.Views.Forget(workspace, key);
            Ring(kind != "job" ? null : new(0, LiveKind.Job, workspace, root.TryGetProperty("project", out var project) ? project.GetString() : null, "job", key, 0, null));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            LogOdd(payload);
            database.Views.Listens(true);
            Ring(null);
        }
    }

    private void Ring(LiveChange? job)
    {
        foreach (var reader in _readers.Keys) reader.Writer.TryWrite(job);
    }

    private async Task<List<LiveChange>> PageAsync(long after, CancellationToken cancellation)
    {
        for (var wait = 100; ; wait = Math.Min(2000, wait * 2))
        {
            try
            {
                return await QueryAsync(after, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogAway(e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellation);
            }
        }
    }

    private async Task<List<LiveChange>> QueryAsync(long after, CancellationToken cancellation)
    {
        // One statement, so one snapshot: each half holds the lowest numbers of its table, so the lowest of both are complete.
        await using var command = database.Worker.CreateCommand(
            $"""
             SELECT * FROM (
               (SELECT seq, false, workspace, project, kind, grain_key, version, {TimelineReads.Shape} FROM timeline WHERE seq > $1 ORDER BY seq LIMIT $2)
               UNION ALL
               (SELECT seq, true, workspace, project, kind, key, version, body::text FROM resource_view WHERE seq > $1 ORDER BY seq LIMIT $2)) x
             ORDER BY 1 LIMIT $2
             """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = PageSize });
        var page = new List<LiveChange>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            page.Add(new(reader.GetInt64(0), reader.GetBoolean(1) ? LiveKind.View : LiveKind.Timeline, reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetInt64(6), reader.GetString(7)));
        return page;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is live could not be read: {Error}; trying again")]
    private partial void LogAway(string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A notification on prodsprint_live is not one of ours: {Payload}")]
    private partial void LogOdd(string payload);
}
