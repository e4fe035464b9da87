using System.Collections.Concurrent;

namespace ProdSprint.Live;

/// <summary>Who looks at what, so that nothing is computed that nobody looks at. A connection is counted once for each group.</summary>
public sealed class LiveAudience
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _groups = new(StringComparer.Ordinal);

    public bool Looks(string group) => _groups.TryGetValue(group, out var connections) && !connections.IsEmpty;

    public void Enter(string group, string connection) => _groups.GetOrAdd(group, static _ => new(StringComparer.Ordinal))[connection] = 0;

    public void Leave(string group, string connection)
    {
        if (_groups.TryGetValue(group, out var connections)) connections.TryRemove(connection, out _);
    }

    /// <summary>The connection is gone, from every group.</summary>
    public void Left(string connection)
    {
        foreach (var connections in _groups.Values) connections.TryRemove(connection, out _);
    }
}
