namespace ProdSprint.Kernel;

/// <summary>A failure that is told to the person with a next step, and to a script with an exit code and the same envelope as success.</summary>
public sealed class CliException(int exitCode, string type, string title, string detail, string? next = null, string? requestId = null, int? retryAfter = null)
    : Exception(detail)
{
    public int ExitCode { get; } = exitCode;
    public string Type { get; } = type;
    public string Title { get; } = title;
    public string? Next { get; } = next;
    public string? RequestId { get; } = requestId;

    /// <summary>Seconds.</summary>
    public int? RetryAfter { get; } = retryAfter;
}
