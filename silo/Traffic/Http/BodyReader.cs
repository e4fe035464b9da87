namespace ProdSprint.Traffic;

internal enum BodyKind : byte { None, Length, Chunked, UntilClose }

/// <summary>
/// Follows a body through the buffers it arrives in, to know where it ends; bytes are passed on as they came. Chunk framing is checked strictly,
/// because what is passed on verbatim must mean the same to the next reader.
/// </summary>
internal struct BodyReader
{
    private enum Step : byte { Size, Extension, SizeLf, Data, DataCr, DataLf, TrailerStart, Trailer, TrailerLf, LastLf, Done }

    private const int MaxExtension = 4096, MaxTrailer = 16384;

    private Step _step;
    private int _digits, _extra;

    public BodyKind Kind;

    /// <summary>Of the body, or of the current chunk.</summary>
    public long Remaining;

    public static BodyReader For(BodyKind kind, long length) =>
        new() { Kind = kind, Remaining = kind == BodyKind.Length ? length : 0, _step = Step.Size };

    public readonly bool Done => Kind switch
    {
        BodyKind.None => true,
        BodyKind.Length => Remaining == 0,
        BodyKind.Chunked => _step == Step.Done,
        _ => false,
    };

    /// <summary>How many of these bytes belong to the body; -1 when its framing is broken.</summary>
    public int Take(ReadOnlySpan<byte> data)
    {
        switch (Kind)
        {
            case BodyKind.None: return 0;
            case BodyKind.UntilClose: return data.Length;
            case BodyKind.Length:
                var n = (int)Math.Min(Remaining, data.Length);
                Remaining -= n;
                return n;
            default: return TakeChunked(data, [], out _);
        }
    }

    /// <summary>As <see cref="Take"/>, and moves the payload without its chunk framing to the front: for clients that know only HTTP/1.0.</summary>
    public int TakePayload(Span<byte> data, out int payload)
    {
        if (Kind == BodyKind.Chunked) return TakeChunked(data, data, out payload);
        return payload = Take(data);
    }

    private int TakeChunked(ReadOnlySpan<byte> data, Span<byte> compact, out int payload)
    {
        payload = 0;
        var i = 0;
        while (i < data.Length && _step != Step.Done)
        {
            if (_step == Step.Data)
            {
                var n = (int)Math.Min(Remaining, data.Length - i);
                if (compact.Length > 0) data.Slice(i, n).CopyTo(compact[payload..]);
                payload += n;
                Remaining -= n;
                i += n;
                if (Remaining == 0) _step = Step.DataCr;
                continue;
            }
            if (!Advance(data[i++])) return -1;
        }
        return i;
    }

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };

    private bool Advance(byte b)
    {
        switch (_step)
        {
            case Step.Size:
                var digit = HexDigit(b);
                if (digit >= 0)
                {
                    Remaining = Remaining * 16 + digit;
                    return ++_digits <= 15;
                }
                _extra = 0;
                if (_digits == 0) return false;
                _step = b == '\r' ? Step.SizeLf : Step.Extension;
                return b is (byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t';
            case Step.Extension:
                if (b == '\r') _step = Step.SizeLf;
                return b != '\n' && b != 0 && ++_extra <= MaxExtension;
            case Step.SizeLf:
                _digits = 0;
                _extra = 0;
                _step = Remaining == 0 ? Step.TrailerStart : Step.Data;
                return b == '\n';
            case Step.DataCr:
                _step = Step.DataLf;
                return b == '\r';
            case Step.DataLf:
                _step = Step.Size;
                return b == '\n';
            case Step.TrailerStart:
                _step = b == '\r' ? Step.LastLf : Step.Trailer;
                return b == '\r' || HttpSyntax.IsToken([b]);
            case Step.Trailer:
                if (b == '\r') _step = Step.TrailerLf;
                return b != '\n' && b != 0 && ++_extra <= MaxTrailer;
            case Step.TrailerLf:
                _step = Step.TrailerStart;
                return b == '\n';
            case Step.LastLf:
                _step = Step.Done;
                return b == '\n';
            default:
                return false;
        }
    }
}
