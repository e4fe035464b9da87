namespace ProdSprint.Traffic;

[GenerateSerializer, Alias("traffic.RouteOutcome")]
public enum RouteOutcome
{
    /// <summary>In force for every request that arrives from now on, and on disk.</summary>
    Applied,

    /// <summary>This revision was in force already; nothing was changed.</summary>
    Unchanged,

    /// <summary>A newer revision is in force: the sender is not the owner any more.</summary>
    Stale,

    /// <summary>The orders cannot be carried out as they are; <see cref="RouteAck.Detail"/> says why and what to do.</summary>
    Refused,
}

/// <param name="Revision">The revision in force after the call; 0 when there is none.</param>
/// <param name="Port">The environment's own listening port; null when it has none.</param>
/// <param name="Detail">For Stale and Refused: the reason and the next step.</param>
[GenerateSerializer, Immutable, Alias("traffic.RouteAck")]
public sealed record RouteAck(
    [property: Id(0)] RouteOutcome Outcome,
    [property: Id(1)] long Revision,
    [property: Id(2)] int? Port,
    [property: Id(3)] string? Detail);
