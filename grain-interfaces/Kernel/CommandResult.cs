namespace ProdSprint.Kernel;

/// <summary>The answer to a command: accepted at a version of the grain's state, or refused with a reason. A refused command changed nothing.</summary>
/// <param name="Started">The key of the grain this command set going, e.g. the plan; null if none.</param>
[GenerateSerializer, Immutable, Alias("kernel.CommandResult")]
public sealed record CommandResult(
    [property: Id(0)] string Key,
    [property: Id(1)] long Version,
    [property: Id(2)] Rejection? Rejection = null,
    [property: Id(3)] string? Started = null)
{
    public bool Accepted => Rejection is null;
}
