namespace ProdSprint.Traffic;

/// <summary>Sizes and counts of the forwarder that nobody needs to configure.</summary>
internal static class ProxyLimits
{
    /// <summary>A request's head, bytes: what nginx and Node also accept at most.</summary>
    public const int MaxHead = 16 * 1024;

    public const int MaxRequestLine = 8 * 1024;
    public const int UpstreamBuffer = 32 * 1024;

    /// <summary>Room for a rewritten head of either direction with what the router adds, and small bodies beside it.</summary>
    public const int OutBuffer = UpstreamBuffer + 4 * 1024;

    /// <summary>Idle connections kept per backend and loop.</summary>
    public const int IdlePerBackend = 256;

    /// <summary>Backends tried for one request before the client is told.</summary>
    public const int Attempts = 3;

    /// <summary>Connect failures in a row after which a backend is left alone for a while.</summary>
    public const int FailuresUntilRest = 3;

    public const int FirstRestMs = 500, LongestRestMs = 5_000;

    /// <summary>A WebSocket may be silent far longer than a page; many send pings once a minute or never.</summary>
    public const int TunnelIdleMs = 3_600_000;

    /// <summary>What is still read from a client whose request was answered early, so that the answer reaches it before a reset does.</summary>
    public const int LingerBytes = 1024 * 1024, LingerMs = 2_000;
}
