using Microsoft.Extensions.Logging;

namespace ProdSprint.Deploy;

internal sealed partial class Supervisor
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} ({Version}) was found running with pid {Pid} and is watched again")]
    private partial void LogAdopted(InstanceKey instance, string version, int pid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} ({Version}) is unwell and is started again: {Why}")]
    private partial void LogUnwell(InstanceKey instance, string version, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching {Instance} failed; it is tried again")]
    private partial void LogWatchFailed(Exception e, InstanceKey instance);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody could be told that {Instance} is {Kind}")]
    private partial void LogListenerFailed(Exception e, InstanceKey instance, InstanceEventKind kind);
}
