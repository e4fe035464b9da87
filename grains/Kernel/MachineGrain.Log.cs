using Microsoft.Extensions.Logging;

namespace ProdSprint.Kernel;

public abstract partial class MachineGrain<TState, TCommand, TEvent>
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key} refused {Command} of another grain: {Code}. {Detail}")]
    private static partial void LogRefused(ILogger logger, string key, string command, string code, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}: what version {Version} decided is stored but could not be carried out yet ({Failures} tries); it is tried again")]
    private static partial void LogFlushFailed(ILogger logger, Exception exception, string key, long version, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}: a deadline could not be acted on; it is tried again")]
    private static partial void LogTickFailed(ILogger logger, Exception exception, string key);
}
