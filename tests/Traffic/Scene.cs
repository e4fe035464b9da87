using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace ProdSprint.Traffic.Tests;

/// <summary>One environment of a test, with the versions it runs and a client of its own.</summary>
public sealed class Scene : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _things = [];
    private long _revision;

    private readonly Func<ITrafficRouter> _router;

    public Scene(ITrafficRouter router, [CallerMemberName] string name = "") : this(() => router, name) { }

    /// <summary>For tests in which the router's client is replaced meanwhile.</summary>
    public Scene(Func<ITrafficRouter> router, [CallerMemberName] string name = "") => (_router, Name) = (router, name);

    public ITrafficRouter Router => _router();
    public string Name { get; }
    public int Port { get; private set; }
    public HttpClient Client { get; private set; } = null!;
    public RoutingOptions Options { get; set; } = RoutingOptions.Default with { Connect = TimeSpan.FromSeconds(5) };
    public ImmutableArray<string> Hosts { get; set; } = [];
    public long Revision => _revision;

    public async Task<TestVersion> VersionAsync(string name)
    {
        var version = await TestVersion.StartAsync(name);
        _things.Add(version);
        return version;
    }

    public int Hits(string version) => _things.OfType<TestVersion>().Where(v => v.Name == version).Sum(v => v.Hits);

    public RawBackend Backend(Func<RawConnection, Task> script)
    {
        var backend = new RawBackend(script);
        _things.Add(backend);
        return backend;
    }

    public Task<RouteAck> RouteAsync(params BackendRoute[] backends) => RouteAsync(++_revision, backends);

    public async Task<RouteAck> RouteAsync(long revision, params BackendRoute[] backends)
    {
        _revision = revision;
        var ack = await Router.ApplyAsync(Orders(revision, backends));
        if (ack.Outcome == RouteOutcome.Applied && Client is null && ack.Port is { } port)
        {
            Port = port;
            Client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = RawClient.Patience };
        }
        return ack;
    }

    public EnvironmentRoutes Orders(long revision, params BackendRoute[] backends) =>
        new("ws", "project", Name, revision, null, Hosts, [.. backends], Options);

    public async Task<string> GetAsync(string path = "/") => await Client.GetStringAsync(path);

    /// <summary>Waits for the reports of this environment until they hold that many requests, and a moment for one too many; sums per version.</summary>
    public async Task<Dictionary<string, TrafficSecond>> ReportsAsync(long requests)
    {
        var rows = new Dictionary<string, TrafficSecond>();
        using var limit = new CancellationTokenSource(RawClient.Patience);
        try
        {
            await foreach (var batch in Router.ReportsAsync(null, limit.Token))
            {
                foreach (var row in batch.Seconds.Where(r => r.Environment == Name))
                {
                    row.Classes.Total.ShouldBe(row.Requests);
                    row.Latency.Total.ShouldBe(row.Requests);
                    rows[row.Version] = rows.TryGetValue(row.Version, out var sum) ? Add(sum, row) : row;
                }
                if (rows.Values.Sum(r => r.Requests) >= requests) limit.CancelAfter(TimeSpan.FromMilliseconds(1500));
            }
        }
        catch (OperationCanceledException)
        {
        }
        return rows;
    }

    private static TrafficSecond Add(TrafficSecond a, TrafficSecond b) => a with
    {
        Requests = a.Requests + b.Requests,
        Errors = a.Errors + b.Errors,
        RouterFaults = a.RouterFaults + b.RouterFaults,
        Latency = a.Latency.Add(b.Latency),
        Classes = new(a.Classes.Informational + b.Classes.Informational, a.Classes.Success + b.Classes.Success, a.Classes.Redirect + b.Classes.Redirect,
            a.Classes.ClientError + b.Classes.ClientError, a.Classes.ServerError + b.Classes.ServerError, a.Classes.Aborted + b.Classes.Aborted),
    };

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var thing in _things) await thing.DisposeAsync();
        await Router.RemoveAsync("ws", "project", Name);
    }
}

public static class Routes
{
    public static BackendRoute Stable(this TestVersion version, int weight = 10_000) => new(version.Name, version.Address, weight, true);
    public static BackendRoute Canary(this TestVersion version, int weight) => new(version.Name, version.Address, weight, false);
    public static BackendRoute Stable(this RawBackend backend, string name, int weight = 10_000) => new(name, backend.Address, weight, true);
    public static BackendRoute Canary(this RawBackend backend, string name, int weight) => new(name, backend.Address, weight, false);

    /// <summary>Nobody listens here: a port that was free a moment ago, on an address of the loopback net that nothing else uses.</summary>
    public static BackendRoute Dead(string name, int weight, bool stable = false) => new(name, "127.66.66.66:9", weight, stable);
}
