namespace ProdSprint.Server;

/// <summary>How a server runs on this machine.</summary>
public sealed class ServerOptions
{
    /// <summary>Where everything it keeps outside PostgreSQL lies: the private database, artifacts, checkouts, logs, the router's orders.</summary>
    public required string Home { get; init; }

    /// <summary>On 127.0.0.1; 0 takes any free one and says which in server.json.</summary>
    public int Port { get; init; } = 7400;

    /// <summary>Settings that go before the environment's, for a server started within another program.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
