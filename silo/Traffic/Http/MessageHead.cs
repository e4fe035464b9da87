namespace ProdSprint.Traffic;

/// <summary>What requests and responses have in common; an instance is used again and again for one connection's messages.</summary>
internal class MessageHead
{
    public const int MaxFields = 100;
    protected const string TooManyFields = "it has too many header fields";
    protected const string OtherCoding = "Transfer-Encoding is something else than chunked";

    public readonly HeaderField[] Fields = new HeaderField[MaxFields];
    public int Count;
    public bool Http11, KeepAlive, Chunked, UpgradeNamed;
    public long ContentLength;
    public int Upgrade, HeadEnd;
    private bool _close, _persist, _hasNominated;
    private int _transferEncodings;

    protected void Reset(int headEnd)
    {
        Count = 0;
        ContentLength = -1;
        Chunked = UpgradeNamed = _close = _persist = _hasNominated = false;
        Upgrade = -1;
        _transferEncodings = 0;
        HeadEnd = headEnd;
    }

    /// <summary>Reads the field lines from <paramref name="at"/> to the empty line. Null: well formed.</summary>
    protected string? ReadFields(byte[] buffer, int at)
    {
        while (true)
        {
            var rest = buffer.AsSpan(at, HeadEnd - at);
            var cr = rest.IndexOf((byte)'\r');
            if (cr < 0 || rest[cr + 1] != '\n') return "a line does not end in CRLF";
            if (cr == 0) break;
            if (Count == MaxFields) return TooManyFields;
            var line = rest[..cr];
            var colon = line.IndexOf((byte)':');
            if (line[0] is (byte)' ' or (byte)'\t') return "a header field is folded over several lines";
            if (colon <= 0 || !HttpSyntax.IsToken(line[..colon])) return "a header field name is malformed";
            var valueStart = colon + 1;
            var valueEnd = cr;
            while (valueStart < valueEnd && line[valueStart] is (byte)' ' or (byte)'\t') valueStart++;
            while (valueEnd > valueStart && line[valueEnd - 1] is (byte)' ' or (byte)'\t') valueEnd--;
            var value = line[valueStart..valueEnd];
            if (!HttpSyntax.IsValue(value)) return "a header field value holds a control character";
            var id = HeaderIds.Of(line[..colon]);
            Fields[Count++] = new()
            {
                Start = at, NameLength = colon, ValueStart = at + valueStart, ValueLength = value.Length, End = at + cr + 2, Id = id,
            };
            if (id != HeaderId.Other && Note(id, value) is { } problem) return problem;
            at += cr + 2;
        }
        KeepAlive = !_close && (Http11 || _persist);
        if (_hasNominated) DropNominated(buffer);
        return null;
    }

    public ReadOnlySpan<byte> Value(byte[] buffer, in HeaderField field) => buffer.AsSpan(field.ValueStart, field.ValueLength);

    public bool Asks(byte[] buffer, HeaderId id, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Fields[i].Id != id) continue;
            value = Value(buffer, Fields[i]);
            return true;
        }
        value = [];
        return false;
    }

    private string? Note(HeaderId id, ReadOnlySpan<byte> value)
    {
        switch (id)
        {
            case HeaderId.ContentLength:
                if (ContentLength >= 0) return "Content-Length is given more than once";
                return HttpSyntax.TryLength(value, out ContentLength) ? null : "Content-Length is not a number";
            case HeaderId.TransferEncoding:
                if (++_transferEncodings > 1) return "Transfer-Encoding is given more than once";
                if (!HttpSyntax.Same(value, "chunked"u8)) return OtherCoding;
                Chunked = true;
                return null;
            case HeaderId.Upgrade:
                Upgrade = Count - 1;
                return null;
            case HeaderId.Connection:
                while (HttpSyntax.NextMember(ref value, out var member))
                {
                    if (HttpSyntax.Same(member, "close"u8)) _close = true;
                    else if (HttpSyntax.Same(member, "keep-alive"u8)) _persist = true;
                    else if (HttpSyntax.Same(member, "upgrade"u8)) UpgradeNamed = true;
                    else _hasNominated = true;
                }
                return null;
            default:
                return null;
        }
    }

    private void DropNominated(byte[] buffer)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Fields[i].Id != HeaderId.Connection) continue;
            var names = Value(buffer, Fields[i]);
            while (HttpSyntax.NextMember(ref names, out var name))
            {
                for (var j = 0; j < Count; j++)
                {
                    ref var field = ref Fields[j];
                    if (HeaderIds.MayBeNominated(field.Id) && System.Text.Ascii.EqualsIgnoreCase(buffer.AsSpan(field.Start, field.NameLength), name))
                        field.Id = HeaderId.Hop;
                }
            }
        }
    }
}
