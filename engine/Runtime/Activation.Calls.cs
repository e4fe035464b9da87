using Orleans.Calls;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Which call may run when.</summary>
internal sealed partial class Activation
{
    private CallQueue _waiting;
    private CallQueue _running;
    private int _waitingThatMayInterleave;

    /// <summary>Running calls that others have to wait for.</summary>
    private int _blockers;
    private bool _watched;

    /// <summary>Call chains that this grain lets back in while it waits for them.</summary>
    private Dictionary<Guid, int>? _openChains;

    /// <summary>Ticks of <see cref="Environment.TickCount64"/> at the end of the last call.</summary>
    public long LastUsed { get; private set; }

    public long CallsAnswered { get; private set; }

    public int PendingCalls => _waiting.Count + _running.Count;

    protected override bool HasCall => FindCall() is not null;

    public bool TryEnqueue(GrainCall call)
    {
        bool schedule, watch;
        lock (Gate)
        {
            if (_state == ActivationState.Gone)
            {
                return false;
            }

            call.Queue = this;
            call.State = CallState.Waiting;
            _waiting.Append(call);
            if (MightInterleave(call))
            {
                _waitingThatMayInterleave++;
            }

            // A call that has to wait for a running one is found when that one ends.
            schedule = AcceptsCalls && (_blockers == 0 || MightInterleave(call)) && NeedsScheduling();
            watch = !_watched;
            _watched = true;
        }

        if (watch)
        {
            Silo.Timeouts.Watch(this);
        }

        if (schedule)
        {
            Schedule();
        }

        return true;
    }

    protected override GrainCall? TakeCall()
    {
        if (FindCall() is not { } call)
        {
            return null;
        }

        Dequeue(call);
        call.State = CallState.Running;
        _running.Append(call);
        if (Blocks(call))
        {
            _blockers++;
        }

        return call;
    }

    private bool Blocks(GrainCall call) => !Class.IsReentrant && !call.IsAlwaysInterleave;

    private void Dequeue(GrainCall call)
    {
        _waiting.Remove(call);
        if (MightInterleave(call))
        {
            _waitingThatMayInterleave--;
        }
    }

    private GrainCall? FindCall()
    {
        if (!AcceptsCalls || _waiting.First is not { } first)
        {
            return null;
        }

        if (_blockers == 0)
        {
            return first;
        }

        if (_waitingThatMayInterleave == 0)
        {
            return null;
        }

        var blocker = FindBlocker();
        for (var call = first; call is not null; call = call.Next)
        {
            if (MayInterleave(call, blocker))
            {
                return call;
            }
        }

        return null;
    }

    /// <summary>The oldest running call that others have to wait for.</summary>
    private GrainCall FindBlocker()
    {
        var call = _running.First!;
        while (!Blocks(call))
        {
            call = call.Next!;
        }

        return call;
    }

    /// <summary>False: while others run, this call certainly waits.</summary>
    private bool MightInterleave(GrainCall call) =>
        Class.IsReentrant || call.IsAlwaysInterleave || call.IsReadOnly || Class.MayInterleave is not null
        || (call.Context is { } context && context.ReentrancyId != Guid.Empty);

    private bool MayInterleave(GrainCall call, GrainCall blocker)
    {
        if (call.IsAlwaysInterleave || (call.IsReadOnly && blocker.IsReadOnly && AllReadOnly()))
        {
            return true;
        }

        if (call.Context is { } context && context.ReentrancyId != Guid.Empty && _openChains?.ContainsKey(context.ReentrancyId) == true)
        {
            return true;
        }

        return Class.MayInterleave is { } predicate && (predicate(GrainInstance!, call) || predicate(GrainInstance!, blocker));
    }

    private bool AllReadOnly()
    {
        for (var call = _running.First; call is not null; call = call.Next)
        {
            if (Blocks(call) && !call.IsReadOnly)
            {
                return false;
            }
        }

        return true;
    }

    protected override void Run(GrainCall call)
    {
        if (call.IsAnswered && !call.IsOneWay)
        {
            // Timed out or cancelled while it waited: nobody wants it any more.
            OnCompleted(call, null);
            return;
        }

        RequestContext.Current = call.Context;
        if (!call.IsFiltered || (Silo.IncomingFilters.Length == 0 && !Class.HasOwnFilter))
        {
            call.Start(GrainInstance!, this);
        }
        else
        {
            _ = RunFilteredAsync(call);
        }
    }

    private async Task RunFilteredAsync(GrainCall call)
    {
        var response = await new IncomingCallContext(call, GrainInstance!, this, Silo.IncomingFilters).RunAsync();
        call.Complete(response);
        OnCompleted(call, response.Exception);
    }

    public void OnCompleted(GrainCall call, Exception? exception)
    {
        bool schedule, deactivate;
        lock (Gate)
        {
            _running.Remove(call);
            call.State = CallState.Done;
            if (Blocks(call))
            {
                _blockers--;
            }

            if (call.IsUse)
            {
                LastUsed = Environment.TickCount64;
                CallsAnswered++;
            }

            deactivate = TryBeginDeactivation();
            // In a turn of this activation the loop looks for the next call anyway.
            schedule = !IsCurrent && HasCall && NeedsScheduling();
        }

        if (exception is InconsistentStateException)
        {
            // What the grain believes is not what is stored: a new activation reads it again.
            Deactivate(new(DeactivationReasonCode.ApplicationError, exception, "A stored state changed underneath the grain."));
        }

        if (deactivate)
        {
            QueueAction(RunDeactivation);
        }

        if (schedule)
        {
            Schedule();
        }
    }

    public bool SweepTimeouts(long now)
    {
        List<GrainCall>? late = null;
        bool pending;
        lock (Gate)
        {
            for (var call = _running.First; call is not null; call = call.Next)
            {
                Collect(call, now, ref late);
            }

            for (var call = _waiting.First; call is not null; call = call.Next)
            {
                Collect(call, now, ref late);
            }

            foreach (var call in late ?? [])
            {
                if (call.State == CallState.Waiting)
                {
                    Dequeue(call);
                    call.State = CallState.Done;
                }
            }

            pending = _watched = _waiting.Count + _running.Count > 0;
        }

        foreach (var call in late ?? [])
        {
            TimeoutMonitor.Expire(call);
        }

        return pending;
    }

    private static void Collect(GrainCall call, long now, ref List<GrainCall>? late)
    {
        if (!call.IsAnswered && now - call.SentAt >= call.TimeoutMs)
        {
            (late ??= []).Add(call);
        }
    }

    public void EnterReentrantSection(Guid chain)
    {
        if (chain == Guid.Empty)
        {
            return;
        }

        lock (Gate)
        {
            _openChains ??= [];
            _openChains[chain] = _openChains.GetValueOrDefault(chain) + 1;
        }
    }

    public void LeaveReentrantSection(Guid chain)
    {
        lock (Gate)
        {
            if (_openChains is not null && _openChains.TryGetValue(chain, out var count))
            {
                if (count <= 1)
                {
                    _openChains.Remove(chain);
                }
                else
                {
                    _openChains[chain] = count - 1;
                }
            }
        }
    }
}
