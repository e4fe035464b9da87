using System.Diagnostics;
using Orleans.Runtime;

namespace ProdSprint.Operations;

/// <summary>
/// Carries the trace from a caller to a grain and makes a span of every call that belongs to a trace. Calls that no request or job began (timers,
/// streams) have none.
/// </summary>
internal sealed class GrainCallSpans : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    private const string Key = "traceparent";

    /// <summary>Async, so that what is set here does not stay with the caller.</summary>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (Activity.Current is { Recorded: true, Id: { } id }) RequestContext.Set(Key, id);
        await context.Invoke();
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        using var span = RequestContext.Get(Key) is string cause && ActivityContext.TryParse(cause, null, true, out var parent)
            ? Spans.Source.StartActivity($"grain {context.TargetId.Type}/{context.MethodName}", ActivityKind.Internal, parent, [new("prodsprint.grain", context.TargetId.Key.ToString())])
            : null;
        try
        {
            await context.Invoke();
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }
}
