using ProdSprint.Kernel;
using ProdSprint.Traffic;

namespace ProdSprint.Demo;

/// <summary>The visitors of the demo: constant load on production through the router.</summary>
internal sealed class DemoLoad(ApiClient api, string project, double rate) : IAsyncDisposable
{
    private static readonly string[] Paths = ["/", "/products/3", "/", "/api/cart?items=1:2", "/products/17"];
    private readonly CancellationTokenSource _stop = new();
    private LoadGenerator? _load;
    private Task<LoadResult>? _running;

    /// <summary>Failures no version is responsible for.</summary>
    public long Faults => _load?.Snapshot().RouterFaults ?? 0;

    public long Sent => _load?.Snapshot().Sent ?? 0;

    public async Task StartAsync(CancellationToken cancellation)
    {
        var traffic = await Until.True(() => api.Get($"/v1/projects/{project}/traffic?environment=production&seconds=5", cancellation), t => t["url"] is not null, cancellation);
        _load = new(new LoadOptions(new Uri(traffic["url"]!.ToString()), rate, null, Paths, TimeSpan.FromSeconds(10)));
        _running = Task.Run(() => _load.RunAsync(_stop.Token), CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null) await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
