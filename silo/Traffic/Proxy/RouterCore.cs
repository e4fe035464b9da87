using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Traffic;

/// <summary>The router within its process: loops, ports, environments. Orders are carried out one at a time per environment.</summary>
internal sealed partial class RouterCore : IAsyncDisposable
{
    private sealed class Place(EnvironmentRuntime runtime)
    {
        public readonly SemaphoreSlim Turn = new(1);
        public readonly EnvironmentRuntime Runtime = runtime;
        public Listener? Listener;
        public int? WantedPort;
    }

    private readonly ConcurrentDictionary<(string, string, string), Place> _places = new();
    private readonly Lock _table = new();
    private readonly RouterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OrdersStore _store;
    private readonly EventLoop[] _loops;
    private readonly LoopContext[] _contexts;
    private readonly Acceptor _acceptor;
    private readonly HostSource _hosts;
    private readonly ITimer _seal;
    private Listener? _shared;
    private uint _next;

    public RouterCore(RouterOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        StartedAt = time.GetUtcNow();
        Reports = new(Guid.NewGuid().ToString("N"), options.ReportRows);
        _store = new(options.OrdersDirectory);
        _hosts = new(options.Loops);
        _loops = [.. Enumerable.Range(0, options.Loops).Select(i => new EventLoop(i, time, e => LoopFault(_logger, e)))];
        _contexts = [.. _loops.Select(loop => new LoopContext(loop, options, time, Reports))];
        _acceptor = new(Accepted);
        _seal = time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public ReportBuffer Reports { get; }
    public DateTimeOffset StartedAt { get; }

    /// <summary>Opens the shared port and serves the orders on the disk.</summary>
    public void Start()
    {
        foreach (var kept in _store.ReadAll((path, e) => BrokenOrders(_logger, path, e))) Restore(kept);
        RefreshHosts();
        if (_options.SharedPort is { } port)
        {
            var fd = Posix.Listen(new(_options.BindAddress, port), out var bound);
            _acceptor.Add(_shared = new(fd, bound, _hosts));
        }
        foreach (var loop in _loops) loop.Start();
        _acceptor.Start();
        Started(_logger, _places.Count, _shared?.Port);
    }

    public RouterStatus Status() => new(
        Reports.Instance, "prodsprint", Environment.ProcessId, StartedAt, _shared?.Port,
        [.. _places.Values.Where(p => p.Runtime.Plan is not null).Select(p => p.Runtime.Status() with { Port = p.Listener?.Port })
            .OrderBy(e => (e.Workspace, e.Project, e.Environment))],
        Reports.Rows, Reports.Dropped);

    public async Task<bool> WaitDrainedAsync(string workspace, string project, string environment, string version, TimeSpan timeout, CancellationToken cancellation)
    {
        var until = _time.GetUtcNow() + timeout;
        while (_places.TryGetValue((workspace, project, environment), out var place) && place.Runtime.InFlight(version) > 0)
        {
            if (_time.GetUtcNow() >= until) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancellation);
        }
        return true;
    }

    /// <summary>No new connections; those without a request are closed, the others after their answer or when the time is up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _seal.DisposeAsync();
        _acceptor.Dispose();
        for (var i = 0; i < _loops.Length; i++) _loops[i].Post(_contexts[i].BeginDrain);
        var until = _time.GetUtcNow() + _options.Drain;
        await Task.WhenAll(_loops.Select(loop => loop.BarrierAsync()));
        while (_contexts.Any(c => c.Sessions > 0) && _time.GetUtcNow() < until) await Task.Delay(TimeSpan.FromMilliseconds(20), _time);
        for (var i = 0; i < _loops.Length; i++)
        {
            _loops[i].Post(_loops[i].CancelAll);
            _loops[i].Post(_contexts[i].Flush);
        }
        await Task.WhenAll(_loops.Select(loop => loop.BarrierAsync()));
        foreach (var loop in _loops) loop.Dispose();
        Reports.Seal();
    }

    private void Accepted(Listener listener, int fd, uint peer)
    {
        var context = _contexts[_next++ % (uint)_contexts.Length];
        context.Loop.Post(() => new ClientSession(context, new Link(context.Loop, fd, connected: true), listener.Source, peer, e => LoopFault(_logger, e)).Start());
    }

    private void Tick()
    {
        try
        {
            Reports.Seal();
            foreach (var place in _places.Values)
                if (place.WantedPort is not null && place.Turn.Wait(0)) RetryPort(place);
        }
        catch (Exception e)
        {
            LoopFault(_logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Router started: {Environments} environments from disk, shared port {SharedPort}")]
    private static partial void Started(ILogger logger, int environments, int? sharedPort);

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect ended one connection")]
    private static partial void LoopFault(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The orders in {Path} cannot be read and were set aside; the server has to give them again")]
    private static partial void BrokenOrders(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Port {Port} of {Workspace}/{Project}/{Environment} cannot be opened yet; it is tried every second")]
    private static partial void PortTaken(ILogger logger, int port, string workspace, string project, string environment, Exception exception);
}
