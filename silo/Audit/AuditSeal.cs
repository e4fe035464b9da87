using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProdSprint.Audit;

/// <summary>
/// The last line of an archive: what it holds, and the server's seal over that. The rows between anchor and head are chained, so the seal of those two is one of all of them.
/// </summary>
/// <param name="Anchor">Hash that the first row continues, hex; empty for the beginning of the log.</param>
/// <param name="Head">Hash of the last row, hex.</param>
/// <param name="Seal">HMAC-SHA256 with a key that only the servers of this database have, hex: a chain that somebody made up has none.</param>
public sealed record AuditSeal(string Workspace, long From, long To, long Rows, string Anchor, string Head, string Seal)
{
    public static AuditSeal Of(byte[] key, string workspace, long from, long to, long rows, string anchor, string head) =>
        new(workspace, from, to, rows, anchor, head, Convert.ToHexStringLower(Mac(key, workspace, from, to, rows, anchor, head)));

    public bool IsOf(byte[] key) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Mac(key, Workspace, From, To, Rows, Anchor, Head))), Encoding.ASCII.GetBytes(Seal));

    /// <summary>Null: the line is a row, not a seal.</summary>
    public static AuditSeal? Read(string line, JsonSerializerOptions options)
    {
        if (!line.StartsWith("{\"sealed\":", StringComparison.Ordinal)) return null;
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("sealed").Deserialize<AuditSeal>(options);
    }

    /// <summary>Where the chain of the archive begins.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public AuditHead Start => new(From - 1, Anchor);

    private static byte[] Mac(byte[] key, string workspace, long from, long to, long rows, string anchor, string head) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"prodsprint audit archive\n{workspace}\n{from}\n{to}\n{rows}\n{anchor}\n{head}")));
}
