namespace ProdSprint.Traffic;

/// <summary>One environment within the router. Loops read <see cref="Plan"/> once per request; only the table's owner writes it.</summary>
internal sealed class EnvironmentRuntime(string workspace, string project, string name, TimeProvider time, int loops)
{
    /// <summary>Coprime to 10,000 and near its golden section: consecutive turns fall far apart, and every 10,000 requests hit each position once.</summary>
    private const ulong Stride = 6_181;

    private readonly Dictionary<string, VersionRuntime> _versions = [];
    private readonly TimeProvider _time = time;
    private ulong _turn;
    private volatile RoutePlan? _plan;

    public string Workspace => workspace;
    public string Project => project;
    public string Name => name;
    public RoutePlan? Plan => _plan;
    public int? Port => _plan?.Port;

    /// <summary>Where requests are counted that no version was found for.</summary>
    public VersionRuntime Unattributed { get; } = new(workspace, project, name, "", loops);

    /// <summary>The next position of the split; exact over every 10,000 requests and close to it over any few.</summary>
    public int NextPosition() => (int)(Interlocked.Increment(ref _turn) * Stride % EnvironmentRoutes.FullWeight);

    /// <summary>Owner only. Backends that stay keep their connections; those that go are retired.</summary>
    public void Use(EnvironmentRoutes orders, int? port)
    {
        // Versions gone since the orders before these: no request can be on its way to entering one any more.
        var named = _plan?.VersionNames ?? [];
        foreach (var idle in _versions.Keys.Except(named).Where(v => _versions[v].InFlight == 0).ToArray()) _versions.Remove(idle);
        var before = _plan?.All ?? [];
        var plan = new RoutePlan(orders, port, order => Find(before, order));
        foreach (var gone in before.Except(plan.All)) gone.Retired = true;
        _plan = plan;
    }

    /// <summary>Owner only.</summary>
    public void Retire()
    {
        foreach (var backend in _plan?.All ?? []) backend.Retired = true;
        _plan = null;
    }

    /// <summary>Owner only.</summary>
    public EnvironmentStatus Status()
    {
        var plan = _plan;
        var ordered = plan?.Orders.Backends ?? [];
        return new(workspace, project, name, plan?.Orders.Revision ?? 0, plan?.Port,
        [
            .. _versions.Values.Select(version => new VersionStatus(
                version.Name,
                ordered.Where(b => b.Version == version.Name).Sum(b => b.Weight),
                version.InFlight,
                plan?.Of(version.Name).Length ?? 0,
                plan?.Of(version.Name).Count(b => b.Reachable) ?? 0)).Where(v => v.Backends > 0 || v.InFlight > 0).OrderBy(v => v.Version, StringComparer.Ordinal),
        ]);
    }

    public long InFlight(string version) => _versions.TryGetValue(version, out var runtime) ? runtime.InFlight : 0;

    private BackendRuntime Find(BackendRuntime[] before, BackendRoute order)
    {
        if (!_versions.TryGetValue(order.Version, out var version))
            _versions[order.Version] = version = new(workspace, project, name, order.Version, loops);
        var backend = Array.Find(before, b => b.Address == order.Address && b.Version == version) ?? new(version, order.Address, _time, loops);
        backend.Healthy = order.Healthy;
        return backend;
    }
}
