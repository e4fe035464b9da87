namespace ProdSprint.Traffic;

/// <summary>What any node may ask of the router: orders in, their state out. Throws <see cref="RouterUnavailableException"/> when it cannot be reached.</summary>
public interface ITrafficOrders
{
    /// <summary>Puts an environment's orders in force: for every request that arrives after the answer, without breaking one in flight.</summary>
    Task<RouteAck> ApplyAsync(EnvironmentRoutes routes, CancellationToken cancellation = default);

    Task<RouterStatus> StatusAsync(CancellationToken cancellation = default);
}

/// <summary>The router did not answer; the message says what to do.</summary>
[GenerateSerializer, Immutable, Alias("traffic.RouterUnavailableException")]
public sealed class RouterUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
