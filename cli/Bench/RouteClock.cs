using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProdSprint.Traffic;

namespace ProdSprint.Bench;

/// <summary>Notes when orders were in force. Without a router behind it, that is at once.</summary>
internal sealed class RouteClock(ITrafficRouter? router) : ITrafficRouter
{
    /// <param name="CanaryWeight">Of what is not stable, in parts of <see cref="EnvironmentRoutes.FullWeight"/>.</param>
    /// <param name="At">Stopwatch timestamp of the router's answer.</param>
    internal sealed record Mark(long Revision, int CanaryWeight, long At, int? Port);

    private readonly ConcurrentDictionary<string, Mark> _marks = new();

    /// <summary>The last orders of a project's production.</summary>
    public Mark? Of(string project) => _marks.GetValueOrDefault(project);

    public async Task<RouteAck> ApplyAsync(EnvironmentRoutes routes, CancellationToken cancellation = default)
    {
        var ack = router is null ? new RouteAck(RouteOutcome.Applied, routes.Revision, 1, null) : await router.ApplyAsync(routes, cancellation);
        if (ack.Outcome == RouteOutcome.Applied)
            _marks[routes.Project] = new(routes.Revision, routes.Backends.Where(b => b.Version != BenchRelease.Stable).Sum(b => b.Weight), Stopwatch.GetTimestamp(), ack.Port);
        return ack;
    }

    public Task RemoveAsync(string workspace, string project, string environment, CancellationToken cancellation = default) =>
        router?.RemoveAsync(workspace, project, environment, cancellation) ?? Task.CompletedTask;

    public Task<RouterStatus> StatusAsync(CancellationToken cancellation = default) =>
        router?.StatusAsync(cancellation) ?? throw new RouterUnavailableException("There is no router behind this bench.");

    public Task<bool> WaitDrainedAsync(string workspace, string project, string environment, string version, TimeSpan timeout, CancellationToken cancellation = default) =>
        router?.WaitDrainedAsync(workspace, project, environment, version, timeout, cancellation) ?? Task.FromResult(true);

    public async IAsyncEnumerable<TrafficReportBatch> ReportsAsync(ReportCursor? after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (router is null) yield break;
        await foreach (var batch in router.ReportsAsync(after, cancellation)) yield return batch;
    }

    public Task AcknowledgeAsync(ReportCursor upTo, CancellationToken cancellation = default) => router?.AcknowledgeAsync(upTo, cancellation) ?? Task.CompletedTask;
}
