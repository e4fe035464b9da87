namespace ProdSprint.Deploy;

/// <summary>Told what becomes of running copies. Whoever connects them to releases and routes implements it; a throw is logged and changes nothing.</summary>
public interface IInstanceEvents
{
    Task HappenedAsync(InstanceEvent happened, CancellationToken cancellation);
}

/// <param name="Text">One sentence with figures.</param>
public sealed record InstanceEvent(InstanceKey Key, string Version, string Address, InstanceEventKind Kind, string Text, DateTimeOffset At);

public enum InstanceEventKind
{
    /// <summary>Healthy for the first time.</summary>
    Started,

    /// <summary>Found running after a restart of the server.</summary>
    Adopted,

    /// <summary>Its process ended by itself; it is started again.</summary>
    Died,

    /// <summary>Its health check failed too often, or it went over a limit; it is started again.</summary>
    Unhealthy,

    /// <summary>Healthy again after <see cref="Died"/> or <see cref="Unhealthy"/>.</summary>
    Recovered,

    Stopped,
}
