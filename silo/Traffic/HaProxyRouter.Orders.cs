using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Traffic;

public sealed partial class HaProxyRouter
{
    private DateTimeOffset _startedAt;

    /// <summary>Takes over the HAProxy that runs on the state directory, or starts one; either way it then serves the orders on the disk.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(_options.StateDirectory);
        try
        {
            _only = new(_options.Path("driver.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new RouterUnavailableException($"Another server drives HAProxy on {_options.StateDirectory}. Stop it, or use another directory.", e);
        }
        foreach (var kept in _store.ReadAll((path, e) => BrokenOrders(_logger, path, e)))
        {
            var routes = OrdersValidation.Normalised(kept.Routes);
            var environment = new HaProxyEnvironment(IdOf(routes.Workspace, routes.Project, routes.Environment), routes, kept.Port);
            if (environment.TryUse(routes, _ => true)) _environments[environment.Id] = environment;
        }
        _reports.Start();
        _startedAt = _time.GetUtcNow();
        var before = File.Exists(_options.ConfigPath) ? await File.ReadAllTextAsync(_options.ConfigPath, cancellation) : "";
        await WriteFilesAsync();
        if (await _runtime.TryAskAsync(_options.MasterSocket, "show proc") is null) await LaunchAsync(cancellation);
        else if (before != await File.ReadAllTextAsync(_options.ConfigPath, cancellation)) await _runtime.ReloadAsync();
    }

    private async Task<RouteAck> ChangeAsync(string id, HaProxyEnvironment? there, EnvironmentRoutes routes)
    {
        var port = routes.Port switch
        {
            null when there?.Port is { } kept => kept,
            null => FreePort(),
            EnvironmentRoutes.NoPort => (int?)null,
            var wanted => wanted,
        };
        var reload = there is null || there.Port != port || !there.Orders.Hosts.SequenceEqual(routes.Hosts) || there.Orders.Options != routes.Options;
        if (reload && port is { } p && port != there?.Port && !CanListen(p))
            return new(RouteOutcome.Refused, there?.Orders.Revision ?? 0, there?.Port, $"Port {p} cannot be opened. Free it, or order another (null lets the router choose).");
        var environment = there ?? new(id, routes, port);
        var sessions = await _runtime.SessionsAsync();
        var servers = environment.Servers().ToArray();
        var pins = environment.Pins();
        bool IsIdle(int slot) => sessions.GetValueOrDefault(($"env_{id}", HaProxyEnvironment.SlotName(slot))) + sessions.GetValueOrDefault(($"pin_{id}", HaProxyEnvironment.SlotName(slot))) == 0;
        if (!environment.TryUse(routes, IsIdle))
        {
            return new(RouteOutcome.Refused, there?.Orders.Revision ?? 0, there?.Port,
                $"All {HaProxyOptions.Slots} places of this environment are taken by backends that still drain. Wait for them and order again.");
        }
        environment.Port = port;
        _environments[id] = environment;
        if (!reload) reload = !await TryOrderAsync(environment, servers, pins);
        await WriteFilesAsync();
        await _store.WriteAsync(routes, port, CancellationToken.None);
        if (reload) await _runtime.ReloadAsync();
        return new(RouteOutcome.Applied, routes.Revision, port, null);
    }

    /// <summary>Brings the running worker from one set of servers to the next: new ones first, then the plan that leads to them, then the old ones out.</summary>
    private async Task<bool> TryOrderAsync(HaProxyEnvironment environment, (string Server, BackendRoute? Backend)[] before, IReadOnlyDictionary<string, string> pinsBefore)
    {
        var id = environment.Id;
        var (first, last) = (new List<string>(), new List<string>());
        foreach (var ((server, now), (_, was)) in environment.Servers().Zip(before))
        {
            if (now == was) continue;
            if (now?.Version != was?.Version) first.Add($"set map {_options.Path("versions.map")} {id}/{server} {now?.Version ?? "-"}");
            foreach (var proxy in server[0] == 'f' ? new[] { $"env_{id}" } : [$"env_{id}", $"pin_{id}"])
            {
                var at = now is null ? null : IPEndPoint.Parse(now.Address);
                if (at is not null && now!.Address != was?.Address) first.Add($"set server {proxy}/{server} addr {at.Address} port {at.Port}");
                if (now is { Healthy: true }) first.Add($"set server {proxy}/{server} state ready");
                else last.Add($"set server {proxy}/{server} state maint");
            }
        }
        var pins = environment.Pins();
        foreach (var (version, _) in pinsBefore.Where(p => !pins.ContainsKey(p.Key))) last.Add($"del map {_options.Path("pins.map")} {id}/{version}");
        foreach (var (version, slot) in pins)
        {
            if (!pinsBefore.TryGetValue(version, out var was)) first.Add($"add map {_options.Path("pins.map")} {id}/{version} {slot}");
            else if (was != slot) first.Add($"set map {_options.Path("pins.map")} {id}/{version} {slot}");
        }
        try
        {
            await _runtime.OrderAsync([.. first, $"set map {_options.Path("plans.map")} {id} {environment.Plan()}", .. last]);
            return true;
        }
        catch (InvalidOperationException e)
        {
            // The files say what is meant: a worker that reads them anew is right whatever this one made of the orders.
            OrderRefused(_logger, e);
            return false;
        }
    }

    private async Task WriteFilesAsync()
    {
        HaProxyEnvironment[] all = [.. _environments.Values.OrderBy(e => e.Id, StringComparer.Ordinal)];
        foreach (var (status, answer) in HaProxyConfig.Errors) await ReplaceAsync(_options.Path($"{status}.http"), answer);
        foreach (var map in HaProxyConfig.MapNames) await ReplaceAsync(_options.Path(map), HaProxyConfig.Maps(_options, all, map));
        await ReplaceAsync(_options.ConfigPath, HaProxyConfig.Text(_options, all));
        Posix.FlushDirectory(_options.StateDirectory);
    }

    private static async Task ReplaceAsync(string path, string text)
    {
        if (File.Exists(path) && await File.ReadAllTextAsync(path) == text) return;
        await using (var file = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write))
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".tmp", path, overwrite: true);
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _options.StateDirectory };
        foreach (var argument in new[] { "-c", "exec \"$@\" >>haproxy.log 2>&1 </dev/null", "haproxy", _options.Executable, "-W", "-D", "-f", _options.ConfigPath, "-p", _options.PidPath, "-S", $"{_options.MasterSocket},mode,600" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new RouterUnavailableException("/bin/sh could not be started.");
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == 127) throw new RouterUnavailableException("HAProxy is not installed: apt-get install haproxy (2.6 or newer), or choose ProdSprint's own router.");
        if (process.ExitCode != 0) throw new RouterUnavailableException($"HAProxy did not start. Its log is {_options.Path("haproxy.log")}: {string.Join(" ", File.ReadLines(_options.Path("haproxy.log")).TakeLast(5))}");
        for (var i = 0; i < 400; i++)
        {
            if (await _runtime.TryAskAsync(_options.WorkerSocket, "show info") is not null && await _runtime.TryAskAsync(_options.MasterSocket, "show proc") is not null) return;
            await Task.Delay(TimeSpan.FromMilliseconds(25), _time, cancellation);
        }
        throw new RouterUnavailableException($"HAProxy did not open its sockets. Its log is {_options.Path("haproxy.log")}.");
    }

    private int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(_options.BindAddress, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private bool CanListen(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(_options.BindAddress, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "HAProxy refused an order over its runtime socket; its configuration is loaded anew instead")]
    private static partial void OrderRefused(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The orders in {Path} cannot be read and were set aside; the server has to give them again")]
    private static partial void BrokenOrders(ILogger logger, string path, Exception exception);
}
