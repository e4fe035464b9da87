using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

internal static partial class EngineLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Activation of {GrainId} failed")]
    public static partial void ActivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Deactivation of {GrainId} failed")]
    public static partial void DeactivationFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A timer of {GrainId} failed")]
    public static partial void TimerFailed(ILogger logger, Exception exception, GrainId grainId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An observer failed")]
    public static partial void ObserverFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminder {Name} of {GrainId} failed; it ticks again after its period")]
    public static partial void ReminderFailed(ILogger logger, Exception exception, GrainId grainId, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder table could not be read; trying again")]
    public static partial void ReminderTableUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Stream} could not deliver an event to {Consumer} within {Limit}; the event is given up")]
    public static partial void StreamEventLost(ILogger logger, Exception exception, StreamId stream, string consumer, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} is active: embedded engine, {Classes} grain classes")]
    public static partial void SiloActive(ILogger logger, SiloAddress silo, int classes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} stopped after deactivating {Count} grains")]
    public static partial void SiloStopped(ILogger logger, SiloAddress silo, int count);
}
