using System.Buffers.Text;

namespace ProdSprint.Traffic;

/// <summary>Writes a head into a buffer; <see cref="Overflowed"/> instead of an exception when it does not fit.</summary>
internal ref struct HeadWriter(byte[] buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }
    public bool Overflowed { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_buffer[Length..])) Length += bytes.Length;
        else Overflowed = true;
    }

    public void Add(long number)
    {
        if (Utf8Formatter.TryFormat(number, _buffer[Length..], out var n)) Length += n;
        else Overflowed = true;
    }

    /// <summary>A network-order IPv4 address.</summary>
    public void AddAddress(uint address)
    {
        for (var i = 0; i < 4; i++)
        {
            if (i > 0) Add("."u8);
            Add(address >> (8 * i) & 255);
        }
    }

    /// <summary>Copies the fields whose kind <paramref name="dropped"/> does not hold, in runs: most heads are one or two copies.</summary>
    public void AddFields(byte[] from, MessageHead head, uint dropped)
    {
        var runStart = -1;
        var runEnd = -1;
        for (var i = 0; i < head.Count; i++)
        {
            ref readonly var field = ref head.Fields[i];
            if ((dropped >> (int)field.Id & 1) == 0)
            {
                if (runStart < 0) runStart = field.Start;
                runEnd = field.End;
                continue;
            }
            if (runStart >= 0) Add(from.AsSpan(runStart, runEnd - runStart));
            runStart = -1;
        }
        if (runStart >= 0) Add(from.AsSpan(runStart, runEnd - runStart));
    }
}
