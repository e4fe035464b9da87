using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>The log of traffic: batches in, each counted once; rows out for the judge's evidence.</summary>
public sealed class TrafficLog(Database database) : IEvidenceLog, IAsyncDisposable
{
    private const string Columns = "(workspace, project, environment, version, second, batch, requests, errors, faults, classes, buckets, counts)";

    /// <summary>One connection for good, with the table that COPY goes into: PostgreSQL has no COPY into a table with row-level security.</summary>
    private NpgsqlConnection? _writer;

    /// <summary>Where to go on reading a router's reports; null when none was ever read.</summary>
    public async Task<ReportCursor?> CursorAsync(CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("SELECT router, sequence FROM prodsprint.router_cursor ORDER BY updated_at DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new(reader.GetString(0), reader.GetInt64(1)) : null;
    }

    /// <summary>Writes a batch and moves the cursor in one transaction; null when the batch was here before.</summary>
    public async Task<long?> AppendAsync(TrafficReportBatch report, CancellationToken cancellation)
    {
        try
        {
            var connection = _writer ??= await OpenWriterAsync(cancellation);
            return await AppendAsync(connection, report, cancellation);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is null) return;
        await _writer.DisposeAsync();
        _writer = null;
    }

    private async Task<NpgsqlConnection> OpenWriterAsync(CancellationToken cancellation)
    {
        var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("CREATE TEMP TABLE traffic_in (LIKE prodsprint.traffic_second) ON COMMIT DELETE ROWS", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return connection;
    }

    private static async Task<long?> AppendAsync(NpgsqlConnection connection, TrafficReportBatch report, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var cursor = new NpgsqlCommand(
            """
            INSERT INTO prodsprint.router_cursor AS c (router, sequence, dropped) VALUES ($1, $2, $3)
            ON CONFLICT (router) DO UPDATE SET sequence = excluded.sequence, dropped = excluded.dropped, updated_at = now() WHERE c.sequence < excluded.sequence
            RETURNING nextval('prodsprint.traffic_batch')
            """, connection, transaction)
        {
            Parameters = { new() { Value = report.Router }, new() { Value = report.Sequence }, new() { Value = report.DroppedRequests } },
        })
        {
            if (await cursor.ExecuteScalarAsync(cancellation) is not long batch) return null;
            await CopyAsync(connection, report.Seconds, batch, cancellation);
            await using var move = new NpgsqlCommand($"INSERT INTO prodsprint.traffic_second {Columns} SELECT workspace, project, environment, version, second, batch, requests, errors, faults, classes, buckets, counts FROM traffic_in", connection, transaction);
            await move.ExecuteNonQueryAsync(cancellation);
            await RingAsync(connection, transaction, report, batch, cancellation);
            await transaction.CommitAsync(cancellation);
            return batch;
        }
    }

    /// <summary>For web nodes elsewhere: which batch, and from which second on its rows lie.</summary>
    private static async Task RingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TrafficReportBatch report, long batch, CancellationToken cancellation)
    {
        if (report.Seconds.IsEmpty) return;
        await using var ring = new NpgsqlCommand($"SELECT pg_notify('{TrafficTail.Channel}', $1)", connection, transaction);
        ring.Parameters.Add(new() { Value = string.Create(CultureInfo.InvariantCulture, $"{batch} {report.Seconds.Min(s => s.UnixSecond)}") });
        await ring.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<LoggedTraffic> ReadAsync(string workspace, string project, string environment, long fromSecond, long afterBatch, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            SELECT version, second, batch, requests, errors, faults, classes, buckets, counts FROM prodsprint.traffic_second
            WHERE workspace = $1 AND project = $2 AND environment = $3 AND second >= $4 AND batch > $5 ORDER BY batch, second
            """);
        foreach (var value in (object[])[workspace, project, environment, fromSecond, afterBatch]) command.Parameters.Add(new() { Value = value });
        var rows = ImmutableArray.CreateBuilder<TrafficSecond>();
        var last = Math.Max(afterBatch, 0);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            last = Math.Max(last, reader.GetInt64(2));
            rows.Add(Row(reader, workspace, project, environment, 0));
        }
        return new(last, rows.ToImmutable());
    }

    /// <summary>One batch as it was rung, all environments of it.</summary>
    /// <param name="fromSecond">Its first second, which is what the rows are found by.</param>
    internal async Task<ImmutableArray<TrafficSecond>> BatchAsync(long batch, long fromSecond, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            SELECT workspace, project, environment, version, second, batch, requests, errors, faults, classes, buckets, counts
            FROM prodsprint.traffic_second WHERE second >= $1 AND batch = $2
            """);
        foreach (var value in (long[])[fromSecond, batch]) command.Parameters.Add(new() { Value = value });
        var rows = ImmutableArray.CreateBuilder<TrafficSecond>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) rows.Add(Row(reader, reader.GetString(0), reader.GetString(1), reader.GetString(2), 3));
        return rows.ToImmutable();
    }

    /// <summary>Forgets seconds before <paramref name="second"/>, some at a time, so that nothing waits long behind it; returns how many rows.</summary>
    public async Task<long> ForgetAsync(long second, CancellationToken cancellation)
    {
        const int Some = 20_000;
        var all = 0L;
        while (true)
        {
            await using var command = database.Worker.CreateCommand("DELETE FROM prodsprint.traffic_second WHERE ctid = ANY (ARRAY(SELECT ctid FROM prodsprint.traffic_second WHERE second < $1 ORDER BY second LIMIT $2))");
            foreach (var value in (object[])[second, Some]) command.Parameters.Add(new() { Value = value });
            var rows = await command.ExecuteNonQueryAsync(cancellation);
            all += rows;
            if (rows < Some) return all;
        }
    }

    private static async Task CopyAsync(NpgsqlConnection connection, ImmutableArray<TrafficSecond> seconds, long batch, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY traffic_in {Columns} FROM STDIN (FORMAT BINARY)", cancellation);
        // A batch may name a version's second twice; the key holds it once.
        foreach (var group in seconds.GroupBy(s => (s.Workspace, s.Project, s.Environment, s.Version, s.UnixSecond)))
        {
            var rows = group.ToArray();
            var c = rows.Select(r => r.Classes).ToArray();
            var latency = rows.Aggregate(LatencyHistogram.Empty, (sum, r) => sum.Add(r.Latency));
            await copy.StartRowAsync(cancellation);
            foreach (var text in (string[])[group.Key.Workspace, group.Key.Project, group.Key.Environment, group.Key.Version])
                await copy.WriteAsync(text, NpgsqlDbType.Text, cancellation);
            foreach (var number in (long[])[group.Key.UnixSecond, batch, rows.Sum(r => r.Requests), rows.Sum(r => r.Errors), rows.Sum(r => r.RouterFaults)])
                await copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(
                new[] { c.Sum(x => x.Informational), c.Sum(x => x.Success), c.Sum(x => x.Redirect), c.Sum(x => x.ClientError), c.Sum(x => x.ServerError), c.Sum(x => x.Aborted) },
                NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(latency.Buckets.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellation);
            await copy.WriteAsync(latency.Counts.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation);
        }
        await copy.CompleteAsync(cancellation);
    }

    /// <summary>From the column <paramref name="at"/> on: version, second, batch, requests, errors, faults, classes, buckets, counts.</summary>
    private static TrafficSecond Row(NpgsqlDataReader row, string workspace, string project, string environment, int at) => new(
        workspace, project, environment, row.GetString(at), row.GetInt64(at + 1), row.GetInt64(at + 3), row.GetInt64(at + 4),
        Classes(row.GetFieldValue<long[]>(at + 6)), row.GetInt64(at + 5), new([.. row.GetFieldValue<int[]>(at + 7)], [.. row.GetFieldValue<long[]>(at + 8)]));

    private static StatusClasses Classes(long[] c) => new(c[0], c[1], c[2], c[3], c[4], c[5]);
}
