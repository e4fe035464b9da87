using Microsoft.Extensions.Logging;

namespace ProdSprint.Kernel;

public sealed partial class MachineSink
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Key}: the router refused revision {Revision} of {Environment}: {Detail}")]
    private partial void LogRefused(string key, string environment, long revision, string? detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}: revision {Revision} of {Environment} came too late, {Newer} is in force")]
    private partial void LogStale(string key, string environment, long revision, long newer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key}: revision {Revision} of {Environment} could not be set; it is tried again")]
    private partial void LogNotRouted(Exception exception, string key, string environment, long revision);
}
