using System.Buffers.Binary;
using System.Text;

namespace ProdSprint.Identity;

/// <param name="Code">What the resolver says of the name: 0 it is there, 3 it is not.</param>
/// <param name="Cut">There is more than a datagram holds: ask again over TCP.</param>
/// <param name="Texts">Each record as one text, its pieces joined.</param>
public sealed record DnsTexts(int Code, bool Cut, IReadOnlyList<string> Texts);

/// <summary>A question for a name's TXT records, and what a resolver answers to it (RFC 1035). Nothing else of DNS is needed here.</summary>
public static class DnsMessage
{
    private const int HeaderBytes = 12, MostRecords = 100;
    private const ushort Txt = 16, Internet = 1;

    /// <param name="id">Not to be guessed: whoever does could answer in the resolver's place.</param>
    public static byte[] Question(ushort id, string name)
    {
        var message = new List<byte>(HeaderBytes + name.Length + 6) { (byte)(id >> 8), (byte)id, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }
        message.AddRange([0, 0, (byte)Txt, 0, (byte)Internet]);
        return [.. message];
    }

    /// <summary>Null: it is no answer to this question. Aliases were followed by the resolver: their texts count.</summary>
    public static DnsTexts? Answer(ReadOnlySpan<byte> message, byte[] question)
    {
        if (message.Length < question.Length || !message[..2].SequenceEqual(question.AsSpan(0, 2)) || (message[2] & 0x80) == 0 || Number(message, 4) != 1 || !SameName(message[HeaderBytes..question.Length], question.AsSpan(HeaderBytes)))
            return null;
        var (code, cut, at, texts) = (message[3] & 0x0F, (message[2] & 0x02) != 0, question.Length, new List<string>());
        for (var left = Math.Min((int)Number(message, 6), MostRecords); left > 0 && !cut; left--)
        {
            if (AfterName(message, at) is not { } fixedPart || fixedPart + 10 > message.Length) return null;
            var data = fixedPart + 10;
            at = data + Number(message, fixedPart + 8);
            if (at > message.Length) return null;
            if (Number(message, fixedPart) != Txt || Number(message, fixedPart + 2) != Internet) continue;
            if (Text(message[data..at]) is not { } text) return null;
            texts.Add(text);
        }
        return new(code, cut, texts);
    }

    /// <summary>Of letters the case does not count.</summary>
    private static bool SameName(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(one, other);

    /// <summary>Names end at a zero, or at a pointer to where they go on; where they go to is of no interest.</summary>
    private static int? AfterName(ReadOnlySpan<byte> message, int at)
    {
        while (at < message.Length)
        {
            var length = message[at];
            if (length == 0) return at + 1;
            if (length >= 0xC0) return at + 2;
            if (length > 63) return null;
            at += length + 1;
        }
        return null;
    }

    private static string? Text(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        while (data.Length > 0)
        {
            var length = data[0];
            if (length >= data.Length) return null;
            text.Append(Encoding.Latin1.GetString(data.Slice(1, length)));
            data = data[(length + 1)..];
        }
        return text.ToString();
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
