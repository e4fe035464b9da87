namespace ProdSprint.Traffic;

/// <summary>The head of a backend's answer.</summary>
internal sealed class ResponseHead : MessageHead
{
    public int Status;
    public int ReasonStart, ReasonLength;

    /// <summary>Null when the head in [start, headEnd) is good, else what is wrong with it.</summary>
    public string? Read(byte[] buffer, int start, int headEnd)
    {
        Reset(headEnd);
        var rest = buffer.AsSpan(start, headEnd - start);
        var lineEnd = rest.IndexOf((byte)'\r');
        if (lineEnd < 12 || rest[lineEnd + 1] != '\n') return "its status line is malformed";
        var line = rest[..lineEnd];
        if (!line.StartsWith("HTTP/1."u8) || line[8] != ' ' || line[7] is not ((byte)'0' or (byte)'1')) return "it does not speak HTTP/1";
        Http11 = line[7] == '1';
        if (!HttpSyntax.TryLength(line.Slice(9, 3), out var status) || status < 100 || (lineEnd > 12 && line[12] != ' ')) return "its status is not a number";
        Status = (int)status;
        ReasonStart = start + Math.Min(lineEnd, 13);
        ReasonLength = Math.Max(0, lineEnd - 13);
        if (ReasonLength > 0 && !HttpSyntax.IsValue(buffer.AsSpan(ReasonStart, ReasonLength))) return "its reason phrase holds a control character";
        return ReadFields(buffer, start + lineEnd + 2);
    }

    /// <summary>How the body after this head ends (RFC 9112, 6.3).</summary>
    public BodyKind Framing(MethodKind method)
    {
        if (method == MethodKind.Head || Status is < 200 or 204 or 304) return BodyKind.None;
        if (Chunked) return BodyKind.Chunked;
        if (ContentLength >= 0) return ContentLength == 0 ? BodyKind.None : BodyKind.Length;
        return BodyKind.UntilClose;
    }
}
