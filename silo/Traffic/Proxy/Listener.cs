using System.Collections.Frozen;
using System.Text;

namespace ProdSprint.Traffic;

/// <summary>A listening port: an environment's own, or the shared one that looks at Host.</summary>
internal sealed class Listener(int fd, int port, IEnvironmentSource source)
{
    public int Fd => fd;
    public int Port => port;
    public IEnvironmentSource Source => source;
}

/// <summary>The source of an environment's own port: whatever Host the request names.</summary>
internal sealed class OwnPortSource(EnvironmentRuntime environment) : IEnvironmentSource
{
    public VersionRuntime Unattributed => environment.Unattributed;
    public EnvironmentRuntime Find(ReadOnlySpan<byte> host) => environment;
}

/// <summary>The source of the shared port: exact names first, then the longest <c>*.suffix</c>.</summary>
internal sealed class HostSource(int loops) : IEnvironmentSource
{
    private volatile FrozenDictionary<string, EnvironmentRuntime> _hosts = FrozenDictionary<string, EnvironmentRuntime>.Empty;

    public VersionRuntime Unattributed { get; } = new("", "", "", "", loops);

    public void Use(IEnumerable<KeyValuePair<string, EnvironmentRuntime>> hosts) => _hosts = hosts.ToFrozenDictionary(StringComparer.Ordinal);

    public EnvironmentRuntime? Find(ReadOnlySpan<byte> host)
    {
        var colon = host.LastIndexOf((byte)':');
        if (colon >= 0) host = host[..colon];
        var name = Encoding.Latin1.GetString(host).ToLowerInvariant();
        var hosts = _hosts;
        if (hosts.TryGetValue(name, out var found)) return found;
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
            if (hosts.TryGetValue("*" + name[dot..], out found)) return found;
        return null;
    }
}
