using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ProdSprint.Traffic;

namespace ProdSprint.Kernel;

/// <summary>A router that remembers its orders, and can be away or slow.</summary>
internal sealed class FakeRouter : ITrafficRouter
{
    public ConcurrentQueue<EnvironmentRoutes> Applied { get; } = new();

    public bool Away { get; set; }

    public RouteOutcome Answer { get; set; } = RouteOutcome.Applied;

    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<RouteAck> ApplyAsync(EnvironmentRoutes routes, CancellationToken cancellation = default)
    {
        await Gate.WaitAsync(cancellation);
        if (Away) throw new RouterUnavailableException("The router is away. Next: start it.");
        Applied.Enqueue(routes);
        return new(Answer, routes.Revision, routes.Port, null);
    }

    public Task RemoveAsync(string workspace, string project, string environment, CancellationToken cancellation = default) => Task.CompletedTask;

    public Task<RouterStatus> StatusAsync(CancellationToken cancellation = default) =>
        Task.FromResult(new RouterStatus("fake", "fake", 1, DateTimeOffset.UnixEpoch, null, [], 0, 0));

    public Task<bool> WaitDrainedAsync(string workspace, string project, string environment, string version, TimeSpan timeout, CancellationToken cancellation = default) => Task.FromResult(true);

    public async IAsyncEnumerable<TrafficReportBatch> ReportsAsync(ReportCursor? after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        yield break;
    }

    public Task AcknowledgeAsync(ReportCursor upTo, CancellationToken cancellation = default) => Task.CompletedTask;
}
