using System.Text;
using Npgsql;
using ProdSprint.Traffic;

namespace ProdSprint.Audit;

/// <summary>Something is in the way of an archive; what is old stays in the database.</summary>
/// <param name="next">What to do about it.</param>
public sealed class AuditArchiveException(string message, string next, Exception? inner = null) : Exception(message, inner)
{
    public string Next => next;

    /// <summary>Null: not of the kind that is one workspace's or the folder's.</summary>
    internal static AuditArchiveException? Of(Exception e, string folder) => e switch
    {
        AuditArchiveException already => already,
        UnauthorizedAccessException => new($"The server may not write to {folder}: {e.Message}", $"Give the folder to the server's user: chown {Environment.UserName} {folder}", e),
        IOException => new($"{folder} does not take the archive: {e.Message}", "Make room on that disk, or mount it again; the next run goes on by itself", e),
        NpgsqlException => new($"The database did not let go of the rows: {e.Message}", "Look at PostgreSQL's log; the next run goes on by itself", e),
        _ => null,
    };
}

/// <summary>Writes archives and reads them back.</summary>
/// <param name="rows">Most of one file.</param>
internal sealed class AuditArchiveFolder(string folder, AuditLog log, int rows)
{
    /// <summary>Nobody changes an archive, its writer included.</summary>
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead;

    public string Path => folder;

    /// <summary>Of a server that died while it wrote: its rows are in the database.</summary>
    public void ThrowAwayPartials()
    {
        if (!Directory.Exists(folder)) return;
        foreach (var partial in Directory.EnumerateFiles(folder, AuditFile.Partials)) TryDelete(partial);
    }

    /// <summary>The archive that begins with this row; null: none was written yet.</summary>
    public string? Find(string workspace, long from)
    {
        if (!Directory.Exists(folder)) throw new AuditArchiveException($"The folder {folder} is not there.", $"Mount its disk, or make it: mkdir -p {folder}; the next run goes on by itself");
        return AuditFile.From(folder, workspace, from) is [.., var last] ? last : null;
    }

    /// <returns>Where it is; null: no row is old enough.</returns>
    public async Task<string?> WriteAsync(string workspace, DateTimeOffset before, CancellationToken cancellation)
    {
        var partial = System.IO.Path.Combine(folder, AuditFile.PartialName(workspace));
        try
        {
            AuditSeal? seal;
            await using (var file = new FileStream(partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ReadOnly }))
            {
                await using (var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
                    seal = await AuditFile.WriteAsync(text, OldAsync(workspace, before, cancellation), log.SealKey, cancellation);
                file.Flush(flushToDisk: true);
            }
            if (seal is null)
            {
                File.Delete(partial);
                return null;
            }
            var path = System.IO.Path.Combine(folder, AuditFile.Name(workspace, seal.From, seal.To));
            File.Move(partial, path, overwrite: false);
            Posix.FlushDirectory(folder);
            return path;
        }
        catch
        {
            TryDelete(partial);
            throw;
        }
    }

    /// <exception cref="AuditArchiveException">It is not what was written.</exception>
    public async Task<AuditSeal> VerifyAsync(string path, string workspace, long from, CancellationToken cancellation)
    {
        try
        {
            var read = await AuditFile.ReadAsync(path, null, cancellation);
            if (read.Faults is [var fault, ..]) throw NotWritten(path, $"Row {fault.Seq} is {fault.Kind}: {fault.Detail}");
            if (read.Seal is not { } seal) throw NotWritten(path, "It has no seal.");
            if (!seal.IsOf(log.SealKey) || seal.Workspace != workspace || seal.From != from || System.IO.Path.GetFileName(path) != AuditFile.Name(workspace, seal.From, seal.To))
                throw NotWritten(path, "Its seal is not this server's, or of other rows than its name says.");
            return seal;
        }
        catch (AuditFileException e)
        {
            throw NotWritten(path, e.Message);
        }
    }

    /// <summary>Up to the first row that is too young, so that the rows are without a gap also where a clock went back.</summary>
    private async IAsyncEnumerable<AuditRow> OldAsync(string workspace, DateTimeOffset before, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in log.ReadAsync(workspace, new(), newestFirst: false, limit: rows, cancellation: cancellation))
        {
            if (row.At >= before) yield break;
            yield return row;
        }
    }

    private static AuditArchiveException NotWritten(string path, string why) =>
        new($"{path} is not what the server wrote, so nothing was taken out of the database. {why}", "Keep the file for whoever finds out what happened to it, outside the folder; what is old is then archived anew");

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody takes it for an archive, and the next run tries again.
        }
    }
}
