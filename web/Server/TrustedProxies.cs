using Microsoft.AspNetCore.HttpOverrides;

namespace ProdSprint.Server;

/// <summary>
/// Who asks, when a proxy asks for them: the nearest address that is no trusted proxy's, read from the right, because what stands further left was written by whoever asked the
/// proxy. Before everything else, so that limits, the audit log's origin and the scheme are one thing for all. A host name is never taken from a header.
/// </summary>
public static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var networks = app.Services.GetRequiredService<ListenOptions>().TrustedNetworks;
        if (networks.Count == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        // The framework trusts the loopback by itself; here only what is named is.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
