namespace ProdSprint.Traffic;

internal enum HeaderId : byte
{
    Other, Host, Connection, KeepAlive, ProxyConnection, Te, TransferEncoding, ContentLength, Upgrade, Expect, Cookie,
    Forwarded, ForwardedFor, ForwardedProto, ForwardedHost, Version, ServedBy,
    /// <summary>Named by Connection, so it ends here.</summary>
    Hop,
}

/// <summary>A header field as positions in the buffer it was read into.</summary>
internal struct HeaderField
{
    public int Start, NameLength, ValueStart, ValueLength, End;
    public HeaderId Id;
}

internal static class HeaderIds
{
    public static HeaderId Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when HttpSyntax.Same(name, "te"u8) => HeaderId.Te,
        4 when HttpSyntax.Same(name, "host"u8) => HeaderId.Host,
        6 when HttpSyntax.Same(name, "expect"u8) => HeaderId.Expect,
        6 when HttpSyntax.Same(name, "cookie"u8) => HeaderId.Cookie,
        7 when HttpSyntax.Same(name, "upgrade"u8) => HeaderId.Upgrade,
        9 when HttpSyntax.Same(name, "forwarded"u8) => HeaderId.Forwarded,
        10 when HttpSyntax.Same(name, "connection"u8) => HeaderId.Connection,
        10 when HttpSyntax.Same(name, "keep-alive"u8) => HeaderId.KeepAlive,
        14 when HttpSyntax.Same(name, "content-length"u8) => HeaderId.ContentLength,
        15 when HttpSyntax.Same(name, "x-forwarded-for"u8) => HeaderId.ForwardedFor,
        16 when HttpSyntax.Same(name, "x-forwarded-host"u8) => HeaderId.ForwardedHost,
        16 when HttpSyntax.Same(name, "proxy-connection"u8) => HeaderId.ProxyConnection,
        17 when HttpSyntax.Same(name, "transfer-encoding"u8) => HeaderId.TransferEncoding,
        17 when HttpSyntax.Same(name, "x-forwarded-proto"u8) => HeaderId.ForwardedProto,
        20 when HttpSyntax.Same(name, "x-prodsprint-version"u8) => HeaderId.Version,
        22 when HttpSyntax.Same(name, "x-prodsprint-served-by"u8) => HeaderId.ServedBy,
        _ => HeaderId.Other,
    };

    /// <summary>Fields that "Connection: NAME" may not take away, or a client could change how the message is read behind the router.</summary>
    public static bool MayBeNominated(HeaderId id) => id == HeaderId.Other;
}
