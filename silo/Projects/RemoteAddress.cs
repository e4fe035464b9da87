using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// Whom a git URL names. Only what everybody who reads it takes apart in the same way: no escapes or brackets in the host, no second @ before the path. Otherwise one host could
/// be looked at here, and curl or ssh connect to another one.
/// </summary>
/// <param name="Scheme">https, http or ssh.</param>
/// <param name="Host">In lower case.</param>
internal sealed partial record RemoteAddress(string Scheme, string Host, int Port)
{
    /// <summary>Whether it names a host at all, well or badly: everything else is a path.</summary>
    public static bool IsMeant(string source) => SourceAddress.Transports.Any(t => source.StartsWith(t, StringComparison.OrdinalIgnoreCase)) || Short().IsMatch(source);

    /// <summary>Null: it is not of the plain form.</summary>
    public static RemoteAddress? Read(string source)
    {
        if (Short().Match(source) is { Success: true } s) return Of("ssh", s.Groups["host"].Value, 22);
        if (Long().Match(source) is not { Success: true } m) return null;
        var scheme = m.Groups["scheme"].Value.ToLowerInvariant();
        var port = m.Groups["port"].Value is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : scheme switch { "https" => 443, "http" => 80, _ => 22 };
        return port is 0 or > 65535 ? null : Of(scheme, m.Groups["host"].Value, port);
    }

    /// <summary>An address that is written in another way than usual (0x7f.1) is not read by all alike.</summary>
    private static RemoteAddress? Of(string scheme, string host, int port) =>
        IPAddress.TryParse(host, out var address) && address.ToString() != host ? null : new(scheme, host.ToLowerInvariant(), port);

    private const string Person = "[A-Za-z0-9_][A-Za-z0-9._%+-]*@";
    private const string Name = "(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)";

    [GeneratedRegex($@"\A(?<scheme>https?|ssh)://(?:{Person})?{Name}(?::(?<port>[0-9]{{1,5}}))?(?:/[^\s\\]*)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Long();

    /// <summary>user@host:path, the short form of ssh.</summary>
    [GeneratedRegex($@"\A{Person}{Name}:[^\s\\:-][^\s\\]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Short();
}
