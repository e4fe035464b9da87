namespace ProdSprint.Traffic;

/// <summary>
/// The data plane, as the control plane sees it. It is a process of its own and goes on serving at its last orders while no server is there.
/// Implementations: <c>LocalRouterClient</c> (our router) and <c>HaProxyRouter</c>. Safe for concurrent use.
/// Every call throws <see cref="RouterUnavailableException"/> when the router cannot be reached; the call may then be repeated, all are idempotent.
/// </summary>
public interface ITrafficRouter : ITrafficOrders
{
    /// <summary>Stops listening for an environment and forgets its orders and its revision. Requests in flight are finished. Unknown: no-op.</summary>
    Task RemoveAsync(string workspace, string project, string environment, CancellationToken cancellation = default);

    /// <summary>True as soon as nothing is in flight on a version; false when <paramref name="timeout"/> passed first. Take its weight to 0 before.</summary>
    Task<bool> WaitDrainedAsync(
        string workspace, string project, string environment, string version, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>
    /// Batches after <paramref name="after"/> (null, or of an earlier instance of the router: all it still holds), then new ones as they come, once a second
    /// while there is traffic. Reconnects by itself and goes on where it was; ends only by <paramref name="cancellation"/>.
    /// </summary>
    IAsyncEnumerable<TrafficReportBatch> ReportsAsync(ReportCursor? after, CancellationToken cancellation = default);

    /// <summary>Lets the router forget batches up to the cursor. Until then it keeps them, as far as its buffer goes.</summary>
    Task AcknowledgeAsync(ReportCursor upTo, CancellationToken cancellation = default);
}
