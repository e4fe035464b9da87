using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Calls;

namespace Orleans.Runtime;

/// <summary>From the first call to the last.</summary>
internal sealed partial class Activation
{
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<IDisposable> _timers = [];
    private ActivationState _state = ActivationState.Creating;
    private DeactivationReason _reason;
    private long _keepAliveUntil;

    public ActivationState State => _state;

    public Task Deactivated => _deactivated.Task;

    private bool AcceptsCalls => _state == ActivationState.Active;

    /// <summary>Makes the grain and reads its states, as the first turn of this activation.</summary>
    public void Start() => QueueAction(() => _ = ActivateAsync());

    private async Task ActivateAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(Silo.Collection.ActivationTimeout);
            GrainInstance = Class.Constructor.Create(this);
            if (_lifecycle is not null)
            {
                await _lifecycle.StartAsync(timeout.Token);
            }

            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(timeout.Token);
            }
        }
        catch (Exception exception)
        {
            EngineLog.ActivationFailed(Silo.Logger, exception, GrainId);
            await EndAsync(exception);
            return;
        }

        bool schedule, deactivate;
        lock (Gate)
        {
            LastUsed = Environment.TickCount64;
            _state = _state == ActivationState.Creating ? ActivationState.Active : ActivationState.DeactivationRequested;
            deactivate = TryBeginDeactivation();
            schedule = HasCall && NeedsScheduling();
        }

        if (deactivate)
        {
            RunDeactivation();
        }

        if (schedule)
        {
            Schedule();
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool deactivate;
        lock (Gate)
        {
            if (_state is not (ActivationState.Active or ActivationState.Creating))
            {
                return;
            }

            _reason = deactivationReason;
            _state = _state == ActivationState.Creating ? ActivationState.CreatingThenDeactivate : ActivationState.DeactivationRequested;
            deactivate = TryBeginDeactivation();
        }

        if (deactivate)
        {
            QueueAction(RunDeactivation);
        }
    }

    /// <summary>Deactivates if nobody uses the grain. Called by the collector.</summary>
    public bool DeactivateIfIdle(long now, TimeSpan age, DeactivationReason reason)
    {
        lock (Gate)
        {
            if (_state != ActivationState.Active || PendingCalls > 0 || now - LastUsed < age.TotalMilliseconds || now < _keepAliveUntil)
            {
                return false;
            }
        }

        Deactivate(reason);
        return true;
    }

    public void DelayDeactivation(TimeSpan time)
    {
        lock (Gate)
        {
            _keepAliveUntil = time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan ? 0
                : time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue ? long.MaxValue
                : Environment.TickCount64 + (long)time.TotalMilliseconds;
        }
    }

    public void AddTimer(IDisposable timer)
    {
        lock (Gate)
        {
            _timers.Add(timer);
        }
    }

    public void RemoveTimer(IDisposable timer)
    {
        lock (Gate)
        {
            _timers.Remove(timer);
        }
    }

    /// <summary>Called under the gate; true: the caller runs the deactivation, once.</summary>
    private bool TryBeginDeactivation()
    {
        if (_state != ActivationState.DeactivationRequested || _running.Count > 0)
        {
            return false;
        }

        _state = ActivationState.Deactivating;
        return true;
    }

    private void RunDeactivation() => _ = DeactivateAsync();

    private async Task DeactivateAsync()
    {
        DisposeTimers();
        using var timeout = new CancellationTokenSource(Silo.Collection.DeactivationTimeout);
        try
        {
            if (GrainInstance is IGrainBase grain)
            {
                // A grain that does not come back from its last turn must not keep its key for ever.
                await grain.OnDeactivateAsync(_reason, timeout.Token).WaitAsync(timeout.Token);
            }

            if (_lifecycle is not null)
            {
                await _lifecycle.StopAsync(timeout.Token);
            }
        }
        catch (Exception exception)
        {
            EngineLog.DeactivationFailed(Silo.Logger, exception, GrainId);
        }

        await EndAsync(null);
    }

    private async Task EndAsync(Exception? failure)
    {
        DisposeTimers();
        await DisposeInstanceAsync();
        // Before it takes no calls any more: nobody who looks for the grain finds one that is gone. What comes meanwhile goes on to the next.
        Silo.Catalog.Remove(this);
        List<GrainCall> left = [];
        lock (Gate)
        {
            _state = ActivationState.Gone;
            while (_waiting.First is { } call)
            {
                Dequeue(call);
                call.State = CallState.Sent;
                left.Add(call);
            }
        }

        _deactivated.TrySetResult();
        foreach (var call in left)
        {
            if (failure is not null)
            {
                call.Fail(failure);
            }
            else
            {
                Silo.Dispatcher.Reroute(call);
            }
        }
    }

    /// <summary>Ends at once, as when the process is killed: the grain hears nothing, callers hear that the silo is gone.</summary>
    public void Abandon()
    {
        DisposeTimers();
        List<GrainCall> left = [];
        lock (Gate)
        {
            _state = ActivationState.Gone;
            while (_waiting.First is { } call)
            {
                Dequeue(call);
                left.Add(call);
            }

            for (var call = _running.First; call is not null; call = call.Next)
            {
                left.Add(call);
            }
        }

        _deactivated.TrySetResult();
        foreach (var call in left)
        {
            call.Fail(new SiloUnavailableException($"Silo {Silo.Address} was killed while it had {call}."));
        }
    }

    private async Task DisposeInstanceAsync()
    {
        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }

            switch (_scope)
            {
                case IAsyncDisposable scope:
                    await scope.DisposeAsync();
                    break;
                default:
                    _scope?.Dispose();
                    break;
            }
        }
        catch (Exception exception)
        {
            EngineLog.DeactivationFailed(Silo.Logger, exception, GrainId);
        }
    }

    private void DisposeTimers()
    {
        IDisposable[] timers;
        lock (Gate)
        {
            timers = [.. _timers];
            _timers.Clear();
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }
}

internal enum ActivationState : byte
{
    Creating,
    CreatingThenDeactivate,
    Active,
    DeactivationRequested,
    Deactivating,
    Gone,
}
