using Microsoft.AspNetCore.SignalR;
using ProdSprint.Kernel;

namespace ProdSprint.Live;

/// <summary>
/// A browser that may not look is told so, and asks again in a few seconds, because it may be let in meanwhile. That is no fault: only what nobody expected goes into the log, which
/// SignalR's own lines do not tell apart (<see cref="Quiet"/>).
/// </summary>
internal sealed partial class LiveFaults(ILogger<LiveFaults> logger) : IHubFilter
{
    /// <summary>The log categories that tell each refusal as an error.</summary>
    public static IReadOnlyList<string> Quiet { get; } = ["Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", "Microsoft.AspNetCore.SignalR.HubConnectionHandler"];

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext call, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(call);
        }
        catch (Exception e) when (IsFault(e))
        {
            LogFault(e, call.HubMethodName);
            throw;
        }
    }

    public async Task OnConnectedAsync(HubLifetimeContext connection, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(connection);
        }
        catch (Exception e) when (IsFault(e))
        {
            LogFault(e, "connect");
            throw;
        }
    }

    private static bool IsFault(Exception e) => e is not (HubException or ProblemException or OperationCanceledException);

    [LoggerMessage(Level = LogLevel.Error, Message = "The live connection failed at {Method}")]
    private partial void LogFault(Exception exception, string method);
}
