using System.Text;
using System.Text.Json;
using ProdSprint.Kernel;

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
        if (csv) await text.WriteLineAsync(string.Join(',', Header));
        var (rows, first, last) = (0L, (AuditRow?)null, (AuditRow?)null);
        await foreach (var row in log.ReadAsync(workspace, filter, newestFirst: false, cancellation: context.RequestAborted))
        {
            (rows, first, last) = (rows + 1, first ?? row, row);
            await text.WriteLineAsync(csv ? Csv(AuditLine.Of(row)) : JsonSerializer.Serialize(AuditLine.Of(row), KernelJson.Options));
        }
        if (asArchive && first is not null && last is not null)
            await text.WriteLineAsync(KernelJson.Write(new Dictionary<string, AuditSeal>
            {
                ["sealed"] = AuditSeal.Of(log.SealKey, workspace, first.Seq, last.Seq, rows, Convert.ToHexStringLower(first.Previous), Convert.ToHexStringLower(last.Hash)),
            }));
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
