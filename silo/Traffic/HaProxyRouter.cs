using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Traffic;

/// <summary>
/// HAProxy 2.6 or newer as the router. Releases move weights, addresses and states through its runtime socket; a new environment, port, host or option is a
/// hitless reload. The configuration on the disk always says what is in force, so HAProxy serves the same after a restart of its own.
/// </summary>
public sealed partial class HaProxyRouter : ITrafficRouter, IAsyncDisposable
{
    private readonly HaProxyOptions _options;
    private readonly TimeProvider _time;
    private readonly HaProxyRuntime _runtime;
    private readonly HaProxyReports _reports;
    private readonly OrdersStore _store;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, HaProxyEnvironment> _environments = new();
    private FileStream? _only;

    public HaProxyRouter(HaProxyOptions options, TimeProvider time, ILogger<HaProxyRouter> logger)
    {
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems));
        _options = options with { MaxConnections = Math.Min(options.MaxConnections, (FileLimit() - 200) / 2) };
        (_time, _logger) = (time, logger);
        _runtime = new(options);
        _reports = new(options, id => _environments.GetValueOrDefault(id), time, logger);
        _store = new(options.OrdersDirectory);
    }

    public async Task<RouteAck> ApplyAsync(EnvironmentRoutes routes, CancellationToken cancellation = default)
    {
        routes = OrdersValidation.Normalised(routes);
        await _turn.WaitAsync(cancellation);
        try
        {
            var id = IdOf(routes.Workspace, routes.Project, routes.Environment);
            var there = _environments.GetValueOrDefault(id);
            var inForce = there?.Orders.Revision ?? 0;
            if ((OrdersValidation.Problems(routes) ?? Conflict(id, routes)) is { } problems) return new(RouteOutcome.Refused, inForce, there?.Port, problems);
            if (routes.Revision < inForce)
            {
                return new(RouteOutcome.Stale, inForce, there?.Port,
                    $"Revision {routes.Revision} is older than {inForce}, which is in force. Another owner has taken over: read the environment again before ordering.");
            }
            if (routes.Revision == inForce) return new(RouteOutcome.Unchanged, inForce, there?.Port, null);
            return await ChangeAsync(id, there, routes);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task RemoveAsync(string workspace, string project, string environment, CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_environments.TryRemove(IdOf(workspace, project, environment), out _)) return;
            _store.Remove(workspace, project, environment);
            await WriteFilesAsync();
            await _runtime.ReloadAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<RouterStatus> StatusAsync(CancellationToken cancellation = default)
    {
        var sessions = await _runtime.SessionsAsync();
        var identity = RouterPid();
        var environments = _environments.Values.OrderBy(e => (e.Orders.Workspace, e.Orders.Project, e.Orders.Environment)).Select(e => Status(e, sessions)).ToArray();
        return new(_reports.Buffer.Instance, "haproxy", identity, _startedAt, _options.SharedPort, [.. environments], _reports.Buffer.Rows,
            _reports.Buffer.Dropped + _reports.Missing(environments.Sum(e => e.Versions.Sum(v => v.InFlight))));
    }

    public async Task<bool> WaitDrainedAsync(
        string workspace, string project, string environment, string version, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var until = _time.GetUtcNow() + timeout;
        while (_environments.TryGetValue(IdOf(workspace, project, environment), out var there) && InFlight(there, version, await _runtime.SessionsAsync()) > 0)
        {
            if (_time.GetUtcNow() >= until) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellation);
        }
        return true;
    }

    public async IAsyncEnumerable<TrafficReportBatch> ReportsAsync(ReportCursor? after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            var batch = _reports.Buffer.Next(after, out var changed);
            if (batch is null)
            {
                await changed.WaitAsync(cancellation);
                continue;
            }
            after = new(batch.Router, batch.Sequence);
            yield return batch;
        }
    }

    public Task AcknowledgeAsync(ReportCursor upTo, CancellationToken cancellation = default)
    {
        _reports.Buffer.Acknowledge(upTo);
        return Task.CompletedTask;
    }

    /// <summary>Lets go of HAProxy, which goes on serving; another driver may take it over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reports.DisposeAsync();
        if (_only is not null) await _only.DisposeAsync();
        _turn.Dispose();
    }

    private static EnvironmentStatus Status(HaProxyEnvironment environment, Dictionary<(string, string), long> sessions)
    {
        var orders = environment.Orders;
        var versions = environment.Slots.OfType<BackendRoute>().Select(b => b.Version).Distinct().Order(StringComparer.Ordinal).Select(version =>
        {
            var ordered = orders.Backends.Where(b => b.Version == version).ToArray();
            return new VersionStatus(version, ordered.Sum(b => b.Weight), InFlight(environment, version, sessions), ordered.Length, ordered.Count(b => b.Healthy));
        });
        return new(orders.Workspace, orders.Project, orders.Environment, orders.Revision, environment.Port,
            [.. versions.Where(v => v.Backends > 0 || v.InFlight > 0)]);
    }

    private static long InFlight(HaProxyEnvironment environment, string version, Dictionary<(string, string), long> sessions) => environment.Servers()
        .Where(s => s.Backend?.Version == version)
        .Sum(s => sessions.GetValueOrDefault(($"env_{environment.Id}", s.Server)) + sessions.GetValueOrDefault(($"pin_{environment.Id}", s.Server)));

    private string? Conflict(string id, EnvironmentRoutes routes)
    {
        if (routes.Backends.Length > HaProxyOptions.Slots) return $"HAProxy is set up for {HaProxyOptions.Slots} backends per environment; {routes.Backends.Length} were ordered.";
        foreach (var other in _environments.Values.Where(e => e.Id != id))
        {
            var name = $"{other.Orders.Workspace}/{other.Orders.Project}/{other.Orders.Environment}";
            if (routes.Hosts.FirstOrDefault(other.Orders.Hosts.Contains) is { } host) return $"Host {host} belongs to {name}. Remove it there first.";
            if (routes.Port is > 0 && other.Port == routes.Port) return $"Port {routes.Port} belongs to {name}. Order another (null lets the router choose).";
        }
        return null;
    }

    private static string IdOf(string workspace, string project, string environment) =>
        "e" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}\n{project}\n{environment}")))[..12];

    private int RouterPid() =>
        File.Exists(_options.PidPath) && int.TryParse(File.ReadLines(_options.PidPath).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    private static int FileLimit()
    {
        var line = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        var hard = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return int.TryParse(hard, CultureInfo.InvariantCulture, out var limit) ? limit : 65_536;
    }
}
