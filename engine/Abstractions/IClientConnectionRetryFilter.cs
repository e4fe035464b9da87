namespace Orleans;

/// <summary>Says whether a client that reached no silo is to try again. On the embedded engine nobody asks it.</summary>
public interface IClientConnectionRetryFilter
{
    Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken);
}
