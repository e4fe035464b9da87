using System.Collections.Immutable;
using System.Globalization;

namespace ProdSprint.Traffic;

/// <summary>
/// An environment as HAProxy has it: a fixed number of server slots, of which some hold a backend. A backend keeps its slot while it is ordered and,
/// after that, until nothing is in flight on it, so that an answer on its way is never labelled with another version.
/// </summary>
internal sealed class HaProxyEnvironment(string id, EnvironmentRoutes orders, int? port)
{
    private readonly BackendRoute?[] _slots = new BackendRoute?[HaProxyOptions.Slots];

    public string Id => id;
    public EnvironmentRoutes Orders { get; private set; } = orders;
    public int? Port { get; set; } = port;
    public IReadOnlyList<BackendRoute?> Slots => _slots;

    /// <summary>Gives every ordered backend a slot; false when more backends are ordered or draining than there are slots.</summary>
    public bool TryUse(EnvironmentRoutes orders, Func<int, bool> isIdle)
    {
        var slots = (BackendRoute?[])_slots.Clone();
        var waiting = orders.Backends.ToList();
        for (var i = 0; i < slots.Length; i++)
        {
            var there = slots[i];
            var still = there is null ? null : waiting.Find(b => b.Version == there.Version && b.Address == there.Address);
            if (still is not null) waiting.Remove(still);
            slots[i] = still ?? (there is not null ? there with { Weight = 0, Stable = false, Healthy = false } : null);
        }
        foreach (var backend in waiting)
        {
            var free = Array.IndexOf(slots, null);
            for (var i = 0; free < 0 && i < slots.Length; i++)
                if (!orders.Backends.Any(b => b.Version == slots[i]!.Version && b.Address == slots[i]!.Address) && isIdle(i)) free = i;
            if (free < 0) return false;
            slots[free] = backend;
        }
        slots.CopyTo(_slots, 0);
        Orders = orders;
        return true;
    }

    /// <summary>Ceilings and slots in order, e.g. <c>100:s2:10000:s1</c>: one map entry, so a change of all weights is one write.</summary>
    public string Plan()
    {
        var parts = new List<string>();
        var sum = 0;
        foreach (var (backend, i) in _slots.Select((b, i) => (b, i)).Where(x => x.b is { Weight: > 0 })
            .OrderBy(x => x.b!.Stable).ThenBy(x => x.b!.Version, StringComparer.Ordinal).ThenBy(x => x.b!.Address, StringComparer.Ordinal))
        {
            sum += backend!.Weight;
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{sum}:{SlotName(i)}"));
        }
        return parts.Count == 0 ? "none" : string.Join(':', parts);
    }

    public static string SlotName(int slot) => string.Create(CultureInfo.InvariantCulture, $"s{slot + 1}");

    /// <summary>The stable backends that step in for others; twice the same one when there is one, as HAProxy waits a second before its only choice.</summary>
    public (BackendRoute? First, BackendRoute? Second) StandIns()
    {
        var stable = Orders.Backends.Where(b => b.Stable && b.Healthy).ToArray();
        return stable.Length == 0 ? (null, null) : (stable[0], stable[stable.Length > 1 ? 1 : 0]);
    }

    /// <summary>Every server line: its name, its backend (null: out of use).</summary>
    public IEnumerable<(string Server, BackendRoute? Backend)> Servers()
    {
        for (var i = 0; i < _slots.Length; i++) yield return (SlotName(i), _slots[i]);
        var (first, second) = StandIns();
        yield return ("f1", first);
        yield return ("f2", second);
    }

    /// <summary>The first slot of each ordered version: where the header override leads.</summary>
    public ImmutableSortedDictionary<string, string> Pins() => _slots
        .Select((b, i) => (b, i)).Where(x => x.b is not null && Orders.Backends.Any(o => o.Version == x.b.Version && o.Address == x.b.Address))
        .GroupBy(x => x.b!.Version).ToImmutableSortedDictionary(g => g.Key, g => SlotName(g.First().i), StringComparer.Ordinal);
}
