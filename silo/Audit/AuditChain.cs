using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Audit;

/// <summary>
/// The chain of the audit log, computed apart from the database that wrote it (<c>audit_append</c> in migration 0020): SHA-256 over the hash before it and every
/// field with its length. Whoever changes, removes or reorders a row has to rewrite everything after it, and then the head differs from the one noted elsewhere.
/// </summary>
/// <param name="noted">A head that was noted down elsewhere before.</param>
/// <param name="start">Where the chain goes on from when what came before lies in an archive; null: it begins at the first row there ever was.</param>
public sealed class AuditChain(AuditHead? noted = null, AuditHead? start = null)
{
    private byte[] _previous = start is null ? [] : Convert.FromHexString(start.Hash);
    private long _seq = start?.Seq ?? 0;

    public List<AuditFault> Faults { get; } = [];

    public long Rows { get; private set; }

    /// <summary>The next row, in the order of their numbers.</summary>
    public void Add(AuditRow row)
    {
        Rows++;
        if (row.Seq != _seq + 1) Faults.Add(new(row.Seq, "removed", row.Seq == _seq + 2 ? $"Row {_seq + 1} is missing." : $"Rows {_seq + 1} to {row.Seq - 1} are missing."));
        else if (!row.Previous.AsSpan().SequenceEqual(_previous)) Faults.Add(new(row.Seq, "reordered", "It does not continue the row before it."));
        if (!Hash(row).AsSpan().SequenceEqual(row.Hash)) Faults.Add(new(row.Seq, "altered", "Its fields do not give its hash."));
        if (row.Salt is { } salt && !PersonalDigest(salt, row.Event).AsSpan().SequenceEqual(row.Personal)) Faults.Add(new(row.Seq, "altered", "Its origin or program is not what was recorded."));
        if (noted?.Seq == row.Seq && Hex(row.Hash) != noted.Hash) Faults.Add(new(row.Seq, "rewritten", "Its hash is not the one that was noted down."));
        (_seq, _previous) = (row.Seq, row.Hash);
    }

    /// <param name="head">Where the database says the chain ends; null: there is no row.</param>
    public IReadOnlyList<AuditFault> End(AuditHead? head)
    {
        var last = Math.Max(head?.Seq ?? 0, noted?.Seq ?? 0);
        if (_seq < last) Faults.Add(new(_seq + 1, "cut-off", $"The log ends at row {_seq}, and row {last} was written."));
        else if (head is not null && head.Seq == _seq && Hex(_previous) != head.Hash) Faults.Add(new(_seq, "rewritten", "The last row is not the one the head names."));
        return Faults;
    }

    /// <summary>Where the rows seen so far end.</summary>
    public AuditHead Head => new(_seq, Hex(_previous));

    public static byte[] Hash(AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(row.Previous);
        Field(hash, row.Workspace);
        Field(hash, row.Seq.ToString(CultureInfo.InvariantCulture));
        Field(hash, ((row.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture));
        var e = row.Event;
        foreach (var field in (string?[])[e.Actor, e.Credential, e.Action, e.Resource, e.Outcome, e.Before, e.After, e.Reason, e.Request]) Field(hash, field);
        hash.AppendData(row.Personal);
        return hash.GetHashAndReset();
    }

    private static byte[] PersonalDigest(byte[] salt, AuditEvent e)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        Field(hash, e.Origin);
        Field(hash, e.Agent);
        return hash.GetHashAndReset();
    }

    private static void Field(IncrementalHash hash, string? value)
    {
        if (value is null)
        {
            hash.AppendData("-"u8);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(value);
        Span<byte> length = stackalloc byte[12];
        Utf8Formatter.TryFormat(bytes.Length, length, out var written);
        length[written++] = (byte)':';
        hash.AppendData(length[..written]);
        hash.AppendData(bytes);
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
