using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Webhooks;

/// <summary>What the job of a delivery is told.</summary>
public sealed record WebhookJob(string Delivery)
{
    public const string Kind = "webhooks.deliver";

    /// <param name="turn">Counts replays: each is a job of its own. Its id is made again by <c>WebhookStore</c>, to say when it is tried next.</param>
    public static NewJob Of(string workspace, string delivery, int turn, int attempts) =>
        new($"webhook/{workspace}/{delivery}@{turn}.0", workspace, null, Kind, KernelJson.Write(new WebhookJob(delivery)), TimeSpan.FromMinutes(1), attempts, Group: $"webhook/{workspace}");
}

/// <summary>
/// Timeline → deliveries and their jobs. The cursor moves in the transaction that writes them, so every event becomes one delivery of each webhook that wants it,
/// whatever dies in between; of several silos one works, the others find the cursor locked.
/// </summary>
public sealed partial class WebhookFanOut(Database database, WebhookOptions options, TimeProvider time, ILogger<WebhookFanOut> logger) : BackgroundService
{
    private const int PageSize = 500;

    /// <summary>A net below the bell.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _forgotten;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        _ = new Listener(database.WorkerConnectionString, "prodsprint_live", Ring, _ => Ring(), logger, time).RunAsync(stoppingToken);
        using var poll = time.CreateTimer(_ => Ring(), null, Poll, Poll);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _bell.Reader.ReadAsync(stoppingToken);
                while (await TurnAsync(stoppingToken)) { }
                await ForgetAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e.Message);
                await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>True: there may be more.</summary>
    private async Task<bool> TurnAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var look = new NpgsqlCommand("SELECT c.seq, (SELECT max(seq) FROM (SELECT seq FROM timeline t WHERE t.seq > c.seq ORDER BY seq LIMIT $1) p) FROM webhook_cursor c FOR UPDATE SKIP LOCKED", connection) { Parameters = { new() { Value = PageSize } } };
        long from, until;
        await using (var reader = await look.ExecuteReaderAsync(cancellation))
        {
            if (!await reader.ReadAsync(cancellation) || await reader.IsDBNullAsync(1, cancellation)) return false;
            (from, until) = (reader.GetInt64(0), reader.GetInt64(1));
        }
        var jobs = new List<NewJob>();
        await using (var make = new NpgsqlCommand(
            $"""
             INSERT INTO webhook_delivery (workspace, id, webhook, event, body)
             SELECT t.workspace, 'msg_' || w.id || '_' || t.seq, w.id, t.kind, jsonb_build_object('type', t.kind, 'timestamp', t.at, 'data', t.row::jsonb)::text
             FROM (SELECT seq, workspace, kind, at, recorded_at, {TimelineReads.Shape} AS row FROM timeline WHERE seq > $1 AND seq <= $2) t
               JOIN webhook w ON w.workspace = t.workspace AND NOT w.paused AND t.recorded_at >= w.created_at
               AND (cardinality(w.events) = 0 OR EXISTS (SELECT 1 FROM unnest(w.events) e WHERE e = t.kind OR (right(e, 2) = '.*' AND starts_with(t.kind, left(e, -1)))))
             ORDER BY t.seq ON CONFLICT DO NOTHING RETURNING workspace, id
             """, connection)
        {
            Parameters = { new() { Value = from }, new() { Value = until } },
        })
        await using (var reader = await make.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation)) jobs.Add(WebhookJob.Of(reader.GetString(0), reader.GetString(1), 1, options.Attempts));
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (jobs.Count > 0) JobQueue.Add(batch, jobs);
        batch.BatchCommands.Add(new("UPDATE webhook_cursor SET seq = $1") { Parameters = { new() { Value = until } } });
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task ForgetAsync(CancellationToken cancellation)
    {
        if (_forgotten != 0 && time.GetElapsedTime(_forgotten) < TimeSpan.FromHours(1)) return;
        _forgotten = time.GetTimestamp();
        await using var command = database.Worker.CreateCommand("DELETE FROM webhook_delivery WHERE ended_at < now() - make_interval(secs => $1)");
        command.Parameters.Add(new() { Value = options.Kept.TotalSeconds });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deliveries of webhooks could not be made: {Error}; they are made later")]
    private partial void LogLater(string error);
}
