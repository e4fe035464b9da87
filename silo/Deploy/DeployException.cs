namespace ProdSprint.Deploy;

/// <summary>A deployment step failed for a reason a person can act on: the message is one or a few sentences and ends with the next step.</summary>
/// <param name="retry">True when the same step may well succeed when it is tried again (disk full, port taken); false when only a change helps.</param>
public sealed class DeployException(string message, bool retry = false, Exception? inner = null) : Exception(message, inner)
{
    public bool Retry { get; } = retry;
}
