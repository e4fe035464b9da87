using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry.Trace;
using ProdSprint.Data;

namespace ProdSprint.Operations;

/// <summary>
/// Makes spans of releases and their stages out of the timeline, behind a cursor in the database: what ended while the server was down is told when it is
/// up again, and only one server of a cluster tells. Nothing of it is in the way of a decision.
/// </summary>
internal sealed partial class ReleaseTracer(Database database, ReleaseJournal journal, TracerProvider provider, TimeProvider time, ILogger<ReleaseTracer> logger) : BackgroundService
{
    private const int PageSize = 500;
    private const int FlushMilliseconds = 5_000;

    /// <summary>Spans of what is over have no hurry; exporters wait longer than this themselves.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Period, time);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    while (await TurnAsync(stoppingToken)) { }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogLater(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>True: there may be more.</summary>
    private async Task<bool> TurnAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var claim = new NpgsqlCommand("SELECT seq FROM trace_cursor FOR UPDATE SKIP LOCKED", connection);
        if (await claim.ExecuteScalarAsync(cancellation) is not long cursor) return false;
        var (releases, upTo, full) = await NewsAsync(connection, cursor, cancellation);
        if (upTo == cursor) return false;
        foreach (var release in releases) await TellAsync(release, cursor, upTo, cancellation);
        // Out before the cursor moves: after a crash in between they are told again, under the same ids.
        provider.ForceFlush(FlushMilliseconds);
        await using var move = new NpgsqlCommand("UPDATE trace_cursor SET seq = $1", connection) { Parameters = { new() { Value = upTo } } };
        await move.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return full;
    }

    /// <summary>Releases that did something after the cursor. What is older than an hour is let go: nobody collected traces then.</summary>
    private static async Task<(HashSet<string> Releases, long UpTo, bool Full)> NewsAsync(NpgsqlConnection connection, long cursor, CancellationToken cancellation)
    {
        await using var look = new NpgsqlCommand("SELECT seq, grain_key, recorded_at > now() - interval '1 hour' FROM timeline WHERE seq > $1 ORDER BY seq LIMIT $2", connection)
        {
            Parameters = { new() { Value = cursor }, new() { Value = PageSize } },
        };
        var releases = new HashSet<string>(StringComparer.Ordinal);
        var (upTo, rows) = (cursor, 0);
        await using var reader = await look.ExecuteReaderAsync(cancellation);
        for (; await reader.ReadAsync(cancellation); rows++)
        {
            upTo = reader.GetInt64(0);
            if (reader.GetBoolean(2) && reader.GetString(1).StartsWith("release/", StringComparison.Ordinal)) releases.Add(reader.GetString(1));
        }
        return (releases, upTo, rows == PageSize);
    }

    private async Task TellAsync(string release, long after, long upTo, CancellationToken cancellation)
    {
        try
        {
            foreach (var entry in await journal.ReadAsync(release, cancellation))
            {
                if (entry.Seq <= after || entry.Seq > upTo) continue;
                foreach (var span in ReleaseSpans.Ended(entry.Before, entry.After)) Tell(entry, span);
            }
        }
        catch (JsonException e)
        {
            LogUnreadable(release, e.Message);
        }
    }

    private static void Tell(ReleaseJournal.Entry entry, ReleaseSpan span)
    {
        var spec = entry.After.Spec;
        var tags = new List<KeyValuePair<string, object?>>
        {
            new("prodsprint.workspace", spec.Workspace), new("prodsprint.project", spec.Project), new("prodsprint.release", spec.Number),
            new("prodsprint.version", spec.Version), new("prodsprint.attempt", entry.After.Attempt), new("prodsprint.verdict", span.Verdict),
        };
        if (span.Stage is { } stage) tags.Add(new("prodsprint.stage", stage));
        foreach (var (name, value) in span.Figures) tags.Add(new($"prodsprint.{name}", value));
        var parent = span.Stage is null ? entry.Cause?.SpanId ?? default : Spans.SpanOf(ReleaseSpan.NameOf(span.Attempt, null));
        Spans.Tell(span.Name, entry.Trace, Spans.SpanOf(span.Id), parent, span.From, span.To, span.Failure, tags);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Spans of releases could not be made ({Error}); they are made later")]
    private partial void LogLater(string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The timeline of {Release} holds an event of another version of ProdSprint ({Error}); it gets no spans")]
    private partial void LogUnreadable(string release, string error);
}
