using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProdSprint.Kernel;

namespace ProdSprint.Audit;

/// <summary>A line of a file is no row of an audit log.</summary>
/// <param name="line">Counted from 1.</param>
public sealed class AuditFileException(int line) : Exception($"Line {line} is no row of an audit log.")
{
    public int Line => line;
}

/// <param name="Rows">How many there are.</param>
/// <param name="Seal">Null: the file is an export without one.</param>
/// <param name="Faults">None: the rows are those that were written, and what the seal says is there.</param>
public sealed record AuditFileVerdict(long Rows, AuditHead Head, AuditSeal? Seal, IReadOnlyList<AuditFault> Faults);

/// <summary>The log as a file: a JSON line for each row, oldest first, and of an archive the seal as the last line.</summary>
public static partial class AuditFile
{
    /// <param name="sealKey">Null: an export, which has no seal.</param>
    /// <returns>Null: there was no row, or no key.</returns>
    public static async Task<AuditSeal?> WriteAsync(TextWriter text, IAsyncEnumerable<AuditRow> rows, byte[]? sealKey, CancellationToken cancellation)
    {
        var (count, first, last) = (0L, (AuditRow?)null, (AuditRow?)null);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            (count, first, last) = (count + 1, first ?? row, row);
            await text.WriteLineAsync(JsonSerializer.Serialize(AuditLine.Of(row), KernelJson.Options).AsMemory(), cancellation);
        }
        if (sealKey is null || first is null || last is null) return null;
        var seal = AuditSeal.Of(sealKey, first.Workspace, first.Seq, last.Seq, count, Convert.ToHexStringLower(first.Previous), Convert.ToHexStringLower(last.Hash));
        await text.WriteLineAsync(KernelJson.Write(new Dictionary<string, AuditSeal> { ["sealed"] = seal }).AsMemory(), cancellation);
        return seal;
    }

    /// <summary>Computes the whole chain anew. Whether the seal is of this server's only a server can say: <see cref="AuditSeal.IsOf"/>.</summary>
    /// <param name="noted">A head that was noted down elsewhere before.</param>
    /// <exception cref="AuditFileException">It is no audit log.</exception>
    public static async Task<AuditFileVerdict> ReadAsync(string path, AuditHead? noted, CancellationToken cancellation)
    {
        var seal = await SealAsync(path, cancellation);
        var chain = new AuditChain(noted, seal?.Start);
        var line = 0;
        await foreach (var text in File.ReadLinesAsync(path, cancellation))
        {
            line++;
            try
            {
                if (AuditSeal.Read(text, KernelJson.Options) is not null) continue;
                chain.Add(JsonSerializer.Deserialize<AuditLine>(text, KernelJson.Options)!.Row());
            }
            catch (Exception e) when (IsNoLine(e))
            {
                throw new AuditFileException(line);
            }
        }
        chain.End(seal is null ? null : new(seal.To, seal.Head));
        if (seal is not null && chain.Rows != seal.Rows) chain.Faults.Add(new(seal.To, "removed", $"The seal is of {seal.Rows} rows, and there are {chain.Rows}."));
        return new(chain.Rows, chain.Head, seal, chain.Faults);
    }

    /// <summary>Sorts by workspace, then by the numbers of the rows. A workspace's name may hold dots and dashes; the numbers are told apart by their length.</summary>
    public static string Name(string workspace, long from, long to) => string.Create(CultureInfo.InvariantCulture, $"audit-{Uri.EscapeDataString(workspace)}-{from:D12}-{to:D12}.jsonl");

    /// <summary>While it is being written: after a crash nobody takes it for an archive.</summary>
    public static string PartialName(string workspace) => $"audit-{Uri.EscapeDataString(workspace)}-{Guid.NewGuid():N}.partial";

    public const string Partials = "audit-*.partial";

    /// <summary>The archives of a workspace that begin with this row.</summary>
    public static IReadOnlyList<string> From(string folder, string workspace, long from)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"audit-{Uri.EscapeDataString(workspace)}-{from:D12}-");
        return [.. Directory.EnumerateFiles(folder, start + "*.jsonl").Where(f => Rest().IsMatch(Path.GetFileName(f)[start.Length..])).Order(StringComparer.Ordinal)];
    }

    private static async Task<AuditSeal?> SealAsync(string path, CancellationToken cancellation)
    {
        var (last, line) = ("", 0);
        await foreach (var text in File.ReadLinesAsync(path, cancellation)) (last, line) = (text, line + 1);
        try
        {
            return AuditSeal.Read(last, KernelJson.Options);
        }
        catch (Exception e) when (IsNoLine(e))
        {
            throw new AuditFileException(line);
        }
    }

    private static bool IsNoLine(Exception e) => e is JsonException or FormatException or NullReferenceException or ArgumentNullException or KeyNotFoundException or InvalidOperationException;

    [GeneratedRegex("^[0-9]{12,}\\.jsonl$")]
    private static partial Regex Rest();
}
