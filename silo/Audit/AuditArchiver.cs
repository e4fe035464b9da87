using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProdSprint.Data;

namespace ProdSprint.Audit;

/// <summary>
/// Moves what has become old from the database into sealed files, workspace by workspace. A row is in the database until a file that holds it is whole on the disk, in its place and
/// read back; whatever dies in between, the next run goes on from what it finds: a partial file is thrown away, a whole one is read again and its rows are taken out.
/// </summary>
public sealed partial class AuditArchiver(Database database, AuditLog log, AuditArchives archives, AuditRetention retention, TimeProvider time, ILogger<AuditArchiver> logger) : BackgroundService
{
    internal const long Lock = 4_702_111_023_585_821_696;

    /// <summary>What is in the way is mended by people, and they want to see that it is.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Again;
            try
            {
                if (await RunAsync(stoppingToken) == 0) pause = retention.Every;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(e.Message, Again);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(pause < retention.Every ? pause : retention.Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Once through all workspaces.</summary>
    /// <returns>In how many of them something is in the way; null: another server is at it.</returns>
    public async Task<int?> RunAsync(CancellationToken cancellation)
    {
        // The lock is the connection's: gone with the process, however it ends.
        await using var held = await database.Worker.OpenConnectionAsync(cancellation);
        await using (var take = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", held) { Parameters = { new() { Value = Lock } } })
            if (!(bool)(await take.ExecuteScalarAsync(cancellation))!) return null;
        try
        {
            return await AllAsync(time.GetUtcNow() - retention.Keep, cancellation);
        }
        finally
        {
            await using var give = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", held) { Parameters = { new() { Value = Lock } } };
            await give.ExecuteScalarAsync(CancellationToken.None);
        }
    }

    private async Task<int> AllAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var folder = new AuditArchiveFolder(retention.ArchiveFolder!, log, retention.ArchiveRows);
        var problems = new Dictionary<string, AuditArchiveException>();
        folder.ThrowAwayPartials();
        foreach (var workspace in await archives.DueAsync(before, cancellation))
        {
            try
            {
                await WorkspaceAsync(folder, workspace, before, cancellation);
            }
            catch (Exception e) when (AuditArchiveException.Of(e, folder.Path) is { } problem)
            {
                problems[workspace] = problem;
                await TellAsync(workspace, problem, cancellation);
            }
        }
        // One missing disk is one line, however many workspaces there are.
        foreach (var same in problems.GroupBy(p => (p.Value.Message, p.Value.Next))) LogNotArchived(same.Count(), same.First().Key, same.Key.Message, same.Key.Next);
        await archives.ClearProblemsAsync(problems.Keys, cancellation);
        return problems.Count;
    }

    private async Task WorkspaceAsync(AuditArchiveFolder folder, string workspace, DateTimeOffset before, CancellationToken cancellation)
    {
        while (await log.OldestAsync(workspace, cancellation) is { } oldest && oldest.At < before)
        {
            // There already: a run before this one wrote it and came no further.
            var path = folder.Find(workspace, oldest.Seq) ?? await folder.WriteAsync(workspace, before, cancellation);
            if (path is null) return;
            var seal = await folder.VerifyAsync(path, workspace, oldest.Seq, cancellation);
            var told = Event($"archives/{Path.GetFileName(path)}", "archived", $"Rows {seal.From} to {seal.To} are in {path}; head {seal.Head}, seal {seal.Seal}");
            if (await log.PruneAsync(workspace, new(seal.To, seal.Head), before, AuditArchives.Server.Id, told, cancellation) is { } rows) LogArchived(rows, workspace, path);
            else if (await log.OldestAsync(workspace, cancellation) == oldest)
                throw new AuditArchiveException($"{path} ends at row {seal.To}, which has another hash in the database, or is younger than {retention.Keep.TotalDays:0} days. Nothing was taken out of the database.",
                    "Find out where the file is from, and move it out of the folder; what is old is then archived anew");
        }
    }

    /// <summary>On the record when it begins; that it goes on is in the server's log.</summary>
    private async Task TellAsync(string workspace, AuditArchiveException problem, CancellationToken cancellation)
    {
        if (await archives.SetProblemAsync(workspace, problem.Message, problem.Next, time.GetUtcNow(), cancellation)) await log.AppendAsync(workspace, Event("archives", "failed", problem.Message), cancellation);
    }

    private static AuditEvent Event(string resource, string outcome, string reason) =>
        new(AuditArchives.Server.Id, "server", "ArchiveAuditLog", $"admin/audit-logs/{resource}", outcome, null, null, reason, Guid.CreateVersion7().ToString("N"), null, null);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} rows of the audit log of {Workspace} are archived in {File}, and out of the database")]
    private partial void LogArchived(long rows, string workspace, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log of {Count} workspaces ({Workspace}, …) could not be archived; it stays in the database, and nothing is lost. {Problem} Next: {Next}")]
    private partial void LogNotArchived(int count, string workspace, string problem, string next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Archiving the audit log broke off, and is tried again in {Pause}; what is not archived stays in the database: {Error}")]
    private partial void LogLater(string error, TimeSpan pause);
}
