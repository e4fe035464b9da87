namespace ProdSprint.Traffic;

internal sealed partial class ClientSession
{
    private const uint HopByHop = 1u << (int)HeaderId.Connection | 1u << (int)HeaderId.KeepAlive | 1u << (int)HeaderId.ProxyConnection
        | 1u << (int)HeaderId.Te | 1u << (int)HeaderId.TransferEncoding | 1u << (int)HeaderId.Upgrade | 1u << (int)HeaderId.Hop;

    private const uint DroppedFromRequest = HopByHop | 1u << (int)HeaderId.ForwardedFor | 1u << (int)HeaderId.ServedBy;

    private const uint Claims = 1u << (int)HeaderId.Forwarded | 1u << (int)HeaderId.ForwardedProto | 1u << (int)HeaderId.ForwardedHost;

    private bool PeerIsLoopback => (peer & 0xff) == 127;

    /// <summary>The head for the backend in <see cref="Out"/>; its length, or 0 when it does not fit.</summary>
    private int WriteRequestHead()
    {
        var request = Request;
        var w = new HeadWriter(Out);
        w.Add(In.AsSpan(request.MethodStart, request.MethodLength));
        w.Add(" "u8);
        if (request.TargetLength == 0 || In[request.TargetStart] == '?') w.Add("/"u8);
        w.Add(In.AsSpan(request.TargetStart, request.TargetLength));
        w.Add(" HTTP/1.1\r\n"u8);

        var dropped = DroppedFromRequest;
        var trusted = PeerIsLoopback && context.TrustLoopbackForwarded;
        if (!trusted) dropped |= Claims;
        if (request.AuthorityLength > 0 || request.Host < 0)
        {
            dropped |= 1u << (int)HeaderId.Host;
            w.Add("Host: "u8);
            if (request.AuthorityLength > 0) w.Add(request.HostValue(In));
            else w.Add("localhost"u8);
            w.Add("\r\n"u8);
        }
        w.AddFields(In, request, dropped);

        w.Add("X-Forwarded-For: "u8);
        if (trusted)
        {
            for (var i = 0; i < request.Count; i++)
            {
                if (request.Fields[i].Id != HeaderId.ForwardedFor) continue;
                w.Add(request.Value(In, request.Fields[i]));
                w.Add(", "u8);
            }
        }
        w.AddAddress(peer);
        if (!trusted || !request.Asks(In, HeaderId.ForwardedProto, out _)) w.Add("\r\nX-Forwarded-Proto: http"u8);
        if (request.HostValue(In) is { Length: > 0 } host && (!trusted || !request.Asks(In, HeaderId.ForwardedHost, out _)))
        {
            w.Add("\r\nX-Forwarded-Host: "u8);
            w.Add(host);
        }
        if (request.Chunked) w.Add("\r\nTransfer-Encoding: chunked"u8);
        if (WantsTunnel) w.Add("\r\nConnection: Upgrade\r\nUpgrade: websocket"u8);
        w.Add("\r\n\r\n"u8);
        return w.Overflowed ? 0 : w.Length;
    }

    /// <summary>Only WebSockets: other upgrades (h2c) would carry requests past the router unseen.</summary>
    private bool WantsTunnel =>
        Request.WantsUpgrade && HttpSyntax.Same(Request.Value(In, Request.Fields[Request.Upgrade]), "websocket"u8);

    /// <summary>The head for the client in <see cref="Out"/>; its length, or 0 when it does not fit.</summary>
    private int WriteResponseHead(int start, bool chunked, bool switching)
    {
        var response = Response;
        var w = new HeadWriter(Out);
        w.Add("HTTP/1.1"u8);
        w.Add(Up.AsSpan(start + 8, 4));
        w.Add(" "u8);
        w.Add(Up.AsSpan(response.ReasonStart, response.ReasonLength));
        w.Add("\r\n"u8);
        var dropped = HopByHop | 1u << (int)HeaderId.ServedBy;
        if (response.Chunked) dropped |= 1u << (int)HeaderId.ContentLength;
        w.AddFields(Up, response, dropped);
        if (response.Status >= 200 || switching) w.Add(_backend!.Version.ServedBy);
        if (_newPosition >= 0 && response.Status >= 200) w.Add(PositionCookie());
        if (chunked) w.Add("Transfer-Encoding: chunked\r\n"u8);
        if (switching) w.Add("Connection: Upgrade\r\nUpgrade: websocket\r\n"u8);
        else if (response.Status < 200) { }
        else if (!_keepAlive) w.Add("Connection: close\r\n"u8);
        else if (!_http11) w.Add("Connection: keep-alive\r\n"u8);
        w.Add("\r\n"u8);
        return w.Overflowed ? 0 : w.Length;
    }
}
