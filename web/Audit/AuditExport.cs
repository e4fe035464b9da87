using System.Text;

namespace ProdSprint.Audit;

/// <summary>The log as a download, oldest first, written as it is read: JSON lines with everything a verification needs, or CSV for a spreadsheet.</summary>
/// <param name="asArchive">JSON lines with the server's seal as the last one: what may be taken out of the database afterwards.</param>
public sealed class AuditExport(AuditLog log, string workspace, AuditFilter filter, bool csv, bool asArchive) : IResult
{
    private static readonly string[] Header = ["seq", "at", "actor", "credential", "action", "resource", "outcome", "before", "after", "reason", "request", "origin", "agent", "hash"];

    public async Task ExecuteAsync(HttpContext context)
    {
        context.Response.ContentType = csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"audit-{workspace}.{(csv ? "csv" : "jsonl")}\"";
        context.Response.Headers.CacheControl = "no-store";
        await using var text = new StreamWriter(context.Response.Body, new UTF8Encoding(false)) { NewLine = "\r\n" };
        if (!csv) text.NewLine = "\n";
        var rows = log.ReadAsync(workspace, filter, newestFirst: false, cancellation: context.RequestAborted);
        if (!csv)
        {
            await AuditFile.WriteAsync(text, rows, asArchive ? log.SealKey : null, context.RequestAborted);
            return;
        }
        await text.WriteLineAsync(string.Join(',', Header));
        await foreach (var row in rows) await text.WriteLineAsync(Csv(AuditLine.Of(row)));
    }

    private static string Csv(AuditLine l) => string.Join(',', new[]
    {
        l.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture), l.At.UtcDateTime.ToString("O"), l.Actor, l.Credential, l.Action, l.Resource, l.Outcome, l.Before, l.After, l.Reason,
        l.Request, l.Origin, l.Agent, l.Hash,
    }.Select(Cell));

    /// <summary>Quoted when it has to be; what a spreadsheet would take for a formula is told apart from one.</summary>
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }
}
