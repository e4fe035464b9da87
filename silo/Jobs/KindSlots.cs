using System.Collections.Frozen;

namespace ProdSprint.Jobs;

/// <summary>
/// Keeps kinds with a limit within it, over all tenants and for each of them. What has no slot is not fetched: a job that waited here would keep another
/// tenant's from being chosen when a slot becomes free.
/// </summary>
/// <param name="tenantLimits">Of one workspace and kind; null: only the kind's own limit.</param>
internal sealed class KindSlots(IEnumerable<string> kinds, IReadOnlyDictionary<string, int> limits, Func<string, string, int?>? tenantLimits)
{
    private readonly string[] _kinds = [.. kinds];
    private readonly FrozenSet<string> _limited = limits.Keys.ToFrozenSet(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Workspace, string Kind), int> _ofTenant = [];

    /// <summary>Kinds that may be fetched now, and how many of each.</summary>
    public (string[] Kinds, int[] Free) Open()
    {
        lock (_lock)
        {
            var open = _kinds.Select(k => (Kind: k, Free: limits.TryGetValue(k, out var limit) ? limit - _taken.GetValueOrDefault(k) : int.MaxValue)).Where(k => k.Free > 0).ToArray();
            return ([.. open.Select(k => k.Kind)], [.. open.Select(k => k.Free)]);
        }
    }

    /// <summary>How many of a kind a tenant that has some running may still have.</summary>
    public (string Workspace, string Kind, int Left)[] Tenants()
    {
        lock (_lock) return [.. _ofTenant.Select(t => (t.Key.Workspace, t.Key.Kind, Math.Max(0, (tenantLimits?.Invoke(t.Key.Workspace, t.Key.Kind) ?? int.MaxValue) - t.Value)))];
    }

    /// <summary>How many of a limited kind a tenant with none running may have fetched at once; the more generous ones of a tenant come with the next fetch.</summary>
    public int[] First(string[] open) => [.. open.Select(k => _limited.Contains(k) ? tenantLimits?.Invoke("", k) ?? int.MaxValue : int.MaxValue)];

    public bool IsLimited(string kind) => _limited.Contains(kind);

    public void Take(Job job)
    {
        if (!_limited.Contains(job.Kind)) return;
        lock (_lock)
        {
            _taken[job.Kind] = _taken.GetValueOrDefault(job.Kind) + 1;
            _ofTenant[(job.Workspace, job.Kind)] = _ofTenant.GetValueOrDefault((job.Workspace, job.Kind)) + 1;
        }
    }

    /// <summary>True: a slot became free that the queue may have something for.</summary>
    public bool Release(Job job)
    {
        if (!_limited.Contains(job.Kind)) return false;
        lock (_lock)
        {
            _taken[job.Kind]--;
            if (--_ofTenant[(job.Workspace, job.Kind)] == 0) _ofTenant.Remove((job.Workspace, job.Kind));
            return true;
        }
    }
}
