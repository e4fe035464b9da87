using System.ComponentModel;
using System.Net;

namespace ProdSprint.Traffic;

internal sealed partial class RouterCore
{
    /// <summary>
    /// In force first, on the disk second, answered third: a rollback is not kept waiting for a disk, and what was answered survives a crash.
    /// </summary>
    public async Task<RouteAck> ApplyAsync(EnvironmentRoutes routes)
    {
        routes = OrdersValidation.Normalised(routes);
        var place = PlaceOf(routes.Workspace, routes.Project, routes.Environment);
        await place.Turn.WaitAsync();
        try
        {
            var inForce = place.Runtime.Plan?.Orders.Revision ?? 0;
            if (OrdersValidation.Problems(routes) is { } problems) return new(RouteOutcome.Refused, inForce, place.Listener?.Port, problems);
            if (routes.Revision < inForce)
            {
                return new(RouteOutcome.Stale, inForce, place.Listener?.Port,
                    $"Revision {routes.Revision} is older than {inForce}, which is in force. Another owner has taken over: read the environment again before ordering.");
            }
            if (routes.Revision == inForce) return new(RouteOutcome.Unchanged, inForce, place.Listener?.Port, null);
            Listener? replaced;
            lock (_table)
            {
                if (Conflict(place, routes) is { } conflict) return new(RouteOutcome.Refused, inForce, place.Listener?.Port, conflict);
                try
                {
                    replaced = MovePort(place, routes.Port);
                }
                catch (Win32Exception e)
                {
                    return new(RouteOutcome.Refused, inForce, place.Listener?.Port,
                        routes.Port is null && _options.Ports is { } range
                            ? $"No port of {range} can be opened ({e.Message}). Widen the router's --ports (Router__Ports) and start it again."
                            : $"Port {routes.Port} cannot be opened ({e.Message}). Free it, or order another (null lets the router choose).");
                }
                var hosts = place.Runtime.Plan?.Orders.Hosts ?? [];
                place.Runtime.Use(routes, place.Listener?.Port);
                if (!hosts.SequenceEqual(routes.Hosts)) RefreshHosts();
            }
            if (replaced is not null) _acceptor.Remove(replaced);
            await _store.WriteAsync(routes, place.Listener?.Port, CancellationToken.None);
            await Task.WhenAll(_loops.Select(loop => loop.BarrierAsync()));
            return new(RouteOutcome.Applied, routes.Revision, place.Listener?.Port, null);
        }
        finally
        {
            place.Turn.Release();
        }
    }

    public async Task RemoveAsync(string workspace, string project, string environment)
    {
        if (!_places.TryGetValue((workspace, project, environment), out var place)) return;
        await place.Turn.WaitAsync();
        try
        {
            _store.Remove(workspace, project, environment);
            place.Runtime.Retire();
            place.WantedPort = null;
            if (place.Listener is { } listener) _acceptor.Remove(listener);
            place.Listener = null;
            lock (_table) RefreshHosts();
            await Task.WhenAll(_loops.Select(loop => loop.BarrierAsync()));
        }
        finally
        {
            place.Turn.Release();
        }
    }

    private Place PlaceOf(string workspace, string project, string environment) =>
        _places.GetOrAdd((workspace, project, environment), key => new(new(key.Item1, key.Item2, key.Item3, _time, _options.Loops)));

    private string? Conflict(Place mine, EnvironmentRoutes routes)
    {
        foreach (var other in _places.Values)
        {
            if (other == mine || other.Runtime.Plan is not { } plan) continue;
            var name = $"{other.Runtime.Workspace}/{other.Runtime.Project}/{other.Runtime.Name}";
            if (routes.Hosts.FirstOrDefault(plan.Orders.Hosts.Contains) is { } host) return $"Host {host} belongs to {name}. Remove it there first.";
            if (routes.Port is > 0 && other.Listener?.Port == routes.Port) return $"Port {routes.Port} belongs to {name}. Order another (null lets the router choose).";
        }
        return null;
    }

    /// <summary>Opens the port that is wanted unless it is open; the listener to close once the new orders are in force.</summary>
    private Listener? MovePort(Place place, int? wanted)
    {
        var before = place.Listener;
        // A port chosen once is kept: clients have it.
        if (wanted is null ? before is not null || place.WantedPort is not null : before?.Port == wanted) return null;
        place.WantedPort = null;
        place.Listener = wanted == EnvironmentRoutes.NoPort ? null : wanted is { } named ? Open(place, named) : OpenAny(place);
        return before;
    }

    private Listener OpenAny(Place place)
    {
        if (_options.Ports is not { } range) return Open(place, 0);
        for (var port = range.First; ; port++)
        {
            try
            {
                return Open(place, port);
            }
            catch (Win32Exception) when (port < range.Last)
            {
                // Taken, by another environment or another program.
            }
        }
    }

    private Listener Open(Place place, int port)
    {
        var fd = Posix.Listen(new IPEndPoint(_options.BindAddress, port), out var bound);
        var listener = new Listener(fd, bound, new OwnPortSource(place.Runtime));
        _acceptor.Add(listener);
        return listener;
    }

    private void Restore(OrdersStore.Kept kept)
    {
        var routes = OrdersValidation.Normalised(kept.Routes);
        var place = PlaceOf(routes.Workspace, routes.Project, routes.Environment);
        place.Runtime.Use(routes, kept.Port);
        place.WantedPort = kept.Port;
        place.Turn.Wait();
        RetryPort(place);
    }

    /// <summary>Called with the place's turn taken, and gives it back.</summary>
    private void RetryPort(Place place)
    {
        try
        {
            if (place.WantedPort is not { } port) return;
            place.Listener = Open(place, port);
            place.WantedPort = null;
        }
        catch (Win32Exception e)
        {
            PortTaken(_logger, place.WantedPort ?? 0, place.Runtime.Workspace, place.Runtime.Project, place.Runtime.Name, e);
        }
        finally
        {
            place.Turn.Release();
        }
    }

    private void RefreshHosts() =>
        _hosts.Use(_places.Values.Where(p => p.Runtime.Plan is not null)
            .SelectMany(p => p.Runtime.Plan!.Orders.Hosts.Select(host => KeyValuePair.Create(host, p.Runtime))));
}
