using Microsoft.Extensions.Logging;

namespace ProdSprint.Releases;

public sealed partial class ReleaseGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Key} {Kind} by {By}: {Text}")]
    private static partial void LogHappened(ILogger logger, string key, string kind, string by, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}: the wall clock was set by {Shift}; bakes and deadlines move with it")]
    private static partial void LogClockSet(ILogger logger, string key, TimeSpan shift);
}
