using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Calls;

/// <summary>Takes a call from its caller to the queue of its grain.</summary>
internal sealed class Dispatcher(Silo silo)
{
    private const int MaxForwards = 16;

    /// <summary>Where calls go. A test cluster's client outlives the silo it started with.</summary>
    public Silo Silo { get; set; } = silo;

    public void Send(GrainReference reference, GrainCall call)
    {
        var meta = call.Meta;
        call.Reference = reference;
        call.Source = RuntimeContext.Current;
        call.Context = RequestContext.Current;
        call.Flags = meta.Flags;
        call.SentAt = Environment.TickCount64;
        call.TimeoutMs = meta.Timeout is { } timeout ? (long)timeout.TotalMilliseconds : Silo.ResponseTimeoutMs;
        if (meta.TokenIndex >= 0 && !LinkToken(call))
        {
            return;
        }

        if (Silo.OutgoingFilters.Length > 0)
        {
            _ = OutgoingCallContext.RunAsync(Silo.OutgoingFilters, call, this);
        }
        else
        {
            Deliver(call);
        }
    }

    public void Deliver(GrainCall call)
    {
        if (call.Reference.Target is { } target && target.TryEnqueue(call))
        {
            return;
        }

        DeliverSlowly(call);
    }

    /// <summary>Delivers for a filter, which sees the answer before the caller does.</summary>
    public Task<Response> DeliverAndWait(GrainCall call)
    {
        var answer = call.Observe();
        Deliver(call);
        return call.IsOneWay ? Task.FromResult(Response.Completed) : answer;
    }

    /// <summary>A call that waited at an activation which is gone goes to the next one.</summary>
    public void Reroute(GrainCall call)
    {
        if (++call.Forwards > MaxForwards)
        {
            call.Fail(new OrleansMessageRejectionException($"{call} was forwarded {MaxForwards} times and found no activation that stays."));
            return;
        }

        DeliverSlowly(call);
    }

    private void DeliverSlowly(GrainCall call)
    {
        try
        {
            for (var attempt = 0; attempt < MaxForwards; attempt++)
            {
                var target = Silo.Catalog.Find(call.Reference.GrainId);
                call.Reference.Target = target;
                if (target.TryEnqueue(call))
                {
                    return;
                }
            }

            call.Fail(new OrleansMessageRejectionException($"{call} found no activation that takes calls."));
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    private static bool LinkToken(GrainCall call)
    {
        var token = (CancellationToken)call.GetArgument(call.Meta.TokenIndex)!;
        if (token.IsCancellationRequested)
        {
            call.Fail(new OperationCanceledException(token));
            return false;
        }

        call.LinkCancellation(token);
        call.ArmCancellation();
        return true;
    }
}
