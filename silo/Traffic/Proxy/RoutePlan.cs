using System.Collections.Immutable;
using System.Text;

namespace ProdSprint.Traffic;

/// <summary>An environment's orders, compiled for choosing. Immutable: a change of weights is one reference swapped.</summary>
internal sealed class RoutePlan
{
    private readonly BackendRuntime[] _choices;
    private readonly int[] _ceilings;
    private readonly BackendRuntime[] _stable;
    private readonly (string Name, BackendRuntime[] Backends)[] _versions;

    public RoutePlan(EnvironmentRoutes orders, int? port, Func<BackendRoute, BackendRuntime> runtimeOf)
    {
        Orders = orders;
        Port = port;
        All = [.. orders.Backends.Select(runtimeOf)];
        // Canaries take the lowest positions in a fixed order and the stable version the rest: a growing canary only ever gains positions.
        var weighted = orders.Backends.Select((b, i) => (Order: b, Runtime: All[i]))
            .Where(x => x.Order.Weight > 0)
            .OrderBy(x => x.Order.Stable).ThenBy(x => x.Order.Version, StringComparer.Ordinal).ThenBy(x => x.Order.Address, StringComparer.Ordinal).ToArray();
        _choices = [.. weighted.Select(x => x.Runtime)];
        _ceilings = new int[weighted.Length];
        for (int i = 0, sum = 0; i < weighted.Length; i++) _ceilings[i] = sum += weighted[i].Order.Weight;
        _stable = [.. orders.Backends.Select((b, i) => (b, All[i])).Where(x => x.b.Stable).Select(x => x.Item2)];
        _versions = [.. orders.Backends.Select((b, i) => (b, All[i])).GroupBy(x => x.b.Version).Select(g => (g.Key, g.Select(x => x.Item2).ToArray()))];
        CookieName = Encoding.ASCII.GetBytes(orders.Options.CookieName ?? "prodsprint-position");
        ConnectMs = Ms(orders.Options.Connect);
        FirstByteMs = Ms(orders.Options.FirstByte);
        IdleMs = Ms(orders.Options.Idle);
    }

    public EnvironmentRoutes Orders { get; }
    public int? Port { get; }
    public BackendRuntime[] All { get; }
    public byte[] CookieName { get; }
    public int ConnectMs { get; }
    public int FirstByteMs { get; }
    public int IdleMs { get; }
    public bool Sticky => Orders.Options.Sticky;
    public bool HeaderOverride => Orders.Options.HeaderOverride;

    /// <summary>Whose turn a position (0 to 9,999) is, whether it can be reached or not; null when no version has weight.</summary>
    public BackendRuntime? At(int position)
    {
        for (var i = 0; i < _ceilings.Length; i++)
            if (position < _ceilings[i]) return _choices[i];
        return null;
    }

    /// <summary>A backend that may serve in place of <paramref name="wanted"/>: of its version first, else (unless pinned to it) a stable one.</summary>
    public BackendRuntime? InPlaceOf(BackendRuntime wanted, ReadOnlySpan<BackendRuntime?> tried, bool pinned)
    {
        foreach (var candidate in Of(wanted.Version.Name))
            if (candidate.Reachable && !tried.Contains(candidate)) return candidate;
        if (pinned) return null;
        foreach (var candidate in _stable)
            if (candidate.Reachable && !tried.Contains(candidate)) return candidate;
        return null;
    }

    /// <summary>The backends of a version; empty when it is not known.</summary>
    public BackendRuntime[] Of(string version)
    {
        foreach (var (name, backends) in _versions)
            if (name == version) return backends;
        return [];
    }

    public BackendRuntime[] Of(ReadOnlySpan<byte> version)
    {
        foreach (var (name, backends) in _versions)
            if (Ascii.Equals(version, name)) return backends;
        return [];
    }

    public IEnumerable<string> VersionNames => _versions.Select(v => v.Name);

    private static int Ms(TimeSpan time) => (int)Math.Clamp(time.TotalMilliseconds, 1, int.MaxValue / 2);
}
