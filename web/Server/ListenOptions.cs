using System.Net;
using Microsoft.Extensions.Options;

namespace ProdSprint.Server;

/// <summary>Where the server listens and under which names it answers: section <c>Server</c>.</summary>
public sealed class ListenOptions
{
    /// <summary>Loopback, because whoever reaches the server is believed. In a container 0.0.0.0, with its port published on the host's loopback only.</summary>
    public string Listen { get; set; } = "127.0.0.1";

    /// <summary>Host names beside the loopback's under which requests are taken, without port: another one may be a foreign page's that was made to resolve here.</summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>
    /// Origins of other sites whose pages may ask the API, e.g. <c>https://tools.example.com</c>. They bring a token: cookies are not taken from them, and live
    /// connections neither. None, until somebody needs one.
    /// </summary>
    public IList<string> Origins { get; } = [];

    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of the proxies before this server. Only from these is it believed for whom they ask (<c>X-Forwarded-For</c>) and how they were
    /// asked (<c>X-Forwarded-Proto</c>): anybody can write such a header. None, until one is named; then limits and records are about the people behind it.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>What <see cref="TrustedProxies"/> says; of one address the network of it alone.</summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks => [.. TrustedProxies.Select(p => Network(p)!.Value)];

    public IPAddress Address => IPAddress.Parse(Listen);

    public static ListenOptions Read(IConfiguration configuration)
    {
        var options = new ListenOptions();
        configuration.GetSection("Server").Bind(options);
        List<string> faults =
        [
            .. options.Origins.Where(o => !Uri.TryCreate(o, UriKind.Absolute, out var url) || url.GetLeftPart(UriPartial.Authority) != o)
                .Select(o => $"Server:Origins has '{o}', which is no origin. Write it as https://tools.example.com, without a path and not '*'."),
            .. options.TrustedProxies.Where(p => Network(p) is null).Select(p => $"Server:TrustedProxies has '{p}', which names no address, or all of them. Write it as 10.1.2.3 or 10.0.0.0/8."),
        ];
        if (!IPAddress.TryParse(options.Listen, out _)) faults.Add($"Server:Listen is '{options.Listen}', which is no IP address. Set it to 127.0.0.1, or to 0.0.0.0 in a container.");
        return faults.Count == 0 ? options : throw new OptionsValidationException("Server", typeof(ListenOptions), faults);
    }

    private static IPNetwork? Network(string text) =>
        IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8) : IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 ? network : null;
}
