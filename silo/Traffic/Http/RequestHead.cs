namespace ProdSprint.Traffic;

internal enum MethodKind : byte { Other, Get, Head, Connect }

/// <summary>A request's head. <see cref="Read"/> refuses whatever the router and a backend could understand differently (request smuggling).</summary>
internal sealed class RequestHead : MessageHead
{
    public int MethodStart, MethodLength, TargetStart, TargetLength;
    public MethodKind Method;
    public bool Idempotent, ExpectContinue;

    /// <summary>Index of the Host field, or -1 (HTTP/1.0); an absolute target's authority takes precedence and is in <see cref="AuthorityStart"/>.</summary>
    public int Host;
    public int AuthorityStart, AuthorityLength;

    public bool WantsUpgrade => UpgradeNamed && Upgrade >= 0 && Http11;
    public bool HasBody => Chunked || ContentLength > 0;

    /// <summary>Reads the head in [start, headEnd); null when it is good.</summary>
    public HttpRefusal? Read(byte[] buffer, int start, int headEnd)
    {
        Reset(headEnd);
        Host = -1;
        AuthorityLength = 0;
        ExpectContinue = false;
        var rest = buffer.AsSpan(start, headEnd - start);
        var lineEnd = rest.IndexOf((byte)'\r');
        if (lineEnd < 0 || rest[lineEnd + 1] != '\n') return Bad("the request line does not end in CRLF");
        var line = rest[..lineEnd];
        var space = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (space <= 0 || last == space) return Bad("the request line is not METHOD TARGET VERSION");
        var method = line[..space];
        var target = line[(space + 1)..last];
        var version = line[(last + 1)..];
        if (!HttpSyntax.IsToken(method)) return Bad("the method is not a token");
        if (!HttpSyntax.IsTarget(target)) return Bad("the target holds a space or control character");
        if (version.SequenceEqual("HTTP/1.1"u8)) Http11 = true;
        else if (version.SequenceEqual("HTTP/1.0"u8)) Http11 = false;
        else if (version.StartsWith("HTTP/"u8)) return new(505, "version", "HTTP version not supported", "Speak HTTP/1.1 or HTTP/1.0 to this port.");
        else return Bad("the request line does not end in an HTTP version");
        MethodStart = start;
        MethodLength = method.Length;
        TargetStart = start + space + 1;
        TargetLength = target.Length;
        Classify(method);
        return ReadFields(buffer, start + lineEnd + 2) switch
        {
            null => CheckFields(buffer, target),
            TooManyFields => HeadTooLarge,
            OtherCoding => new(501, "transfer_encoding", "Not implemented", "The only transfer coding accepted in requests is \"chunked\"."),
            var problem => Bad(problem),
        };
    }

    public ReadOnlySpan<byte> HostValue(byte[] buffer) =>
        AuthorityLength > 0 ? buffer.AsSpan(AuthorityStart, AuthorityLength) : Host >= 0 ? Value(buffer, Fields[Host]) : [];

    private HttpRefusal? CheckFields(byte[] buffer, ReadOnlySpan<byte> target)
    {
        for (var i = 0; i < Count; i++)
        {
            switch (Fields[i].Id)
            {
                case HeaderId.Host when Host >= 0: return Bad("Host is given more than once");
                case HeaderId.Host: Host = i; break;
                case HeaderId.Expect when HttpSyntax.Same(Value(buffer, Fields[i]), "100-continue"u8): ExpectContinue = true; break;
                case HeaderId.Expect: return new(417, "expectation", "Expectation failed", "Only \"Expect: 100-continue\" is understood.");
            }
        }
        if (Chunked && ContentLength >= 0) return Bad("both Content-Length and Transfer-Encoding are given");
        if (Chunked && !Http11) return Bad("Transfer-Encoding is given in HTTP/1.0");
        if (Method == MethodKind.Connect) return new(405, "connect", "Method not allowed", "This is a reverse proxy; it does not tunnel with CONNECT.");
        if (Http11 && Host < 0) return Bad("Host is missing");
        if (target[0] != '/' && !ReadAbsolute(target)) return Bad("the target is neither a path nor an absolute http URL");
        var host = HostValue(buffer);
        return host.Length > 512 || host.IndexOfAny(" \t,/@?#"u8) >= 0 ? Bad("Host is malformed") : null;
    }

    private bool ReadAbsolute(ReadOnlySpan<byte> target)
    {
        if (target.SequenceEqual("*"u8)) return Method == MethodKind.Other;
        var scheme = target.IndexOf("://"u8);
        if (scheme < 4 || !(HttpSyntax.Same(target[..scheme], "http"u8) || HttpSyntax.Same(target[..scheme], "https"u8))) return false;
        var authority = target[(scheme + 3)..];
        var path = authority.IndexOfAny("/?"u8);
        AuthorityStart = TargetStart + scheme + 3;
        AuthorityLength = path < 0 ? authority.Length : path;
        TargetStart = AuthorityStart + AuthorityLength;
        TargetLength = path < 0 ? 0 : authority.Length - path;
        return AuthorityLength > 0;
    }

    private void Classify(ReadOnlySpan<byte> method)
    {
        Method = MethodKind.Other;
        Idempotent = false;
        if (method.SequenceEqual("GET"u8)) (Method, Idempotent) = (MethodKind.Get, true);
        else if (method.SequenceEqual("HEAD"u8)) (Method, Idempotent) = (MethodKind.Head, true);
        else if (method.SequenceEqual("CONNECT"u8)) Method = MethodKind.Connect;
        else Idempotent = method.SequenceEqual("PUT"u8) || method.SequenceEqual("DELETE"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
    }

    public static HttpRefusal Bad(string what) =>
        new(400, "malformed", "Bad request", $"The request was refused because {what}. Correct the client; nothing was forwarded.");

    public static HttpRefusal HeadTooLarge { get; } = new(431, "head_too_large", "Request header fields too large",
        $"The request's head may have {ProxyLimits.MaxHead} bytes and {MaxFields} fields. Send smaller cookies or headers.");
}
